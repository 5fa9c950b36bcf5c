"""The commands of benchmarks.fidelity.aws_cli, with a part of the expected output after ` => `.

`NAME=` before a command keeps its output for `$NAME` in later ones; `faults` scripts the faults of the embedded cloud.
"""

ROLE = "arn:aws:iam::000000000000:role/cli"
SAGEMAKER = "arn:aws:sagemaker:us-west-2:000000000000"
MACHINE = "arn:aws:states:us-west-2:000000000000:stateMachine:cli"
IMAGE = "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1"
CHANNEL = "ChannelName=train,ContentType=text/csv,DataSource={S3DataSource={S3DataType=S3Prefix,S3Uri=s3://cli/data/}}"
INSTANCES = "InstanceType=ml.m5.large,InstanceCount=1,VolumeSizeInGB=1"
JOB = (
    f"--algorithm-specification TrainingImage={IMAGE},TrainingInputMode=File --role-arn {ROLE} "
    f"--hyper-parameters predictor_type=regressor,mini_batch_size=1 --input-data-config {CHANNEL} "
    f"--output-data-config S3OutputPath=s3://cli/models/ --resource-config {INSTANCES} "
    "--stopping-condition MaxRuntimeInSeconds=3600"
)
PYTHON_IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
CODE = "S3Uri=s3://cli/code/,LocalPath=/opt/ml/processing/input/code,S3DataType=S3Prefix,S3InputMode=File"
REPORT = "S3Uri=s3://cli/report/,LocalPath=/opt/ml/processing/output,S3UploadMode=EndOfJob"
PROCESSING_JOB = (
    f"--role-arn {ROLE} --processing-resources ClusterConfig={{{INSTANCES}}} --processing-inputs "
    f"InputName=code,S3Input={{{CODE}}} "
    f"--processing-output-config Outputs=[{{OutputName=report,S3Output={{{REPORT}}}}}] "
    f"--app-specification ImageUri={PYTHON_IMAGE},ContainerEntrypoint=python3,/opt/ml/processing/input/code/check.py,"
    "ContainerArguments=/opt/ml/processing/output,/opt/ml/output/message"
)
VARIANT = "VariantName=all,ModelName=cli,InstanceType=ml.m5.large,InitialInstanceCount=1"
CONTAINER = f"Image={IMAGE},ModelDataUrl=s3://cli/models/cli/output/model.tar.gz"

