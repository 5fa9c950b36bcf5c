"""Compares a new model with the gate's limits and with the live model, for EvaluateModel."""
