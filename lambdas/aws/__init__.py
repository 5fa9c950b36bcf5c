"""Access to AWS: clients, the handler decorator, S3 objects, SSM parameters, the lease."""
