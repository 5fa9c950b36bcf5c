"""Runs the terraform binary for one pipeline."""
