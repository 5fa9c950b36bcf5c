"""The `refit` command: it builds, applies, starts and explains pipelines. See README.md."""
