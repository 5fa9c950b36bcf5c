# The prices of two past weeks, for comparing models: a pinned window, trained once and served alongside the daily model.
pipeline = "home-prices-backfill"
region   = "us-west-2"
schedule = { enabled = false } # no newer data is expected; a merge or `refit trigger` starts the run

data = {
  prefix      = "data/home-prices-backfill/train/"
  feature_dim = 13
}

window   = { start = "2026-01-05", end = "2026-01-18", holdout_days = 2, min_days = 14 } # all days must have data
training = { hyperparameters = { mini_batch_size = "30" } }
slack    = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }

poll_interval_seconds = 1
force_destroy         = true
