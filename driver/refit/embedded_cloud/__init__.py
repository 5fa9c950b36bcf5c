"""The embedded cloud: AWS on 127.0.0.1, in one process of ours, for development and tests."""
