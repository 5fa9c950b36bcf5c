"""Creates the initial resources of an embedded cloud: the Terraform state bucket, and the token of the local Slack."""

from __future__ import annotations

import json
import os

from ministack import app

from refit.embedded_cloud.slack import api as slack
from refit.errors import CloudError

STATE_BUCKET = "refit-terraform-state"
SLACK_TOKEN_PARAMETER = "/refit/slack-token"  # noqa: S105 - a parameter's name
ROOT = "AWS4-HMAC-SHA256 Credential=test/20260101"


async def fill() -> None:
    """Creates the versioned bucket and the SecureString if they do not exist yet. Raises CloudError."""
    region, bucket = os.environ["MINISTACK_REGION"], f"/{STATE_BUCKET}"
    place = f"<LocationConstraint>{region}</LocationConstraint>" if region != "us-east-1" else ""
    place = f"<CreateBucketConfiguration>{place}</CreateBucketConfiguration>" if place else ""
    versioned = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    token = {"Name": SLACK_TOKEN_PARAMETER, "Value": slack.TOKEN, "Type": "SecureString", "Overwrite": True}
    put = {"x-amz-target": "AmazonSSM.PutParameter", "content-type": "application/x-amz-json-1.1"}
    for service, method, path, headers, body, query in (
        ("s3", "PUT", bucket, {}, place, {}),
        ("s3", "PUT", bucket, {}, versioned, {"versioning": [""]}),
        ("ssm", "POST", "/", put, json.dumps(token), {}),
    ):
        signed = {**headers, "authorization": f"{ROOT}/{region}/{service}/aws4_request"}
        status, _, response = await app.SERVICE_HANDLERS[service](method, path, signed, body.encode(), query)
        if status not in (200, 409):
            reason = response.decode(errors="replace")
            raise CloudError(f"the embedded cloud could not create its initial resources in {service}: {reason}")
