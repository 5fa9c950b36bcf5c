"""What the bucket holds, and what goes into it."""
