"""Access to AWS: clients, names of a stack, executions, the endpoint, holds and logs."""
