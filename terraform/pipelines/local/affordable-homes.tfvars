# Is a home worth at most $20,000? The same homes as home-prices, as a yes or no: a binary classifier.
pipeline = "affordable-homes"
region   = "us-west-2"
schedule = { expression = "cron(30 6 * * ? *)", timezone = "America/New_York" }

data = {
  prefix      = "data/affordable-homes/train/"
  feature_dim = 13 # and the label first: 1 for affordable, 0 for not (examples/README.md)
}

# Up to yesterday: a day's sales are whole only when it is over in New York.
window   = { days = 14, holdout_days = 2, lag_days = 1, timezone = "America/New_York" }
training = { predictor_type = "binary_classifier", hyperparameters = { mini_batch_size = "30" } }
slack    = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }

poll_interval_seconds = 1
force_destroy         = true
