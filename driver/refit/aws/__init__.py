"""Access to AWS: clients, the names of a stack's resources, executions, the endpoint, holds and logs."""
