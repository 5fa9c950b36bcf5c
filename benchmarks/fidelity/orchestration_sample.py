"""AWS's sample "Serverless SageMaker Orchestration": its Lambda functions, roles and graph, as its template says.

Two things differ from a deployment by SAM: the runtime, because AWS no longer creates functions of python3.6, and the
rule of its schedule, which is not created. The user's parameters are the template's own, and Slack is off.
"""

from __future__ import annotations

import io
import json
import random
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.fidelity import sam_template, world
from benchmarks.fidelity.refusals.refusal import ACCOUNT, REGION
from benchmarks.fidelity.suite import Case, compared, folder_of

NAME = "orchestration_sample"
HOW = (
    "a checkout of a copy of aws-samples/serverless-sagemaker-orchestration: "
    "git clone https://github.com/vishalaxi-tandel/serverless-sagemaker-orchestration"
)
TEMPLATE = "cloudformation/continuous_sagemaker.serverless.yaml"
MACHINE, ROLE, RUNTIME = "SageMakerStateMachine", "SageMakerExecutionRole", "python3.12"
USER = {ROLE: f"arn:aws:iam::{ACCOUNT}:role/{ROLE}", "EnableSlack": "false", "SlackAccessToken": "", "SlackChannel": ""}
MANAGED = "arn:aws:iam::aws:policy/"
SECONDS = 400
"""The limit for a run; the graph waits 60 seconds before each look at a status."""
NO_NEW_DATA = ["CheckData", "CheckDataBranch", "NoNewData"]
DEPLOYED = ["DeployModel", "GetStatus", "DeploymentCompleted", "UpdateParameters"]


def run() -> Iterator[Case]:
    sample = _Sample(folder_of("ORCHESTRATION_SAMPLE", HOW))
    with world.embedded_cloud() as cloud:
        for service in ("iam", "s3", "ssm", "lambda", "stepfunctions", "sagemaker-runtime"):
            sample.clients[service] = world.client(cloud, service)
        yield compared("its functions, roles and state machine are created", sample.deploy)
        yield compared("a run without data ends in NoNewData", lambda: sample.runs(NO_NEW_DATA, []))
        yield compared("data of today is uploaded", sample.upload)
        yield compared("a run with new data trains and deploys", lambda: sample.runs([], DEPLOYED))
        yield compared("the parameter has the day of the data", sample.remembers)
        yield compared("the endpoint predicts", sample.predicts)
        yield compared("the next run ends in NoNewData", lambda: sample.runs(NO_NEW_DATA, []))


