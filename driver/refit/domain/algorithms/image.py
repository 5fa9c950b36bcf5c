"""A built-in algorithm of SageMaker, and its ECR image in each region. Pure.

Domain suffixes: botocore's partitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from refit.domain.errors import UnknownRegion

# All other regions in the tables are in the partitions aws and aws-us-gov, which share amazonaws.com.
DOMAINS = {
    "cn-": "amazonaws.com.cn",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "us-isof-": "csp.hci.ic.gov",
}


@dataclass(frozen=True)
class Algorithm:
    """`name` is its value in a pipeline file, `title` its name for users.

    `accounts` are AWS's accounts, by region, whose ECR has `repository`. `max_folders` is how many folders may be in
    the key of an object in a manifest, if the algorithm does not read deeper ones.
    """

    name: str
    title: str
    repository: str
    tag: str
    accounts: Mapping[str, str]
    max_folders: int | None = None

    def image(self, region: str) -> str:
        """The image for training and serving in `region`. Raises UnknownRegion."""
        account = self.accounts.get(region)
        if account is None:
            raise UnknownRegion(f"no {self.title} image is known for {region}; set training.image in the pipeline file")
        domain = next((suffix for start, suffix in DOMAINS.items() if region.startswith(start)), "amazonaws.com")
        return f"{account}.dkr.ecr.{region}.{domain}/{self.repository}:{self.tag}"
