# The prices of a past fortnight, for comparing models: a pinned window, trained once and served beside the daily model.
pipeline = "home-prices-backfill"
region   = "us-west-2"
schedule = { enabled = false } # these days get no newer; a merge, or refit trigger, starts the run

data = {
  prefix      = "data/home-prices-backfill/train/"
  feature_dim = 13
}

window   = { start = "2026-01-05", end = "2026-01-18", holdout_days = 2, min_days = 14 } # every day, or no model
training = { hyperparameters = { mini_batch_size = "30" } }
slack    = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }

poll_interval_seconds = 1
force_destroy         = true
