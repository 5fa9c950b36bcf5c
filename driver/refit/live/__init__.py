"""What is deployed, compared with the pipeline file."""
