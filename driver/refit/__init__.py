"""The `refit` command: builds, deploys, runs and inspects pipelines. See README.md."""
