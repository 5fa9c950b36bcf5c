"""The parts of a pipeline file's schema; driver/pipeline.py puts them together."""
