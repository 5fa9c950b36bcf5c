"""The sections of a pipeline file's schema; driver/refit/pipeline/model.py assembles them."""
