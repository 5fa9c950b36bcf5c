"""The data section: where data may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checkout import MINIMAL, problems


@pytest.mark.parametrize(
    "prefix", ["", "/", "data", "/data/", "data//x/", "data/../x/", "data/*/", "data/${x}/", "dätä/"]
)
def test_a_data_prefix_is_a_plain_folder(tmp_path: Path, prefix: str) -> None:
    text = MINIMAL.replace("data/home-prices/train/", prefix.replace("${", "$${"))
    (found,) = problems(tmp_path, text)
    assert found.startswith("2:19: bad-prefix data.prefix must be a folder")


@pytest.mark.parametrize("prefix", ["runs/", "models/home-prices/"])
def test_data_does_not_lie_where_refit_writes(tmp_path: Path, prefix: str) -> None:
    (found,) = problems(tmp_path, MINIMAL.replace("data/home-prices/train/", prefix))
    assert found == (
        f'2:19: reserved data.prefix must not be in runs/ or models/, which Refit writes, got "{prefix}"; '
        f'write prefix = "data/{prefix}"'
    )
