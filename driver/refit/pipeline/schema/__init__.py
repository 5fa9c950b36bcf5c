"""The parts of a pipeline file's schema; driver/refit/pipeline/model.py puts them together."""
