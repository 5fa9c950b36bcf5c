"""Runs the terraform binary."""
