"""The Lambda functions of a pipeline: one handler per file, most of which implement a state of the state machine."""
