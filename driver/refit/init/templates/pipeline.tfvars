# @{title}
# Values only: no references, functions or templates. All fields: docs/pipeline-file.md in the repository of Refit.
pipeline = @{pipeline}
region   = @{region}
schedule = { expression = "rate(1 day)", timezone = "UTC" }

# One file a day, <prefix>YYYY-MM-DD.csv, or several, <prefix>YYYY-MM-DD/<any name>.csv. They have no header. The label is
# the first column; feature_dim is the number of columns after it.
data = { prefix = @{prefix}, feature_dim = @{features} }

# Train on the last seven days of data. The newest day with data is kept to measure the model.
window = { days = 7, holdout_days = 1, min_days = 2 }

# Linear Learner predicts a number. Its mini_batch_size must not exceed the number of rows to train on.
training = {
  instance_type       = "ml.m5.xlarge"
  max_runtime_minutes = 60
  hyperparameters     = { mini_batch_size = "100" }
}

endpoint = { instance_type = "ml.m5.large", instance_count = 1 }

# Reject a model whose error is above `max`, or more than 10 % above the error of the model that is live.
# gate = { metric = "validation:mse", max = 60, max_regression = 0.10 }

# Report runs to Slack. The bot's token is kept in this SSM parameter, never in git.
@{slack}
@{local}
