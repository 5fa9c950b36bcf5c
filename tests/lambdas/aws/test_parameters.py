"""The parameters of a pipeline are read in one call, and a missing or invalid value is an error."""

from __future__ import annotations

from typing import Any

import pytest

from lambdas.aws import clients
from lambdas.check_data import handler
from refit.domain.errors import InvalidParameter
from tests.support.lambdas.stage import Context, Pipeline


class TestWatermark:
    @pytest.mark.parametrize("value", ["yesterday", "2026-02-30", "20261122", "Never", " never"])
    def test_one_that_is_not_a_date_is_refused(self, pipeline: Pipeline, context: Context, value: str) -> None:
        pipeline.put("2026-11-22")
        pipeline.watermark = value
        with pytest.raises(InvalidParameter, match='or write "never" to start over'):
            handler(pipeline.event(pipeline.execution()), context)

    def test_one_that_is_missing_is_not_taken_for_never(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-22")
        clients.ssm().delete_parameter(Name=pipeline.settings["watermark_parameter"])
        with pytest.raises(InvalidParameter, match=r"latest does not exist; apply the Terraform stack"):
            handler(pipeline.event(pipeline.execution()), context)

    @pytest.mark.parametrize("setting", ["run_parameter", "hold_parameter"])
    def test_the_other_parameters_are_not_guessed_either(
        self, pipeline: Pipeline, context: Context, setting: str
    ) -> None:
        clients.ssm().delete_parameter(Name=pipeline.settings[setting])
        with pytest.raises(InvalidParameter, match=f"{pipeline.settings[setting]} does not exist; apply"):
            handler(pipeline.event(pipeline.execution()), context)

    def test_all_three_are_read_at_once(self, pipeline: Pipeline, context: Context) -> None:
        asked: list[dict[str, Any]] = []
        clients.ssm().meta.events.register("before-parameter-build.ssm", lambda params, **_: asked.append(dict(params)))
        handler(pipeline.event(pipeline.execution()), context)
        names = [pipeline.settings[f"{name}_parameter"] for name in ("watermark", "run", "hold")]
        assert asked == [{"Names": names}]
