"""What runs and endpoints cost."""
