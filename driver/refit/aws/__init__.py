"""The door to AWS."""
