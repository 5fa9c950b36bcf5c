"""Parses HCL: bytes to literals with their locations."""
