# @{title}
# Only literal values: no references, functions or templates. All fields: docs/pipeline-file.md in Refit's repository.
pipeline = @{pipeline}
region   = @{region}
@{schedule}

# One file per day, <prefix>YYYY-MM-DD.csv, or several, <prefix>YYYY-MM-DD/<any name>.csv, without a header. The label is
# the first column; feature_dim is the number of columns after it.
data = { prefix = @{prefix}, feature_dim = @{features} }

# Train on the last seven days of data. The newest day with data is held out to validate the model.
window = { days = 7, holdout_days = 1, min_days = 2 }

# Linear Learner predicts a number. Its mini_batch_size must not exceed the number of rows to train on.
training = {
  instance_type       = "ml.m5.xlarge"
  max_runtime_minutes = 60
  hyperparameters     = { mini_batch_size = "100" }
}

endpoint = { instance_type = "ml.m5.large", instance_count = 1 }

# Reject a model whose error is above `max`, or more than 10 % above the error of the live model.
# gate = { metric = "validation:mse", max = 60, max_regression = 0.10 }

# Report runs to Slack. The bot's token is kept in this SSM parameter, never in git.
@{slack}
@{local}
