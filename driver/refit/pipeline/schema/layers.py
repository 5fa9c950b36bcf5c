"""The Lambda layer with pyarrow, by which CheckQuality reads data: the public one of AWS SDK for pandas, or another."""

from __future__ import annotations

PUBLIC_REGIONS = frozenset(
    {
        *("af-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1"),
        *("ap-southeast-2", "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3"),
        *("sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    }
)
"""The regions in which the account 336392948345 shares the layer; terraform/build.tf has the same.

In others it is shared by other accounts, or not at all: https://aws-sdk-pandas.readthedocs.io/en/stable/layers.html
"""
EXAMPLE_ARN = "arn:aws:lambda:us-west-2:123456789012:layer:pyarrow:1"
