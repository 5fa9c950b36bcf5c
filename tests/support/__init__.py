"""Helpers that several test files share: fakes, checkouts, golden files."""
