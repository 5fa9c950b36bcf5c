"""The training data in the bucket: coverage, freshness, samples and uploads."""
