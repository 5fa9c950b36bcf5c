"""DescribeAlarms returns an alarm as Terraform wrote it."""

from __future__ import annotations

import urllib.request
from datetime import datetime
from urllib.parse import urlencode
from xml.etree import ElementTree

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCOUNT, REGION = "000000000000", "us-west-2"


class TestAnAlarm:
    def test_is_described_with_all_fields_in_the_protocol_of_terraform(self, cloud):
        written = {
            "AlarmName": "runs-failed",
            "AlarmDescription": 'Runs <failed> & "how"',
            "MetricName": "ExecutionsFailed",
            "Namespace": "AWS/States",
            "Statistic": "Sum",
            "Period": "300",
            "EvaluationPeriods": "1",
            "Threshold": "1",
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions.member.1": f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms",
            "Dimensions.member.1.Name": "StateMachineArn",
            "Dimensions.member.1.Value": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:refit",
        }
        self.query(cloud, Action="PutMetricAlarm", **written)
        alarm = self.query(cloud, Action="DescribeAlarms", **{"AlarmNames.member.1": "runs-failed"}).find(
            ".//{*}member"
        )
        read = {each.tag.partition("}")[2]: each for each in alarm}
        for name, value in written.items():
            if "." not in name and name != "Threshold":
                assert read[name].text == value
        assert float(read["Threshold"].text) == 1
        assert read["ActionsEnabled"].text == "true"
        assert [each.text for each in read["AlarmActions"]] == [written["AlarmActions.member.1"]]
        assert [each.text for each in read["Dimensions"][0]] == [
            "StateMachineArn",
            written["Dimensions.member.1.Value"],
        ]
        assert datetime.fromisoformat(read["StateUpdatedTimestamp"].text).year >= 2026

    def query(self, cloud, **parameters: str) -> ElementTree.Element:
        body = urlencode({"Version": "2010-08-01", **parameters})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        request = AWSRequest("POST", f"{cloud.endpoint_url}/", data=body, headers=form)
        SigV4Auth(Credentials("test", "test"), "monitoring", REGION).add_auth(request)
        sent = urllib.request.Request(request.url, data=body.encode(), headers=dict(request.headers))  # noqa: S310
        with urllib.request.urlopen(sent) as response:  # noqa: S310
            return ElementTree.fromstring(response.read())  # noqa: S314
