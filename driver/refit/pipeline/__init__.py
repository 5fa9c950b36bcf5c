"""Parses and validates pipeline files."""
