"""Plans what a merge does to each pipeline, and starts the runs that it requires."""
