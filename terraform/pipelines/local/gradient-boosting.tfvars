# Home prices with a custom algorithm: gradient boosted trees, in AWS's scikit-learn image.
pipeline = "gradient-boosting"
region   = "us-west-2"
schedule = { expression = "rate(1 day)", timezone = "UTC" }

data = {
  prefix      = "data/gradient-boosting/train/"
  feature_dim = 13
}

window = { days = 7, holdout_days = 1, min_days = 2 }

training = {
  image           = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
  source          = "examples/gradient_boosting" # its train.py is the entry point
  hyperparameters = { n_estimators = "300", learning_rate = "0.05", max_depth = "3", subsample = "0.7" }

  metrics = { # as train.py prints them
    "train:mse"      = "train:mse=([0-9.e+-]+)"
    "validation:mse" = "validation:mse=([0-9.e+-]+)"
  }
}

gate  = { metric = "validation:mse", max = 60 } # in $1000s squared: a model above 60 is not deployed
slack = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }

poll_interval_seconds = 1 # an endpoint on the embedded cloud takes seconds
force_destroy         = true
