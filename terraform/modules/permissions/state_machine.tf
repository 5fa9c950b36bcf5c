# The permissions of the state machine, in addition to those for its functions and logs: it writes the records of runs and,
# with direct orchestration, trains and deploys.

locals {
  events = "arn:${var.aws.partition}:events:${local.region_and_account}"

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
        # Step Functions creates this rule, one per account and region, to be notified when training jobs end.
        Sid      = "ReceiveTrainingJobEvents"
        Effect   = "Allow"
        Action   = ["events:DescribeRule", "events:PutRule", "events:PutTargets"]
        Resource = "${local.events}:rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule"
      },
    ],
    local.deploy,
    [local.pass_sagemaker_role, local.read_parameters, local.write_parameters],
  )
}
