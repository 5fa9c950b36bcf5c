"""The role of a state machine, as it is checked when the state machine is created."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.support.embedded_cloud.state_machine_rights import ACCOUNT, REGION
from tests.support.embedded_cloud.succeeding import definition


class TestCreating:
    def test_with_logs_needs_a_role_that_may_deliver_them(self, client, create, role, name, able):
        """https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"""
        client("logs").create_log_group(logGroupName=f"/logs/{name}")
        group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/logs/{name}:*"
        logging = {"level": "ALL", "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}]}
        with pytest.raises(ClientError) as caught:
            create(loggingConfiguration=logging, roleArn=role("states"))
        assert caught.value.response["Error"] == {
            "Code": "AccessDeniedException",
            "Message": "The state machine IAM Role is not authorized to access the Log Destination",
        }
        create(loggingConfiguration=logging)

    def test_needs_the_right_to_pass_the_role(self, user, able, name, refused):
        statement = {"Effect": "Allow", "Action": "states:CreateStateMachine", "Resource": "*"}
        other = user(statement)("stepfunctions")
        request = {"name": name, "definition": definition(), "roleArn": able}
        code, message = refused(other.create_state_machine, **request)
        assert code == "AccessDeniedException"
        assert f"is not authorized to perform: iam:PassRole on resource: {able}" in message
        passing = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": able}
        assert user(statement, passing)("stepfunctions").create_state_machine(**request)["stateMachineArn"]
