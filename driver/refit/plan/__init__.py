"""What a merge does, and doing it."""
