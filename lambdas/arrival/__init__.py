"""Plans the run that starts when new data has arrived."""
