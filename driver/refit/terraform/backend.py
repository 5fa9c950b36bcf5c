"""Determines the settings of the S3 backend for a pipeline's Terraform state. Does not call AWS.

https://developer.hashicorp.com/terraform/language/backend/s3
"""

from __future__ import annotations

from collections.abc import Mapping

from refit.errors import TerraformError
from refit.project import PipelineRef

EMBEDDED_BUCKET = "refit-terraform-state"
BUCKET = "REFIT_STATE_BUCKET"
REGION = "REFIT_STATE_REGION"


def settings(ref: PipelineRef, cloud: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """The -backend-config settings of `terraform init`, for the embedded cloud that `cloud` points to, or for AWS.

    The endpoint is not included: the backend reads AWS_ENDPOINT_URL, so another port does not require a new init. On
    AWS, the bucket is REFIT_STATE_BUCKET, else the environment's state_bucket in refit.toml. Its region is
    REFIT_STATE_REGION, else the environment's region in refit.toml, else AWS_REGION. Raises TerraformError if unset.
    """
    state = {"key": f"{ref.key}.tfstate", "use_lockfile": "true"}
    if cloud:
        return state | {
            "bucket": EMBEDDED_BUCKET,
            "region": cloud["AWS_REGION"],
            "use_path_style": "true",
            "skip_credentials_validation": "true",
            "skip_requesting_account_id": "true",
        }
    declared = ref.project.settings.environment(ref.environment)
    bucket = environment.get(BUCKET) or declared.state_bucket
    if not bucket:
        raise TerraformError(
            f"the bucket for Terraform's state is unknown: {BUCKET} is not set, and refit.toml has "
            f"no state_bucket for {ref.environment}",
            f"export {BUCKET}=<a versioned, private S3 bucket in your account>, or set state_bucket under "
            f"[environments.{ref.environment}] in refit.toml",
        )
    variables = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    region = environment.get(REGION) or declared.region or variables
    if not region:
        raise TerraformError(f"the region of the bucket {bucket} is unknown", "export AWS_REGION=us-west-2")
    return state | {"bucket": bucket, "region": region, "encrypt": "true"}
