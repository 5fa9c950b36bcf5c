"""Executions of the state machine as runs: start, follow, read, approve, roll back."""
