"""The price table, and the files with which a user overrides it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refit.costs import prices
from refit.costs.prices import PRICES, Prices
from refit.errors import RefitError


def test_a_users_prices_replace_and_add_to_ours(tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text(
        json.dumps(
            {
                "us-west-2": {"training_hour": {"ml.m5.xlarge": 0.1, "ml.new.large": 1}, "state_transition": 0},
                "eu-north-1": {"endpoint_hour": {"ml.m5.large": 0.2}},
            }
        )
    )
    loaded = prices.load(file)
    ours = PRICES["us-west-2"]
    assert loaded["us-west-2"].training_hour == {**ours.training_hour, "ml.m5.xlarge": 0.1, "ml.new.large": 1.0}
    assert (loaded["us-west-2"].state_transition, loaded["us-west-2"].lambda_request) == (0.0, ours.lambda_request)
    assert loaded["eu-north-1"] == Prices(endpoint_hour={"ml.m5.large": 0.2})
    assert loaded["us-east-1"] == ours


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "must be an object"),
        ('{"us-west-2": 1}', "us-west-2 must be an object"),
        ('{"us-west-2": {"training": {}}}', "no price called us-west-2.training"),
        ('{"us-west-2": {"training_hour": 1}}', "us-west-2.training_hour must be an object"),
        ('{"us-west-2": {"training_hour": {"ml.m5.large": "0.1"}}}', "must be a price in US dollars"),
        ('{"us-west-2": {"state_transition": -1}}', "must be a price in US dollars"),
        ('{"us-west-2": {"state_transition": NaN}}', "must be a price in US dollars"),
        ('{"us-west-2": {"state_transition": true}}', "must be a price in US dollars"),
    ],
)
def test_a_price_file_that_is_none_is_refused_with_an_example(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "prices.json"
    file.write_text(text)
    with pytest.raises(RefitError, match=said) as raised:
        prices.load(file)
    assert raised.value.hint == f"write {prices.FORM}"


def test_a_missing_price_file_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(RefitError, match="No such file"):
        prices.load(tmp_path / "none.json")