class _Sample:
    """The sample on one cloud. Each method returns the difference from AWS."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clients: dict[str, Any] = {}
        self.text = (folder / TEMPLATE).read_text()
        parameters = sam_template.load(self.text, lambda name: "")["Parameters"]
        defaults = {name: str(each["Default"]) for name, each in parameters.items() if "Default" in each}
        self.parameters = {**defaults, **USER, "AWS::Region": REGION, "AWS::AccountId": ACCOUNT}
        self.prefix, self.features = defaults["ModelPrefix"], int(defaults["FeatureDimension"])
        self.parameters["SSMParameter"] = f"/models/{self.prefix}/train/latest"
        self.resources = sam_template.load(self.text, self._value)["Resources"]
        self.today = str(datetime.now(UTC).date())

    def _value(self, name: str) -> str:
        resource = name.removesuffix(".Arn")
        if resource.endswith("Function"):
            return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{resource}"
        if resource.endswith("Role") and resource != ROLE:
            return f"arn:aws:iam::{ACCOUNT}:role/{resource}"
        return self.parameters.get(name, name)

    def deploy(self) -> None:
        self._role(ROLE, world.trust("sagemaker.amazonaws.com"), ["AmazonSageMakerFullAccess"])
        for name, resource in self.resources.items():
            properties = resource["Properties"]
            match resource["Type"]:
                case "AWS::S3::Bucket":
                    place = {"LocationConstraint": REGION}
                    self.clients["s3"].create_bucket(Bucket=properties["BucketName"], CreateBucketConfiguration=place)
                case "AWS::SSM::Parameter":
                    self.clients["ssm"].put_parameter(**{**properties, "Value": str(properties["Value"])})
                case "AWS::IAM::Role":
                    policies = [policy["PolicyDocument"] for policy in properties["Policies"]]
                    self._role(name, json.dumps(properties["AssumeRolePolicyDocument"]), policies)
                case "AWS::Serverless::Function":
                    self._function(name, properties)
        machine = self.resources[MACHINE]["Properties"]
        self.clients["stepfunctions"].create_state_machine(
            name=MACHINE, definition=machine["DefinitionString"], roleArn=machine["RoleArn"]
        )

    def _role(self, name: str, trust: str, policies: list[Any]) -> None:
        self.clients["iam"].create_role(RoleName=name, AssumeRolePolicyDocument=trust)
        for number, policy in enumerate(policies):
            if isinstance(policy, str):
                folder = "service-role/" if policy.startswith("AWSLambda") else ""
                self.clients["iam"].attach_role_policy(RoleName=name, PolicyArn=f"{MANAGED}{folder}{policy}")
            else:
                document = json.dumps(policy)
                self.clients["iam"].put_role_policy(RoleName=name, PolicyName=f"p{number}", PolicyDocument=document)

    def _function(self, name: str, properties: dict[str, Any]) -> None:
        """As SAM does: a role for each function, 3 seconds unless the template says otherwise."""
        self._role(f"{name}Role", world.trust("lambda.amazonaws.com"), properties["Policies"])
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for file in (self.folder / TEMPLATE).parent.joinpath(properties["CodeUri"]).glob("*.py"):
                archive.write(file, file.name)
        self.clients["lambda"].create_function(
            FunctionName=name,
            Role=f"arn:aws:iam::{ACCOUNT}:role/{name}Role",
            Runtime=RUNTIME,
            Handler=properties["Handler"],
            Code={"ZipFile": packed.getvalue()},
            Timeout=properties.get("Timeout", 3),
            Environment=properties.get("Environment", {"Variables": {}}),
        )

    def upload(self) -> None:
        chance = random.Random(1)  # noqa: S311 - data, no secret
        rows = [[chance.random() for _ in range(self.features)] for _ in range(1000)]
        data = "".join(",".join(map(str, [10 + sum(row), *row])) + "\n" for row in rows)
        key = f"data/{self.prefix}/train/{self.today}.csv"
        self.clients["s3"].put_object(Bucket=self.parameters["BucketName"], Key=key, Body=data.encode())

    def runs(self, exactly: list[str], among: list[str]) -> str | None:
        states, event = self.clients["stepfunctions"], {"time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
        machine = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{MACHINE}"
        execution = states.start_execution(stateMachineArn=machine, input=json.dumps(event))["executionArn"]
        deadline = time.monotonic() + SECONDS
        while (found := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
            if time.monotonic() > deadline:
                return f"the run still runs after {SECONDS} seconds"
            time.sleep(0.2)
        history = states.get_execution_history(executionArn=execution, maxResults=1000)["events"]
        entered = [
            event["stateEnteredEventDetails"]["name"] for event in history if "stateEnteredEventDetails" in event
        ]
        right = entered == exactly if exactly else set(among) <= set(entered) and entered[-1] == among[-1]
        if found["status"] == "SUCCEEDED" and right:
            return None
        return f"{found['status']} after {', '.join(entered)}: {found.get('cause')}"

    def remembers(self) -> str | None:
        value = self.clients["ssm"].get_parameter(Name=self.parameters["SSMParameter"])["Parameter"]["Value"]
        return None if value == self.today else f"expected {self.today}, found {value}"

    def predicts(self) -> str | None:
        row = ",".join(["0.5"] * self.features)
        answer = self.clients["sagemaker-runtime"].invoke_endpoint(
            EndpointName=self.prefix, ContentType="text/csv", Body=row
        )
        [prediction] = json.loads(answer["Body"].read())["predictions"]
        wanted = 10 + 0.5 * self.features
        near = abs(prediction["score"] - wanted) < 0.1 * wanted
        return None if near else f"expected about {wanted}, found {prediction}"
