"""HCL: bytes to literals with their places."""
