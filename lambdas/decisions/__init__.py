"""What CheckData decides."""
