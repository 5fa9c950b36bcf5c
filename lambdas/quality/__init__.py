"""Reads the data of a run and decides whether it may be trained on, for CheckQuality."""
