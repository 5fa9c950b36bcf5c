"""Evaluates what a state says about its data: paths, templates, intrinsic functions, choice rules and JSONata.

Pure functions: no threads, no clock, no network.
"""
