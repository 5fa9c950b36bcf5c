"""Estimates the costs of runs and endpoints."""
