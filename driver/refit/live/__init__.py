"""What is deployed: its status, its differences from the pipeline file, and drift."""
