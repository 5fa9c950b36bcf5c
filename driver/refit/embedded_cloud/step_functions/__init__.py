"""Step Functions on the embedded cloud: checks definitions, runs executions and answers the API as AWS does."""
