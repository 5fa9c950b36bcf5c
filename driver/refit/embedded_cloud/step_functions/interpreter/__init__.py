"""Runs a state machine: states, retries, catchers, waits, branches, time limits, and the history of the execution.

It knows neither the network nor the wall clock: tasks and time come in through the protocols `Tasks` and `Clock`.
"""
