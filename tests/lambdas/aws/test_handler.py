"""How every handler treats errors, and the line that it logs; tested through CheckData."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from lambdas.aws import clients
from lambdas.check_data import handler
from refit.domain.errors import InvalidParameter, Throttled
from tests.support.lambdas.fakes import Fault
from tests.support.lambdas.stage import Context, Pipeline


class TestTrouble:
    @pytest.mark.parametrize(
        ("service", "operation", "code", "status"),
        [
            ("s3", "PutObject", "SlowDown", 503),
            ("s3", "GetObject", "InternalError", 500),
            ("s3", "ListObjectsV2", "RequestTimeout", 400),
            ("ssm", "GetParameters", "ThrottlingException", 400),
            ("stepfunctions", "DescribeExecution", "ServiceUnavailable", 503),
        ],
    )
    def test_throttling_that_outlives_the_sdks_retries_is_throttled(
        self, pipeline: Pipeline, context: Context, service: str, operation: str, code: str, status: int
    ) -> None:
        pipeline.put("2026-11-22")
        handler(pipeline.event(pipeline.execution(running=False)), context)
        execution = pipeline.execution()
        fault = Fault(getattr(clients, service)(), operation, code, status=status)
        with pytest.raises(Throttled, match=code):
            handler(pipeline.event(execution), context)
        assert fault.struck == 3

    def test_throttling_within_the_sdks_retries_goes_unnoticed(self, pipeline: Pipeline, context: Context) -> None:
        fault = Fault(clients.ssm(), "GetParameters", "ThrottlingException", times=2)
        assert handler(pipeline.event(pipeline.execution()), context)["outcome"] == "NoNewData"
        assert fault.struck == 2

    def test_a_network_that_is_gone_is_throttled(self, pipeline: Pipeline, context: Context) -> None:
        Fault(clients.s3(), "ListObjectsV2", EndpointConnectionError(endpoint_url="https://s3"))
        with pytest.raises(Throttled, match="Could not connect"):
            handler(pipeline.event(pipeline.execution()), context)

    @pytest.mark.parametrize(
        ("service", "operation", "code"),
        [
            ("s3", "PutObject", "AccessDenied"),
            ("s3", "ListObjectsV2", "AccessDenied"),
            ("ssm", "GetParameters", "AccessDeniedException"),
        ],
    )
    def test_access_denied_stays_access_denied(
        self, pipeline: Pipeline, context: Context, service: str, operation: str, code: str
    ) -> None:
        fault = Fault(getattr(clients, service)(), operation, code, status=403)
        with pytest.raises(ClientError) as raised:
            handler(pipeline.event(pipeline.execution()), context)
        assert raised.value.response["Error"]["Code"] == code
        assert fault.struck == 1

    def test_a_missing_bucket_keeps_its_name(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.settings["bucket"] = "no-such-bucket-here"
        with pytest.raises(ClientError, match="NoSuchBucket"):
            handler(pipeline.event(pipeline.execution()), context)


def test_one_json_line_says_what_happened(
    pipeline: Pipeline, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    execution = pipeline.execution()
    handler(pipeline.event(execution), context)
    line = json.loads(capsys.readouterr().out)
    assert line.pop("milliseconds") >= 0
    assert line == {"state": "CheckData", "run": execution["name"], "outcome": "NoNewData"}

    pipeline.watermark = "x"
    with pytest.raises(InvalidParameter):
        handler(pipeline.event(execution), context)
    line = json.loads(capsys.readouterr().out)
    assert (line["outcome"], line["message"][:8]) == ("InvalidParameter", "/models/")
