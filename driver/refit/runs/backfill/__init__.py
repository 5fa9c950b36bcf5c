"""Models of windows of the past."""
