"""The images of the built-in algorithms in each region."""

from __future__ import annotations

import pytest

from refit.domain.algorithms import BUILT_IN, Algorithm
from refit.domain.algorithms.linear_learner import LINEAR_LEARNER
from refit.domain.algorithms.xgboost import XGBOOST
from refit.domain.errors import UnknownRegion

ALGORITHMS = sorted(BUILT_IN.values(), key=lambda algorithm: algorithm.name)


@pytest.mark.parametrize(
    ("algorithm", "region", "image"),
    [
        (LINEAR_LEARNER, "us-west-2", "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1"),
        (LINEAR_LEARNER, "eu-central-1", "664544806723.dkr.ecr.eu-central-1.amazonaws.com/linear-learner:1"),
        (LINEAR_LEARNER, "us-gov-west-1", "226302683700.dkr.ecr.us-gov-west-1.amazonaws.com/linear-learner:1"),
        (LINEAR_LEARNER, "cn-north-1", "390948362332.dkr.ecr.cn-north-1.amazonaws.com.cn/linear-learner:1"),
        (LINEAR_LEARNER, "us-iso-east-1", "490574956308.dkr.ecr.us-iso-east-1.c2s.ic.gov/linear-learner:1"),
        (XGBOOST, "us-west-2", "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.7-1"),
        (XGBOOST, "eu-central-1", "492215442770.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-xgboost:1.7-1"),
        (XGBOOST, "us-gov-west-1", "414596584902.dkr.ecr.us-gov-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"),
        (XGBOOST, "cn-north-1", "450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn/sagemaker-xgboost:1.7-1"),
        (XGBOOST, "us-isob-east-1", "281123927165.dkr.ecr.us-isob-east-1.sc2s.sgov.gov/sagemaker-xgboost:1.7-1"),
        (XGBOOST, "us-isof-south-1", "124985052026.dkr.ecr.us-isof-south-1.csp.hci.ic.gov/sagemaker-xgboost:1.7-1"),
    ],
)
def test_each_partition_has_its_own_domain(algorithm: Algorithm, region: str, image: str) -> None:
    assert algorithm.image(region) == image


@pytest.mark.parametrize(("algorithm", "regions"), [(LINEAR_LEARNER, 34), (XGBOOST, 37)])
def test_every_account_is_one(algorithm: Algorithm, regions: int) -> None:
    assert len(algorithm.accounts) == regions
    assert all(len(account) == 12 and account.isdecimal() for account in algorithm.accounts.values())


@pytest.mark.parametrize("algorithm", ALGORITHMS, ids=lambda algorithm: algorithm.name)
@pytest.mark.parametrize("region", ["eu-isoe-west-1", "eusc-de-east-1", "mars-1", ""])
def test_a_region_that_is_not_known_is_an_error(algorithm: Algorithm, region: str) -> None:
    with pytest.raises(UnknownRegion, match=rf"no {algorithm.title} image .* set training\.image"):
        algorithm.image(region)
