# Home prices move fast: keep the model on the last seven days of sales.
pipeline = "home-prices"
region   = "us-west-2"
schedule = { expression = "rate(1 day)", timezone = "UTC" }

data = {
  prefix      = "data/home-prices/train/" # <prefix>YYYY-MM-DD.csv, or <prefix>YYYY-MM-DD/anything.csv
  feature_dim = 13                        # label first, no header
}

window = { days = 7, holdout_days = 1, min_days = 2 } # or { start = "2026-11-01", end = "2026-11-07" }

training = {
  instance_type       = "ml.m5.xlarge"
  max_runtime_minutes = 60
  hyperparameters     = { mini_batch_size = "30" } # AWS's default is 1000 rows, more than a week of sales
}

# A new model goes live if it is good enough, and not much worse than the live model, on the held-out days.
gate     = { metric = "validation:mse", max = 60, max_regression = 0.25 }
endpoint = { instance_type = "ml.m5.large", instance_count = 1 }
slack    = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }

poll_interval_seconds = 1    # a job on the embedded cloud takes seconds
force_destroy         = true # `refit upload` can restore all data in its bucket
