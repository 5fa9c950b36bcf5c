"""What several test files use: stand-ins, checkouts, golden files."""
