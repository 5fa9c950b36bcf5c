"""The initial resources of an embedded cloud."""

from __future__ import annotations

from refit.embedded_cloud.slack import api as slack


def test_a_cloud_has_a_versioned_bucket_for_terraform_and_the_slack_token(cloud, client):
    assert client("s3").get_bucket_versioning(Bucket="refit-terraform-state")["Status"] == "Enabled"
    parameter = client("ssm").get_parameter(Name="/refit/slack-token", WithDecryption=True)["Parameter"]
    assert (parameter["Type"], parameter["Value"]) == ("SecureString", slack.TOKEN)
