"""Requests to SageMaker, its error messages, and which of its resources to keep."""
