"""The Linear Learner image of each region."""

from __future__ import annotations

import pytest

from lambdas.sagemaker.linear_learner_image import ACCOUNTS, linear_learner
from refit.domain.errors import UnknownRegion


@pytest.mark.parametrize(
    ("region", "image"),
    [
        ("us-west-2", "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1"),
        ("eu-central-1", "664544806723.dkr.ecr.eu-central-1.amazonaws.com/linear-learner:1"),
        ("us-gov-west-1", "226302683700.dkr.ecr.us-gov-west-1.amazonaws.com/linear-learner:1"),
        ("cn-north-1", "390948362332.dkr.ecr.cn-north-1.amazonaws.com.cn/linear-learner:1"),
        ("us-iso-east-1", "490574956308.dkr.ecr.us-iso-east-1.c2s.ic.gov/linear-learner:1"),
    ],
)
def test_each_partition_has_its_own_domain(region: str, image: str) -> None:
    assert linear_learner(region) == image


def test_every_account_is_one() -> None:
    assert len(ACCOUNTS) == 34
    assert all(len(account) == 12 and account.isdecimal() for account in ACCOUNTS.values())


@pytest.mark.parametrize("region", ["us-isob-east-1", "eu-isoe-west-1", "eusc-de-east-1", "mars-1", ""])
def test_a_region_that_is_not_known_is_an_error(region: str) -> None:
    with pytest.raises(UnknownRegion, match=r"set training\.image"):
        linear_learner(region)
