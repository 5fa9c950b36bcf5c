"""Saves the state of the embedded cloud: what changed, off the event loop, and never over a state that is damaged.

Each service has a file `state/<service>.json`. What grows with every run (executions, jobs, log events) is saved as
records of its own, `state/<service>/<hash>.json`, which are written once. ministack itself rewrites everything.
"""
