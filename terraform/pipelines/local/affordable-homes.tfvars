# A binary classifier: is a home worth at most $20,000? The homes are those of home-prices.
pipeline = "affordable-homes"
region   = "us-west-2"
schedule = { expression = "cron(30 6 * * ? *)", timezone = "America/New_York" }

data = {
  prefix      = "data/affordable-homes/train/"
  feature_dim = 13 # the label comes first: 1 if affordable, else 0 (examples/README.md)
}

# The window ends yesterday, because a day's sales are complete only when the day is over in New York.
window   = { days = 14, holdout_days = 2, lag_days = 1, timezone = "America/New_York" }
training = { predictor_type = "binary_classifier", hyperparameters = { mini_batch_size = "30" } }
slack    = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }

poll_interval_seconds = 1
force_destroy         = true
