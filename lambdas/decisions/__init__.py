"""CheckData's decisions: retrain, redeploy, roll back, or do nothing."""
