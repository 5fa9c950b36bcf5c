# The fields of a pipeline file. driver/refit/pipeline/model.py has the same schema.

variable "pipeline" {
  description = "The pipeline's name, which is also its file's name and the root of the names of everything on AWS."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.pipeline)) && !strcontains(var.pipeline, "--")
    error_message = "pipeline must be 2 to 32 lower-case letters, digits and single hyphens, and start with a letter, got \"${var.pipeline}\"; write pipeline = \"home-prices\"."
  }
}

variable "region" {
  description = "The AWS region of the stack; null takes AWS_REGION or the profile's region."
  type        = string
  default     = null

  validation {
    condition     = var.region == null || can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be the code of an AWS region; write region = \"us-west-2\"."
  }
}

variable "schedule" {
  description = "When a run starts: an expression of EventBridge Scheduler, its time zone, and whether it fires."
  type = object({
    expression = optional(string, "rate(1 day)")
    timezone   = optional(string, "UTC")
    enabled    = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition = anytrue([for pattern in [
      "^rate\\((1 (minute|hour|day)|([2-9]|[1-9][0-9]+) (minutes|hours|days))\\)$",
      "^cron\\([^ ()]+( [^ ()]+){5}\\)$",
      "^at\\([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\)$",
    ] : can(regex(pattern, var.schedule.expression))])
    error_message = "schedule.expression must be rate(<number> <minutes, hours or days>), cron(<six fields>) or at(<date>T<time>), got \"${var.schedule.expression}\"; write schedule = { expression = \"rate(1 day)\" } or { expression = \"cron(0 6 * * ? *)\" }."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$", var.schedule.timezone))
    error_message = "schedule.timezone must be a name of the IANA time zone database, got \"${var.schedule.timezone}\"; write timezone = \"Europe/Berlin\"."
  }
}

variable "arrival" {
  description = "Whether data that lands starts a run, beside the schedule: for how long no more may land, and how long a run waits at most; null starts none."
  type = object({
    quiet_minutes    = optional(number, 15)
    max_wait_minutes = optional(number, 120)
  })
  default = null

  validation {
    condition     = var.arrival == null ? true : alltrue([for minutes in [var.arrival.quiet_minutes, var.arrival.max_wait_minutes] : minutes >= 1 && minutes <= 1440 && floor(minutes) == minutes])
    error_message = "arrival.quiet_minutes and arrival.max_wait_minutes must be whole numbers from 1 to 1440 (one day); write arrival = { quiet_minutes = 15, max_wait_minutes = 120 }."
  }

  validation {
    condition     = var.arrival == null ? true : var.arrival.max_wait_minutes >= var.arrival.quiet_minutes
    error_message = "arrival.max_wait_minutes must be at least quiet_minutes; write arrival = { quiet_minutes = 15, max_wait_minutes = 120 }."
  }
}

variable "orchestration" {
  description = "Who talks to SageMaker: direct is Step Functions itself, polling are Lambdas that ask again and again."
  type        = string
  default     = "direct"
  nullable    = false

  validation {
    condition     = contains(["direct", "polling"], var.orchestration)
    error_message = "orchestration must be \"direct\" or \"polling\", got \"${var.orchestration}\"; write orchestration = \"direct\"."
  }
}

variable "retrain_on" {
  description = "What a run trains for: data of a newer day alone (new_day), or also data of the window that came late or was corrected (any_change)."
  type        = string
  default     = "new_day"
  nullable    = false

  validation {
    condition     = contains(["new_day", "any_change"], var.retrain_on)
    error_message = "retrain_on must be \"new_day\" or \"any_change\", got \"${var.retrain_on}\"; write retrain_on = \"any_change\"."
  }
}

variable "data" {
  description = "Where the daily data lands in the bucket (one CSV or folder a day), how many features a row has after its label, and from which age in days on it counts as stale."
  type = object({
    prefix           = string
    feature_dim      = number
    stale_after_days = optional(number)
  })
  nullable = false

  validation {
    condition     = endswith(var.data.prefix, "/") && !startswith(var.data.prefix, "/")
    error_message = "data.prefix must end in \"/\" and must not start with one, got \"${var.data.prefix}\"; write prefix = \"data/home-prices/train/\"."
  }

  validation {
    # Anything else could act as a wildcard or a variable in the IAM policies that name the prefix.
    condition     = can(regex("^[A-Za-z0-9!_.'()=/-]*$", var.data.prefix))
    error_message = "data.prefix may hold only letters, digits and ! _ . ' ( ) = / -, got \"${var.data.prefix}\"; write prefix = \"data/home-prices/train/\"."
  }

  validation {
    condition     = !startswith(var.data.prefix, "runs/") && !startswith(var.data.prefix, "models/")
    error_message = "data.prefix must not lie in runs/ or models/, which belong to Refit, got \"${var.data.prefix}\"; write prefix = \"data/home-prices/train/\"."
  }

  validation {
    condition     = var.data.feature_dim >= 1 && var.data.feature_dim <= 10000000 && floor(var.data.feature_dim) == var.data.feature_dim
    error_message = "data.feature_dim must be a whole number from 1 to 10000000, the columns of a row without its label, got ${var.data.feature_dim}; write feature_dim = 13."
  }

  validation {
    condition     = var.data.stale_after_days == null ? true : var.data.stale_after_days >= 1 && var.data.stale_after_days <= 365 && floor(var.data.stale_after_days) == var.data.stale_after_days
    error_message = "data.stale_after_days must be a whole number from 1 to 365; write stale_after_days = 3."
  }

  validation {
    condition     = var.data.stale_after_days == null ? true : var.data.stale_after_days > var.window.lag_days
    error_message = "data.stale_after_days must be above window.lag_days (${var.window.lag_days}), or the data of every run would be stale; write stale_after_days = ${var.window.lag_days + 2}."
  }
}

variable "window" {
  description = "The days to train on: sliding (days) or pinned (start and end, inclusive), and how many of the newest are held out for validation."
  type = object({
    days         = optional(number) # 7, unless start and end are written
    start        = optional(string)
    end          = optional(string)
    holdout_days = optional(number, 0)
    min_days     = optional(number, 1)
    lag_days     = optional(number, 0)
    timezone     = optional(string, "UTC")
  })
  default  = {}
  nullable = false

  validation {
    condition     = (var.window.start == null) == (var.window.end == null)
    error_message = "window.start and window.end belong together; write window = { start = \"2026-11-01\", end = \"2026-11-07\" }."
  }

  validation {
    condition     = var.window.days == null || (var.window.start == null && var.window.end == null)
    error_message = "window is either sliding or pinned; write window = { days = 7 } or { start = \"2026-11-01\", end = \"2026-11-07\" }, not both."
  }

  validation {
    condition     = var.window.days == null ? true : var.window.days >= 1 && var.window.days <= 365 && floor(var.window.days) == var.window.days
    error_message = "window.days must be a whole number from 1 to 365; write window = { days = 7 }."
  }

  validation {
    # timeadd refuses days that no calendar has.
    condition = alltrue([
      for date in [var.window.start, var.window.end] :
      date == null ? true : can(regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", date)) && can(timeadd("${date}T00:00:00Z", "0s"))
    ])
    error_message = "window.start and window.end must be days of the calendar as YYYY-MM-DD; write window = { start = \"2026-11-01\", end = \"2026-11-07\" }."
  }

  validation {
    condition     = try(timecmp("${var.window.start}T00:00:00Z", "${var.window.end}T00:00:00Z") <= 0, true)
    error_message = "window.start must not be after window.end; write window = { start = \"2026-11-01\", end = \"2026-11-07\" }."
  }

  validation {
    condition     = try(timecmp(timeadd("${var.window.start}T00:00:00Z", "${24 * 365}h"), "${var.window.end}T00:00:00Z") >= 0, true)
    error_message = "window must have at most 366 days, the length of a leap year; write window = { start = \"2026-11-01\", end = \"2026-11-07\" }."
  }

  validation {
    condition     = var.window.lag_days == 0 || (var.window.start == null && var.window.end == null)
    error_message = "window.lag_days must not stand beside start and end, which lag behind nothing; write window = { start = \"2026-11-01\", end = \"2026-11-07\" }."
  }

  validation {
    condition = alltrue([
      for number in [var.window.holdout_days, var.window.min_days - 1, var.window.lag_days] : number >= 0 && number <= 365 && floor(number) == number
    ])
    error_message = "window.holdout_days and window.lag_days must be whole numbers from 0 to 365, and window.min_days from 1 to 366; write window = { days = 7, holdout_days = 1, min_days = 2, lag_days = 0 }."
  }

  validation {
    # The last day that may be held out (and the last that min_days asks for) is still in the window.
    condition = (
      var.window.start == null || var.window.end == null
      ? max(var.window.holdout_days + 1, var.window.min_days) <= (var.window.days == null ? 7 : var.window.days)
      : try(timecmp(timeadd("${var.window.start}T00:00:00Z", "${24 * (max(var.window.holdout_days + 1, var.window.min_days) - 1)}h"), "${var.window.end}T00:00:00Z") <= 0, true)
    )
    error_message = "window must have more days than holdout_days and at least min_days; write window = { days = 7, holdout_days = 1, min_days = 2 }."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$", var.window.timezone))
    error_message = "window.timezone must be a name of the IANA time zone database, got \"${var.window.timezone}\"; write timezone = \"Europe/Berlin\"."
  }
}

variable "training" {
  description = "The training job: its image (null takes AWS's Linear Learner), kind of prediction, instances, time limit and hyperparameters; the code, further input channels and metrics of an own algorithm."
  type = object({
    image               = optional(string)
    predictor_type      = optional(string, "regressor")
    instance_type       = optional(string, "ml.m5.xlarge")
    instance_count      = optional(number, 1)
    volume_gb           = optional(number, 10)
    max_runtime_minutes = optional(number, 60)
    hyperparameters     = optional(map(string), {})
    source              = optional(string)
    entry_point         = optional(string, "train.py")
    channels            = optional(map(string), {})
    metrics             = optional(map(string), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.training.image == null || can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.[a-z0-9.]+/[a-z0-9._/-]+(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$", var.training.image))
    error_message = "training.image must be an image in Amazon ECR with its tag or digest; write image = \"123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model:1\"."
  }

  validation {
    condition     = contains(["regressor", "binary_classifier", "multiclass_classifier"], var.training.predictor_type)
    error_message = "training.predictor_type must be \"regressor\", \"binary_classifier\" or \"multiclass_classifier\", got \"${var.training.predictor_type}\"; write predictor_type = \"regressor\"."
  }

  validation {
    condition     = can(regex("^ml\\.[a-z0-9-]+\\.[a-z0-9-]+$", var.training.instance_type))
    error_message = "training.instance_type must be an instance type of SageMaker, got \"${var.training.instance_type}\"; write instance_type = \"ml.m5.xlarge\"."
  }

  validation {
    condition     = var.training.instance_count >= 1 && var.training.instance_count <= 100 && floor(var.training.instance_count) == var.training.instance_count
    error_message = "training.instance_count must be a whole number from 1 to 100, got ${var.training.instance_count}; write instance_count = 1."
  }

  validation {
    condition     = var.training.volume_gb >= 1 && var.training.volume_gb <= 16384 && floor(var.training.volume_gb) == var.training.volume_gb
    error_message = "training.volume_gb must be a whole number from 1 to 16384, got ${var.training.volume_gb}; write volume_gb = 10."
  }

  validation {
    condition     = var.training.max_runtime_minutes >= 1 && var.training.max_runtime_minutes <= 40320 && floor(var.training.max_runtime_minutes) == var.training.max_runtime_minutes
    error_message = "training.max_runtime_minutes must be a whole number from 1 to 40320 (28 days), got ${var.training.max_runtime_minutes}; write max_runtime_minutes = 60."
  }

  validation {
    # An image is Linear Learner's by the last part of its repository; local.own_image would be a cycle in this variable.
    condition     = !can(regex("/linear-learner[:@]", coalesce(var.training.image, "/linear-learner:"))) || (!contains(keys(var.training.hyperparameters), "feature_dim") && !contains(keys(var.training.hyperparameters), "predictor_type"))
    error_message = "training.hyperparameters must not hold feature_dim or predictor_type, which have fields of their own; write data = { feature_dim = 13 } and training = { predictor_type = \"regressor\" }."
  }

  validation {
    condition     = length(var.training.hyperparameters) <= 98 && alltrue([for name, value in var.training.hyperparameters : length(name) <= 256 && length(value) <= 2500])
    error_message = "training.hyperparameters may hold at most 98 entries, with names of at most 256 and values of at most 2500 characters; write hyperparameters = { epochs = \"15\" }."
  }

  validation {
    condition     = can(regex("/linear-learner[:@]", coalesce(var.training.image, "/linear-learner:"))) || var.training.predictor_type == "regressor"
    error_message = "training.predictor_type does nothing with an image that is not Linear Learner's; remove it."
  }

  validation {
    # https://docs.aws.amazon.com/sagemaker/latest/dg/ll_hyperparameters.html
    condition = (
      !can(regex("/linear-learner[:@]", coalesce(var.training.image, "/linear-learner:"))) ? true :
      var.training.predictor_type != "multiclass_classifier" ? !contains(keys(var.training.hyperparameters), "num_classes") :
      try(can(regex("^[1-9][0-9]*$", var.training.hyperparameters.num_classes)) && tonumber(var.training.hyperparameters.num_classes) >= 3 && tonumber(var.training.hyperparameters.num_classes) <= 1000000, false)
    )
    error_message = "training.hyperparameters must hold num_classes, a whole number from 3 to 1000000, with a multiclass_classifier and with no other; write training = { predictor_type = \"multiclass_classifier\", hyperparameters = { num_classes = \"3\" } }."
  }

  validation {
    # https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner.html
    condition     = !can(regex("/linear-learner[:@]", coalesce(var.training.image, "/linear-learner:"))) || (var.training.source == null && length(var.training.metrics) == 0 && length(setsubtract(keys(var.training.channels), ["test"])) == 0)
    error_message = "training.source, training.metrics and channels other than test are nothing to Linear Learner; write image = \"123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model:1\" beside them."
  }

  validation {
    condition     = var.training.source != null || var.training.entry_point == "train.py"
    error_message = "training.entry_point does nothing without source; write source = \"algorithms/my-model\" beside it."
  }

  validation {
    condition     = var.training.source == null || (!contains(keys(var.training.hyperparameters), "sagemaker_program") && !contains(keys(var.training.hyperparameters), "sagemaker_submit_directory"))
    error_message = "training.hyperparameters must not hold sagemaker_program or sagemaker_submit_directory beside source, of which Refit makes them; remove them."
  }

  validation {
    condition = var.training.source == null ? true : can(regex("^[A-Za-z0-9_.-][A-Za-z0-9_./-]{0,254}$", var.training.source)) && alltrue([
      for part in split("/", trimsuffix(var.training.source, "/")) : !contains(["", ".", ".."], part)
    ])
    error_message = "training.source must be a folder of the repository, without .. and without / at its beginning; write source = \"algorithms/my-model\"."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,250}\\.py$", var.training.entry_point))
    error_message = "training.entry_point must be the name of a Python file in the folder source, got \"${var.training.entry_point}\"; write entry_point = \"train.py\"."
  }

  validation {
    # SageMaker takes 20, and train and validation are two of them.
    condition = length(var.training.channels) <= 18 && alltrue([for name, prefix in var.training.channels :
      can(regex("^[A-Za-z0-9_.-]{1,64}$", name)) && !contains(["train", "validation"], name) &&
      can(regex("^[A-Za-z0-9!_.'()=-][A-Za-z0-9!_.'()=/-]*/$", prefix))
    ])
    error_message = "training.channels must be at most 18, none of them train or validation, each with a folder of the bucket that ends in \"/\"; write channels = { test = \"data/home-prices/test/\" }."
  }

  validation {
    condition = length(var.training.metrics) <= 40 && alltrue([for name, pattern in var.training.metrics :
      can(regex("^[A-Za-z0-9_.:/@-]{1,255}$", name)) && length(pattern) >= 1 && length(pattern) <= 500
    ])
    error_message = "training.metrics must be at most 40 metrics, each with a regular expression of at most 500 characters with one group; write metrics = { \"validation:mse\" = \"mse=([0-9.]+)\" }."
  }
}

locals {
  own_image = var.training.image == null ? false : !can(regex("/linear-learner[:@]", var.training.image))
}

variable "endpoint" {
  description = "The endpoint that serves the model: its name (null takes the pipeline's), instances, how long a deployment may take, how a new model takes over the traffic, and how many versions stay."
  type = object({
    name            = optional(string)
    instance_type   = optional(string, "ml.m5.large")
    instance_count  = optional(number, 1)
    timeout_minutes = optional(number, 60)
    deployment = optional(object({
      strategy                 = optional(string, "all-at-once")
      batch_percent            = optional(number, 25)
      wait_seconds             = optional(number, 300)
      termination_wait_seconds = optional(number, 0)
      timeout_minutes          = optional(number)
      alarms                   = optional(list(string), [])
    }), {})
    keep = optional(number, 5)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.endpoint.name == null || can(regex("^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$", var.endpoint.name))
    error_message = "endpoint.name must be 1 to 63 letters, digits and hyphens, and neither start nor end with a hyphen; write name = \"home-prices\"."
  }

  validation {
    condition     = can(regex("^ml\\.[a-z0-9-]+\\.[a-z0-9-]+$", var.endpoint.instance_type))
    error_message = "endpoint.instance_type must be an instance type of SageMaker, got \"${var.endpoint.instance_type}\"; write instance_type = \"ml.m5.large\"."
  }

  validation {
    condition     = var.endpoint.instance_count >= 1 && var.endpoint.instance_count <= 100 && floor(var.endpoint.instance_count) == var.endpoint.instance_count
    error_message = "endpoint.instance_count must be a whole number from 1 to 100, got ${var.endpoint.instance_count}; write instance_count = 2."
  }

  validation {
    condition     = var.endpoint.timeout_minutes >= 1 && var.endpoint.timeout_minutes <= 1440 && floor(var.endpoint.timeout_minutes) == var.endpoint.timeout_minutes
    error_message = "endpoint.timeout_minutes must be a whole number from 1 to 1440 (one day), got ${var.endpoint.timeout_minutes}; write timeout_minutes = 60."
  }

  validation {
    condition     = var.endpoint.keep >= 2 && var.endpoint.keep <= 100 && floor(var.endpoint.keep) == var.endpoint.keep
    error_message = "endpoint.keep must be a whole number from 2 to 100, got ${var.endpoint.keep}; write keep = 5."
  }

  validation {
    condition     = contains(["all-at-once", "canary", "linear", "rolling"], var.endpoint.deployment.strategy)
    error_message = "endpoint.deployment.strategy must be \"all-at-once\", \"canary\", \"linear\" or \"rolling\", got \"${var.endpoint.deployment.strategy}\"; write deployment = { strategy = \"canary\" }."
  }

  validation {
    condition = (
      var.endpoint.deployment.batch_percent >= (var.endpoint.deployment.strategy == "linear" ? 10 : 5) &&
      var.endpoint.deployment.batch_percent <= 50 && floor(var.endpoint.deployment.batch_percent) == var.endpoint.deployment.batch_percent
    )
    error_message = "endpoint.deployment.batch_percent must be a whole number from 5 (linear: 10) to 50, got ${var.endpoint.deployment.batch_percent}; write batch_percent = 25."
  }

  validation {
    condition = alltrue([
      for seconds in [var.endpoint.deployment.wait_seconds, var.endpoint.deployment.termination_wait_seconds] : seconds >= 0 && seconds <= 3600 && floor(seconds) == seconds
    ])
    error_message = "endpoint.deployment.wait_seconds and termination_wait_seconds must be whole numbers from 0 to 3600; write deployment = { strategy = \"canary\", wait_seconds = 300, termination_wait_seconds = 120 }."
  }

  validation {
    condition     = var.endpoint.deployment.timeout_minutes == null ? true : var.endpoint.deployment.timeout_minutes >= 10 && var.endpoint.deployment.timeout_minutes <= 480 && floor(var.endpoint.deployment.timeout_minutes) == var.endpoint.deployment.timeout_minutes
    error_message = "endpoint.deployment.timeout_minutes must be a whole number from 10 to 480 (eight hours); write timeout_minutes = 30."
  }

  validation {
    # Anything else could act as a wildcard or a variable in the IAM policies that name the alarms.
    condition     = length(var.endpoint.deployment.alarms) <= 10 && alltrue([for name in var.endpoint.deployment.alarms : can(regex("^[\\p{L}\\p{N} _.:/#()=+@,-]{1,255}$", name)) && trimspace(name) == name])
    error_message = "endpoint.deployment.alarms must be at most ten names of CloudWatch alarms, without wildcards; write alarms = [\"my-endpoint-errors\"]."
  }

  validation {
    condition     = var.endpoint.deployment.strategy != "all-at-once" || (length(var.endpoint.deployment.alarms) == 0 && var.endpoint.deployment.timeout_minutes == null && var.endpoint.deployment.termination_wait_seconds == 0)
    error_message = "endpoint.deployment.alarms, timeout_minutes and termination_wait_seconds do nothing with the strategy all-at-once; write deployment = { strategy = \"canary\" }."
  }

  validation {
    condition     = var.endpoint.deployment.strategy != "rolling" || var.endpoint.deployment.termination_wait_seconds == 0
    error_message = "endpoint.deployment.termination_wait_seconds does nothing with the strategy rolling; remove it."
  }

  validation {
    # SageMaker moves at most half of the instances at a time, and a part of an instance counts as one.
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html
    condition     = var.endpoint.deployment.strategy == "all-at-once" || ceil(var.endpoint.instance_count * var.endpoint.deployment.batch_percent / 100) <= floor(var.endpoint.instance_count / 2)
    error_message = "endpoint.deployment.batch_percent must be at most half of the instances (${var.endpoint.instance_count}), got ${var.endpoint.deployment.batch_percent}; write instance_count = 4, deployment = { strategy = \"canary\", batch_percent = 25 }."
  }

  validation {
    # Counted as in driver/refit/pipeline/schema/deployment.py.
    condition = var.endpoint.deployment.strategy == "all-at-once" || alltrue([
      for minutes in [var.endpoint.timeout_minutes, var.endpoint.deployment.timeout_minutes] : minutes == null ? true : (
        60 * minutes > var.endpoint.deployment.termination_wait_seconds + var.endpoint.deployment.wait_seconds *
        (var.endpoint.deployment.strategy == "canary" ? 1 : ceil(100 / max(1, var.endpoint.deployment.batch_percent)))
      )
    ])
    error_message = "endpoint.timeout_minutes and endpoint.deployment.timeout_minutes must be more than the deployment waits: wait_seconds once for a canary, otherwise after each batch, and termination_wait_seconds; write a greater timeout_minutes, or wait less."
  }
}

variable "gate" {
  description = "What a newly trained model must reach before it is deployed: a limit of its metric (max or min), and by which share it may be worse than the live model's; null deploys every one."
  type = object({
    metric            = string
    max               = optional(number)
    min               = optional(number)
    max_regression    = optional(number)
    sample_rows       = optional(number, 1000)
    advance_on_reject = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.gate == null ? true : can(regex("^[A-Za-z0-9_.:/@-]{1,255}$", var.gate.metric))
    error_message = "gate.metric must be the name of a metric; write gate = { metric = \"validation:mse\", max = 60 }."
  }

  validation {
    condition     = var.gate == null ? true : var.gate.max_regression == null ? true : var.gate.max_regression >= 0
    error_message = "gate.max_regression must be 0 or more; write max_regression = 0.10 for ten percent."
  }

  validation {
    condition     = var.gate == null ? true : var.gate.sample_rows >= 10 && var.gate.sample_rows <= 10000 && floor(var.gate.sample_rows) == var.gate.sample_rows
    error_message = "gate.sample_rows must be a whole number from 10 to 10000; write sample_rows = 1000."
  }

  validation {
    condition     = var.gate == null ? true : var.gate.max != null || var.gate.min != null || var.gate.max_regression != null
    error_message = "gate must have a limit: max, min or max_regression; write gate = { metric = \"validation:mse\", max = 60, max_regression = 0.10 }."
  }

  validation {
    condition     = var.gate == null ? true : var.gate.max == null || var.gate.min == null
    error_message = "gate.max and gate.min must not stand together; write gate = { metric = \"validation:mse\", max = 60 } if less is better, min if more is."
  }

  validation {
    condition     = var.gate == null ? true : var.gate.max == null || !can(regex("(^|:)(binary_classification_accuracy|multiclass_accuracy|accuracy)$", var.gate.metric))
    error_message = "gate.max would reject what is good, because more is better of this metric; write min in its place."
  }

  validation {
    condition     = var.gate == null ? true : var.gate.min == null || !can(regex("(^|:)(mse|rmse|absolute_loss|mae)$", var.gate.metric))
    error_message = "gate.min would reject what is good, because less is better of this metric; write max in its place."
  }

  validation {
    condition     = var.gate == null ? true : var.gate.max_regression == null || can(regex("^validation:(.*:)?(mse|rmse|absolute_loss|mae|binary_classification_accuracy|multiclass_accuracy|accuracy)$", var.gate.metric))
    error_message = "gate.max_regression needs a metric of the holdout that follows from predictions; write metric = \"validation:mse\", or rmse, absolute_loss, mae, binary_classification_accuracy, multiclass_accuracy, accuracy."
  }

  validation {
    condition     = var.gate == null ? true : var.gate.max_regression == null ? true : var.gate.max_regression < 1 || !can(regex(":(binary_classification_accuracy|multiclass_accuracy|accuracy)$", var.gate.metric))
    error_message = "gate.max_regression must be below 1 where more is better, or no model would be rejected; write max_regression = 0.10 for ten percent."
  }

  validation {
    condition     = var.gate == null ? true : var.gate.max_regression != null || var.gate.sample_rows == 1000
    error_message = "gate.sample_rows does nothing without max_regression; remove it, or write max_regression = 0.10."
  }

  validation {
    condition     = var.gate == null ? true : !startswith(var.gate.metric, "validation:") || var.window.holdout_days >= 1
    error_message = "gate.metric is measured on the holdout, and window.holdout_days is 0; write window = { days = 7, holdout_days = 1 }."
  }

  validation {
    # What Linear Learner reports of one predictor_type alone.
    # https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner-tuning.html
    condition = var.gate == null || local.own_image ? true : alltrue([
      for predictor_type, metrics in {
        regressor             = "absolute_loss|mse"
        binary_classifier     = "binary_classification_accuracy|binary_f_beta|precision|recall|roc_auc_score"
        multiclass_classifier = "multiclass_accuracy|multiclass_top_k_accuracy|dcg|macro_f_beta|macro_precision|macro_recall"
      } : predictor_type == var.training.predictor_type || !can(regex("(^|:)(${metrics})$", var.gate.metric))
    ])
    error_message = "gate.metric is not reported of a ${var.training.predictor_type}; write a metric of this predictor_type."
  }

  validation {
    condition     = var.gate == null || length(var.training.metrics) == 0 ? true : contains(keys(var.training.metrics), var.gate.metric)
    error_message = "gate.metric must be one of training.metrics, which are all that the job reports; write one of their names."
  }
}

variable "approval" {
  description = "Whether a person must agree before a new model is deployed, and after how many minutes without an answer it counts as rejected; null asks nobody."
  type        = object({ timeout_minutes = optional(number, 1440) })
  default     = null

  validation {
    condition     = var.approval == null ? true : var.approval.timeout_minutes >= 1 && var.approval.timeout_minutes <= 10080 && floor(var.approval.timeout_minutes) == var.approval.timeout_minutes
    error_message = "approval.timeout_minutes must be a whole number from 1 to 10080 (a week); write approval = { timeout_minutes = 1440 }."
  }
}

variable "slack" {
  description = "The Slack channel that runs report to, and where the bot's token is kept (an SSM SecureString or a secret in Secrets Manager, under the default key of either); null says nothing."
  type = object({
    channel         = string
    token_parameter = optional(string)
    token_secret    = optional(string)
  })
  default = null

  validation {
    condition     = var.slack == null ? true : can(regex("^(#?[\\p{Ll}\\p{Lo}\\p{N}_-]{1,80}|[CG][A-Z0-9]{8,20})$", var.slack.channel))
    error_message = "slack.channel must be the name of a channel in lower-case letters, or its ID; write slack = { channel = \"ml-deployments\", token_parameter = \"/refit/slack-token\" }."
  }

  validation {
    condition     = var.slack == null ? true : (var.slack.token_parameter == null) != (var.slack.token_secret == null)
    error_message = "slack must have exactly one of token_parameter and token_secret; write slack = { channel = \"ml-deployments\", token_parameter = \"/refit/slack-token\" }."
  }

  validation {
    condition     = var.slack == null ? true : var.slack.token_parameter == null || can(regex("^/[A-Za-z0-9_./-]+$", var.slack.token_parameter))
    error_message = "slack.token_parameter must be the full name of an SSM parameter, which starts with \"/\"; write token_parameter = \"/refit/slack-token\"."
  }

  validation {
    condition     = var.slack == null ? true : var.slack.token_secret == null || can(regex("^(arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:)?[A-Za-z0-9/_+=.@-]+$", var.slack.token_secret))
    error_message = "slack.token_secret must be the name or the ARN of a secret in Secrets Manager; write token_secret = \"refit/slack-token\"."
  }
}

variable "alarms" {
  description = "Who is told of failed runs: the ARNs of SNS topics, or of anything else that a CloudWatch alarm can act on."
  type        = object({ actions = optional(list(string), []) })
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.alarms.actions) <= 5 && alltrue([for action in var.alarms.actions : can(regex("^arn:[a-z-]+:[a-z0-9-]+:", action))])
    error_message = "alarms.actions must be at most five ARNs; write alarms = { actions = [\"arn:aws:sns:us-west-2:123456789012:ml-alerts\"] }."
  }
}

locals {
  # The state machine's TimeoutSeconds, counted as in driver/refit/pipeline/schema/run_duration.py: the training job, the deployment, a
  # person's approval, an hour for SageMaker to find instances, and twice the wait for an endpoint that somebody else changes.
  longest_run_seconds = local.longest_polls_seconds + (var.approval == null ? 0 : 60 * var.approval.timeout_minutes)

  # While a person is asked, nobody polls.
  longest_polls_seconds = (
    60 * (var.training.max_runtime_minutes + var.endpoint.timeout_minutes + 60) +
    2 * 30 * (min(2 * var.endpoint.timeout_minutes, 240) + 5)
  )
}

variable "retention" {
  description = "After how many days S3 deletes the files of runs and the models, also of a model that still serves; null keeps everything."
  type = object({
    run_days   = number
    model_days = number
  })
  default = null

  validation {
    condition     = var.retention == null ? true : alltrue([for days in [var.retention.run_days, var.retention.model_days] : days >= 1 && days <= 36500 && floor(days) == days])
    error_message = "retention.run_days and retention.model_days must be whole numbers from 1 to 36500; write retention = { run_days = 90, model_days = 365 }."
  }

  validation {
    # A run needs its lease and its manifests until it ends; a day more.
    condition     = var.retention == null ? true : var.retention.run_days >= ceil(local.longest_run_seconds / 86400) + 1
    error_message = "retention.run_days is too short for runs of up to ${floor(local.longest_run_seconds / 60)} minutes; write run_days = ${ceil(local.longest_run_seconds / 86400) + 1}."
  }
}

variable "poll_interval_seconds" {
  description = "How long a run waits before it asks again whether the training job or the endpoint is ready."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.poll_interval_seconds >= 1 && var.poll_interval_seconds <= 3600 && floor(var.poll_interval_seconds) == var.poll_interval_seconds
    error_message = "poll_interval_seconds must be a whole number from 1 to 3600, got ${var.poll_interval_seconds}; write poll_interval_seconds = 60."
  }

  validation {
    # 2,500 polls of nine events each, of the 25,000 after which AWS ends a run; the rest are for the waits and the retries.
    # https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
    condition     = var.orchestration == "direct" || var.embedded_cloud || 2500 * var.poll_interval_seconds >= local.longest_polls_seconds
    error_message = "poll_interval_seconds is too small for ${floor(local.longest_polls_seconds / 60)} minutes of polls; write poll_interval_seconds = ${ceil(local.longest_polls_seconds / 2500)}."
  }
}

variable "bucket" {
  description = "The name of the bucket to make; null takes <pipeline>-<account>-<region>."
  type        = string
  default     = null

  validation {
    # No dots: a certificate for *.s3.amazonaws.com does not cover them.
    condition     = var.bucket == null || can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket must be 3 to 63 lower-case letters, digits and hyphens, and neither start nor end with a hyphen; write bucket = \"my-company-home-prices\"."
  }
}

variable "sagemaker_role_arn" {
  description = "The ARN of an existing role for training and serving; null makes one with no more rights than they need."
  type        = string
  default     = null

  validation {
    condition     = var.sagemaker_role_arn == null || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$", var.sagemaker_role_arn))
    error_message = "sagemaker_role_arn must be the ARN of an IAM role; write sagemaker_role_arn = \"arn:aws:iam::123456789012:role/my-sagemaker-role\"."
  }
}

variable "log_retention_days" {
  description = "How many days CloudWatch keeps the logs of the Lambdas and of the state machine."
  type        = number
  default     = 30
  nullable    = false

  validation {
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653, got ${var.log_retention_days}; write log_retention_days = 30."
  }
}

variable "force_destroy" {
  description = "Whether destroying the stack also deletes a bucket that still holds data and models."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags for everything in the stack, beside refit:pipeline and refit:environment."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = !anytrue([for name in keys(var.tags) : startswith(lower(name), "aws:") || startswith(lower(name), "refit:")])
    error_message = "tags must not start with \"aws:\" or \"refit:\"; write tags = { team = \"pricing\" }."
  }

  validation {
    # AWS allows 50 on a resource; ten are left to Refit and to AWS Organizations' policies.
    condition = length(var.tags) <= 40 && alltrue([for name, value in var.tags :
      can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,128}$", name)) && can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{0,256}$", value))
    ])
    error_message = "tags may hold at most 40 entries, with names of 1 to 128 and values of at most 256 letters, digits, spaces and _ . : / = + - @; write tags = { team = \"pricing\" }."
  }
}
