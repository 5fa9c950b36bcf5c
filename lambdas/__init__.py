"""The Lambda functions of a pipeline: one handler a file, most of them a state of the state machine."""
