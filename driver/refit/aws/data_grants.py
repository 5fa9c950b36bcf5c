"""The statements that let runs read data in another account: for the policies of its bucket and of its KMS key.

The rules are Terraform's (terraform/modules/data_access); a test compares them with Terraform's output `data_grants`.
"""

from __future__ import annotations

from typing import Any

from refit.aws.stack import Stack
from refit.pipeline.model import Pipeline

Statement = dict[str, Any]


def data_grants(pipeline: Pipeline, stack: Stack) -> dict[str, list[Statement]]:
    """The statements for `bucket_policy` and `key_policy`; none for what the pipeline file does not name.

    The principal is the account and the roles are a condition: a policy cannot name roles that do not exist yet.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    data, role = pipeline.data, _role(stack, pipeline)
    if data.bucket is None:
        return {"bucket_policy": [], "key_policy": []}
    partition, region = _partition(stack), stack.state_machine_arn.split(":")[3]
    bucket, name = f"arn:{partition}:s3:::{data.bucket}", pipeline.pipeline.title().replace("-", "")
    reading = {"evaluate-model": pipeline.gate, "check-quality": pipeline.contract}
    readers = sorted(
        [pipeline.sagemaker_role_arn or role("sagemaker"), *(role(name) for name, used in reading.items() if used)]
    )
    listers = sorted([role("check-data"), *readers])
    principal = {"AWS": f"arn:{partition}:iam::{stack.account}:root"}
    allow = {"Effect": "Allow", "Principal": principal}
    reads = {"ArnEquals": {"aws:PrincipalArn": readers}}
    lists = {"StringLike": {"s3:prefix": f"{data.prefix}*"}, "ArnEquals": {"aws:PrincipalArn": listers}}
    objects = f"{bucket}/{data.prefix}*"
    via = {"kms:ViaService": f"s3.{region}.amazonaws.com*", "kms:EncryptionContext:aws:s3:arn": [bucket, objects]}
    decrypt = {
        "Sid": f"RefitDecrypts{name}",
        **allow,
        "Action": "kms:Decrypt",
        "Resource": "*",
        "Condition": {"StringLike": via, **reads},
    }
    return {
        "bucket_policy": [
            {"Sid": f"RefitLists{name}", **allow, "Action": "s3:ListBucket", "Resource": bucket, "Condition": lists},
            {"Sid": f"RefitReads{name}", **allow, "Action": "s3:GetObject", "Resource": objects, "Condition": reads},
        ],
        "key_policy": [decrypt] if data.kms_key_arn else [],
    }


def needed_from(pipeline: Pipeline, stack: Stack) -> dict[str, list[Statement]]:
    """The statements for the policies of other accounts, by policy: those of the stack's own account need none."""
    grants, owner = data_grants(pipeline, stack), pipeline.data.bucket_owner
    key_owner = pipeline.data.kms_key_arn.split(":")[4] if pipeline.data.kms_key_arn else None
    foreign = {
        policy: account not in (None, stack.account) for policy, account in zip(grants, (owner, key_owner), strict=True)
    }
    return {policy: statements for policy, statements in grants.items() if foreign[policy] and statements}


def _partition(stack: Stack) -> str:
    return stack.state_machine_arn.split(":")[1]


def _role(stack: Stack, pipeline: Pipeline) -> Any:
    prefix = f"arn:{_partition(stack)}:iam::{stack.account}:role/{pipeline.state_machine_name}"
    return lambda function: f"{prefix}-{function}"