COMMANDS = f"""
sts get-caller-identity => 000000000000
s3api create-bucket --bucket cli --create-bucket-configuration LocationConstraint=us-west-2 => /cli
s3 cp day.csv s3://cli/data/day.csv => upload:
s3 ls s3://cli/data/ => day.csv
s3api head-object --bucket cli --key data/day.csv => ETag
s3api list-objects-v2 --bucket cli --prefix data/ --query Contents[].Key => data/day.csv
s3api put-bucket-versioning --bucket cli --versioning-configuration Status=Enabled
s3api get-bucket-versioning --bucket cli => Enabled
s3 cp s3://cli/data/day.csv copy.csv => download:
ssm put-parameter --name /cli/a --type String --value 1 => "Version": 1
ssm get-parameter --name /cli/a --query Parameter.Value => "1"
ssm get-parameters-by-path --path /cli --query Parameters[].Name => /cli/a
ssm delete-parameter --name /cli/a
iam create-role --role-name cli --assume-role-policy-document file://trust.json => {ROLE}
iam put-role-policy --role-name cli --policy-name all --policy-document file://policy.json
iam attach-role-policy --role-name cli --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess
iam get-role-policy --role-name cli --policy-name all => "Effect": "Allow"
iam list-attached-role-policies --role-name cli => AmazonS3ReadOnlyAccess
iam simulate-principal-policy --policy-source-arn {ROLE} --action-names s3:GetObject => allowed
sagemaker create-training-job --training-job-name cli {JOB} --tags Key=a,Value=1 => {SAGEMAKER}:training-job/cli
sagemaker wait training-job-completed-or-stopped --training-job-name cli
sagemaker describe-training-job --training-job-name cli --query TrainingJobStatus => Completed
sagemaker describe-training-job --training-job-name cli --query FinalMetricDataList[].MetricName => train:
sagemaker list-training-jobs --status-equals Completed --query TrainingJobSummaries[].TrainingJobName => cli
faults {{"training": "hang"}}
sagemaker create-training-job --training-job-name stopped {JOB} => training-job/stopped
sagemaker stop-training-job --training-job-name stopped
faults {{}}
sagemaker wait training-job-completed-or-stopped --training-job-name stopped
s3 cp check.py s3://cli/code/check.py => upload:
sagemaker create-processing-job --processing-job-name cli {PROCESSING_JOB} => {SAGEMAKER}:processing-job/cli
sagemaker wait processing-job-completed-or-stopped --processing-job-name cli
sagemaker describe-processing-job --processing-job-name cli --query ExitMessage => 20 rows
s3 cp s3://cli/report/rows.txt - => 20
sagemaker list-processing-jobs --status-equals Completed --query ProcessingJobSummaries[].ProcessingJobName => cli
faults {{"processing": "hang"}}
sagemaker create-processing-job --processing-job-name stopped {PROCESSING_JOB} => processing-job/stopped
sagemaker stop-processing-job --processing-job-name stopped
faults {{}}
sagemaker wait processing-job-completed-or-stopped --processing-job-name stopped
sagemaker describe-processing-job --processing-job-name stopped --query ProcessingJobStatus => Stopped
sagemaker create-model --model-name cli --primary-container {CONTAINER} --execution-role-arn {ROLE} => model/cli
sagemaker describe-model --model-name cli => "Mode": "SingleModel"
sagemaker list-models --name-contains cli --query Models[].ModelName => cli
sagemaker create-endpoint-config --endpoint-config-name one --production-variants {VARIANT} => endpoint-config/one
sagemaker create-endpoint-config --endpoint-config-name two --production-variants {VARIANT} => endpoint-config/two
sagemaker describe-endpoint-config --endpoint-config-name one => "InitialVariantWeight": 1.0
sagemaker list-endpoint-configs --sort-by Name --sort-order Ascending --query EndpointConfigs[0] => "one"
sagemaker create-endpoint --endpoint-name cli --endpoint-config-name one => endpoint/cli
sagemaker wait endpoint-in-service --endpoint-name cli
sagemaker describe-endpoint --endpoint-name cli --query ProductionVariants[].DeployedImages => sha256
sagemaker-runtime invoke-endpoint --endpoint-name cli --content-type text/csv --body fileb://row.csv out.json => "all"
sagemaker update-endpoint --endpoint-name cli --endpoint-config-name two => endpoint/cli
sagemaker wait endpoint-in-service --endpoint-name cli
sagemaker describe-endpoint --endpoint-name cli --query EndpointConfigName => two
sagemaker update-endpoint-weights-and-capacities --endpoint-name cli --desired-weights-and-capacities \
VariantName=all,DesiredWeight=2
sagemaker wait endpoint-in-service --endpoint-name cli
sagemaker list-endpoints --status-equals InService --query Endpoints[].EndpointName => cli
sagemaker add-tags --resource-arn {SAGEMAKER}:endpoint/cli --tags Key=b,Value=2 => "b"
sagemaker list-tags --resource-arn {SAGEMAKER}:endpoint/cli --query Tags[].Key => "b"
sagemaker delete-tags --resource-arn {SAGEMAKER}:endpoint/cli --tag-keys b
sagemaker delete-endpoint --endpoint-name cli
sagemaker wait endpoint-deleted --endpoint-name cli
sagemaker delete-endpoint-config --endpoint-config-name one
sagemaker delete-model --model-name cli
lambda create-function --function-name cli --runtime python3.12 --handler main.handler --role {ROLE} \
--zip-file fileb://function.zip => function:cli
lambda wait function-active-v2 --function-name cli
lambda invoke --function-name cli --payload '{{"a": 1}}' answer.json => "StatusCode": 200
lambda update-function-configuration --function-name cli --timeout 10 => "Timeout": 10
lambda list-functions --query Functions[].FunctionName => cli
lambda delete-function --function-name cli
QUEUE=sqs create-queue --endpoint-url $URL --queue-name cli --query QueueUrl --output text
stepfunctions validate-state-machine-definition --definition file://machine.json => "result": "OK"
stepfunctions create-state-machine --name cli --definition file://machine.json --role-arn {ROLE} => {MACHINE}
stepfunctions describe-state-machine --state-machine-arn {MACHINE} => "status": "ACTIVE"
stepfunctions update-state-machine --state-machine-arn {MACHINE} --role-arn {ROLE} => updateDate
stepfunctions list-state-machines --query stateMachines[].name => cli
stepfunctions list-state-machine-versions --state-machine-arn {MACHINE} => []
stepfunctions tag-resource --resource-arn {MACHINE} --tags key=a,value=1
stepfunctions list-tags-for-resource --resource-arn {MACHINE} --query tags[].key => "a"
stepfunctions untag-resource --resource-arn {MACHINE} --tag-keys a
RUN=stepfunctions start-execution --state-machine-arn {MACHINE} --input '{{"queue": "$QUEUE"}}' --query \
executionArn --output text
TOKEN=sqs receive-message --endpoint-url $URL --queue-url $QUEUE --wait-time-seconds 10 --query \
Messages[0].Body --output text
stepfunctions send-task-heartbeat --task-token $TOKEN
stepfunctions send-task-success --task-token $TOKEN --task-output '{{"done": true}}'
stepfunctions describe-execution --execution-arn $RUN --query status => SUCCEEDED
stepfunctions describe-state-machine-for-execution --execution-arn $RUN => {MACHINE}
stepfunctions get-execution-history --execution-arn $RUN --query events[].type => TaskSubmitted
FAILED=stepfunctions start-execution --state-machine-arn {MACHINE} --input '{{"queue": "$QUEUE"}}' --query \
executionArn --output text
TOKEN=sqs receive-message --endpoint-url $URL --queue-url $QUEUE --wait-time-seconds 10 --query \
Messages[0].Body --output text
stepfunctions send-task-failure --task-token $TOKEN --error Refused --cause because
stepfunctions describe-execution --execution-arn $FAILED --query [status,error,redriveStatus] => "REDRIVABLE"
stepfunctions redrive-execution --execution-arn $FAILED => redriveDate
stepfunctions stop-execution --execution-arn $FAILED => stopDate
stepfunctions list-executions --state-machine-arn {MACHINE} --status-filter ABORTED --query \
executions[].redriveCount => 1
stepfunctions delete-state-machine --state-machine-arn {MACHINE}
logs describe-log-groups --log-group-name-prefix /aws/sagemaker/TrainingJobs => /aws/sagemaker/TrainingJobs
logs filter-log-events --log-group-name /aws/sagemaker/TrainingJobs --log-stream-name-prefix cli/ --query \
events[0] => message
events put-rule --name cli --event-pattern '{{"source": ["cli"]}}' => rule/cli
events put-events --entries '[{{"Source": "cli", "DetailType": "x", "Detail": "{{}}"}}]' => "FailedEntryCount": 0
events delete-rule --name cli
scheduler create-schedule --name cli --schedule-expression 'rate(1 day)' --flexible-time-window Mode=OFF \
--target Arn=arn:aws:sqs:us-west-2:000000000000:cli,RoleArn={ROLE} => schedule/default/cli
scheduler get-schedule --name cli => rate(1 day)
scheduler delete-schedule --name cli
secretsmanager create-secret --name cli --secret-string s => secret:cli
secretsmanager get-secret-value --secret-id cli --query SecretString => "s"
cloudwatch put-metric-alarm --alarm-name cli --namespace n --metric-name m --statistic Sum --period 60 \
--evaluation-periods 1 --threshold 1 --comparison-operator GreaterThanThreshold
cloudwatch describe-alarms --alarm-names cli => GreaterThanThreshold
cloudwatch set-alarm-state --alarm-name cli --state-value ALARM --state-reason test
"""
