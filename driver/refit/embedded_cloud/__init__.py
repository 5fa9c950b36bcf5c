"""The embedded cloud: emulates AWS on 127.0.0.1 in one process, for development and tests.

The rest of Refit uses three modules: `client` finds a running cloud, `lifecycle` starts and stops it, and `faults`
scripts its faults.
"""
