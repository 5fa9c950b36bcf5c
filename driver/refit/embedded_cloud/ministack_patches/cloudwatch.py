"""CloudWatch: DescribeAlarms returns every field of an alarm, in the Query protocol that Terraform uses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import cloudwatch

from refit.embedded_cloud.ministack_patches.patching import patch


@patch("services.cloudwatch", "_describe_alarms")
def describe_all_alarm_fields(describe: Any, params: Any, data: Any, is_cbor: bool, is_json: bool = False) -> Any:
    """DescribeAlarms in the Query protocol returns every field; ministack omits most, which Terraform reads as drift.

    The response is built from ministack's own JSON response.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
    """
    if is_cbor or is_json:
        return describe(params, data, is_cbor, is_json)
    filters = {name: _first(params, name) for name in ("AlarmNamePrefix", "StateValue", "MaxRecords", "NextToken")}
    filters = {name: value for name, value in filters.items() if value}
    lists = {name: _members(params, name) for name in ("AlarmNames", "AlarmTypes")}
    status, _headers, body = describe(params, {**filters, **lists}, False, True)
    if status != 200:
        return describe(params, data, False, False)
    result = _xml(json.loads(body))
    return cloudwatch._xml(200, "DescribeAlarmsResponse", f"<DescribeAlarmsResult>{result}</DescribeAlarmsResult>")


def _first(params: Mapping[str, Any], name: str) -> str:
    value = params.get(name, "")
    return str(value[0] if isinstance(value, list) else value)


def _members(params: Mapping[str, Any], name: str) -> list[str]:
    values = (_first(params, f"{name}.member.{number}") for number in range(1, 101))
    return [value for value in values if value]


def _xml(value: Any, name: str = "") -> str:
    if isinstance(value, Mapping):
        return "".join(f"<{key}>{_xml(each, key)}</{key}>" for key, each in value.items() if each is not None)
    if isinstance(value, list):
        return "".join(f"<member>{_xml(each)}</member>" for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    if name.endswith("Timestamp") and isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return escape(str(value))
