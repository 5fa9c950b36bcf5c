"""Rules and words that the driver and the Lambdas share. Pure: standard library only, and nothing else of Refit."""
