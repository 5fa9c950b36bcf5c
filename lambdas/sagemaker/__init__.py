"""What is sent to SageMaker, and what its answers mean."""
