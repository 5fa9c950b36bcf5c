"""The one way to AWS: clients, what stands around a handler, S3, parameters, the lease."""
