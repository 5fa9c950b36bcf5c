"""Pipelines of one environment whose names, endpoints or data conflict."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.errors import InvalidPipeline
from refit.pipeline.validate import validate_all
from refit.project import PipelineRef
from tests.support.checkout import NOW, write


def file(root: Path, name: str, rest: str = "", *, prefix: str | None = None, environment: str = "prod") -> PipelineRef:
    text = f'pipeline = "{name}"\ndata = {{ prefix = "{prefix or f"data/{name}/"}", feature_dim = 13 }}\n{rest}\n'
    return write(root, text, name, environment)


def conflicts_of(*refs: PipelineRef) -> list[str]:
    with pytest.raises(InvalidPipeline) as raised:
        validate_all(refs, NOW)
    return [str(problem).replace("terraform/pipelines/", "") for problem in raised.value.problems]


def test_pipelines_that_share_nothing_get_along(tmp_path: Path) -> None:
    refs = [file(tmp_path, name) for name in ("churn", "home-prices")]
    assert [one.pipeline for one in validate_all(refs, NOW)] == ["churn", "home-prices"]


def test_one_endpoint_serves_one_pipeline(tmp_path: Path) -> None:
    churn = file(tmp_path, "churn", 'endpoint = { name = "Home-Prices" }')
    prices = file(tmp_path, "home-prices")
    hint = 'write endpoint = { name = "…" } in one of them'
    assert conflicts_of(churn, prices) == [
        'prod/churn.tfvars:3:21: collision the endpoint "Home-Prices" is also used by prod/home-prices.tfvars:1; '
        f"{hint}",
        'prod/home-prices.tfvars:1:12: collision the endpoint "home-prices" is also used by prod/churn.tfvars:3; '
        f"{hint}",
    ]


def test_a_name_belongs_to_one_file(tmp_path: Path) -> None:
    prices = file(tmp_path, "home-prices")
    copy = write(tmp_path, prices.path.read_bytes(), "home-prices-2")
    found = conflicts_of(prices, copy)
    assert (
        'prod/home-prices-2.tfvars:1:12: collision pipeline "home-prices" is also used by prod/home-prices.tfvars:1; '
        "give one of them another name"
    ) in found
    assert any("pipeline must be the name of its file" in problem for problem in found)


@pytest.mark.parametrize(("outer", "inner"), [("data/", "data/churn/"), ("data/", "data/")])
def test_data_in_one_bucket_does_not_overlap(tmp_path: Path, outer: str, inner: str) -> None:
    bucket = 'bucket = "my-company-data"'
    churn, prices = file(tmp_path, "churn", bucket, prefix=inner), file(tmp_path, "home-prices", bucket, prefix=outer)
    assert conflicts_of(churn, prices) == [
        f'prod/churn.tfvars:2:19: collision data.prefix "{inner}" overlaps with that of prod/home-prices.tfvars:2; '
        "keep the data apart",
        f'prod/home-prices.tfvars:2:19: collision data.prefix "{outer}" overlaps with that of prod/churn.tfvars:2; '
        "keep the data apart",
    ]


def test_prefixes_that_only_begin_alike_do_not_overlap(tmp_path: Path) -> None:
    bucket = 'bucket = "my-company-data"'
    refs = [file(tmp_path, name, bucket, prefix=f"data/{name}/") for name in ("home", "home-prices", "ho")]
    assert len(validate_all(refs, NOW)) == 3


def test_every_inner_prefix_is_found_behind_its_sibling(tmp_path: Path) -> None:
    bucket = 'bucket = "my-company-data"'
    prefixes = {"a": "d/", "b": "d/x/", "c": "d/x/y/", "d": "d/z/"}
    refs = [file(tmp_path, f"p{name}", bucket, prefix=prefix) for name, prefix in prefixes.items()]
    assert sum("overlaps with that of" in problem for problem in conflicts_of(*refs)) == 2 * 3


def test_the_same_prefix_in_another_bucket_is_free(tmp_path: Path) -> None:
    refs = [file(tmp_path, name, prefix="data/train/") for name in ("churn", "home-prices")]
    assert len(validate_all(refs, NOW)) == 2


def test_environments_do_not_collide(tmp_path: Path) -> None:
    refs = [file(tmp_path, "home-prices", 'bucket = "b-1"', environment=name) for name in ("dev", "prod")]
    assert len(validate_all(refs, NOW)) == 2


def test_a_file_with_other_problems_collides_all_the_same(tmp_path: Path) -> None:
    churn = file(tmp_path, "churn", 'endpoint = { name = "home-prices" }\nwindow = { days = 0 }\nregion = var.region')
    found = conflicts_of(churn, file(tmp_path, "home-prices"))
    codes = [problem.split(": ")[1].split(" ")[0] for problem in found]
    assert codes == ["collision", "out-of-range", "not-a-literal", "collision"]


def test_pipelines_may_share_the_data_in_an_existing_bucket(tmp_path: Path) -> None:
    """They only read it, also if another pipeline's stack created it."""
    lake = 'data = { bucket = "company-lake", prefix = "sales/", feature_dim = 13 }'
    readers = [write(tmp_path, f'pipeline = "{name}"\n{lake}\n', name) for name in ("churn", "home-prices")]
    owner = file(tmp_path, "owner", 'bucket = "company-lake"', prefix="sales/")
    assert [one.pipeline for one in validate_all([*readers, owner], NOW)] == ["churn", "home-prices", "owner"]
