# Home prices with boosted trees: AWS's XGBoost, without a program of your own.
pipeline = "boosted-prices"
region   = "us-west-2"
schedule = { expression = "rate(1 day)", timezone = "UTC" }

data = {
  prefix      = "data/boosted-prices/" # XGBoost's container reads keys with at most two folders
  feature_dim = 13
}

window = { days = 7, holdout_days = 1, min_days = 2 }

training = {
  algorithm = "xgboost"
  hyperparameters = {
    num_round             = "300"
    objective             = "reg:squarederror"
    eta                   = "0.05"
    max_depth             = "4"
    subsample             = "0.7"
    eval_metric           = "rmse"
    early_stopping_rounds = "30"
  }
}

gate  = { metric = "validation:rmse", max = 7, max_regression = 0.2 } # in $1000s
slack = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }

poll_interval_seconds = 1 # an endpoint on the embedded cloud takes seconds
force_destroy         = true
