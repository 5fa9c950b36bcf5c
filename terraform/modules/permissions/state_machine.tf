# What the state machine may do beside invoking its Lambdas and delivering its logs: write a run's record and, when it is
# direct, what otherwise the Lambdas do.

locals {
  state_machine = concat(
    [{
      Sid      = "WriteRecords"
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = [for file in concat(["record"], var.approval ? ["approval"] : []) : "${local.runs_arn}*/${file}.json"]
    }],
    [for statement in local.direct : statement if var.direct],
  )

  direct = concat(
    local.read_lease,
    [
      local.train,
      local.stop_training_job,
      {
        # createTrainingJob.sync: https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
        Sid      = "ListTagsOfTrainingJob"
        Effect   = "Allow"
        Action   = "sagemaker:ListTags"
        Resource = local.training_job_arn
      },
      {
        # How Step Functions learns that a training job has ended: it makes this rule, one in an account and region.
        Sid      = "HearOfTrainingJobs"
        Effect   = "Allow"
        Action   = ["events:DescribeRule", "events:PutRule", "events:PutTargets"]
        Resource = "arn:${var.aws.partition}:events:${local.region_and_account}:rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule"
      },
    ],
    local.deploy,
    [local.pass_sagemaker_role, local.move_parameters],
  )
}
