"""The Lambda functions of a pipeline's state machine: one state, one handler, one file."""
