"""State machines: creating, updating, describing, deleting and listing them.

The words are recorded on AWS: test_sfn_api.snapshot.json of localstack/localstack.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.embedded_cloud.state_machine_rights import ACCOUNT, REGION
from tests.support.embedded_cloud.succeeding import definition
from tests.support.waiting import until

ARN = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine"
WAIT = {"Wait": {"Type": "Wait", "Seconds": 3600, "Next": "Done"}, "Done": {"Type": "Succeed"}}


class TestCreating:
    def test_describes_every_member_that_aws_does(self, sfn, create, able, name):
        arn = create()
        described = sfn.describe_state_machine(stateMachineArn=arn)
        del described["ResponseMetadata"], described["creationDate"]
        assert described == {
            "stateMachineArn": f"{ARN}:{name}",
            "name": name,
            "status": "ACTIVE",
            "definition": definition(),
            "roleArn": able,
            "type": "STANDARD",
            "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
            "tracingConfiguration": {"enabled": False},
            "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
        }

    def test_is_repeated_with_the_same_answer_whatever_the_role_and_the_tags(self, sfn, create, role, able):
        """https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html"""
        arn = create()
        assert create(roleArn=role("states"), tags=[{"key": "a", "value": "b"}]) == arn
        assert sfn.describe_state_machine(stateMachineArn=arn)["roleArn"] == able
        assert sfn.list_tags_for_resource(resourceArn=arn)["tags"] == []

    @pytest.mark.parametrize(
        "other",
        [{"definition": definition(Comment="another")}, {"tracingConfiguration": {"enabled": True}}],
        ids=["definition", "tracing"],
    )
    def test_another_one_of_the_name_is_refused(self, create, name, other: dict[str, Any]):
        arn = create()
        with pytest.raises(ClientError) as caught:
            create(**other)
        assert caught.value.response["Error"] == {
            "Code": "StateMachineAlreadyExists",
            "Message": f"State Machine Already Exists: '{arn}'",
        }

    @pytest.mark.parametrize(
        ("members", "code", "words"),
        [
            ({"name": "a b"}, "InvalidName", "Invalid Name: 'a b'"),
            ({"name": "a/b"}, "InvalidName", "Invalid Name: 'a/b'"),
            ({"name": "x" * 81}, "ValidationException", "Member must have length less than or equal to 80"),
            ({"type": "QUICK"}, "ValidationException", "Member must satisfy enum value set: [STANDARD, EXPRESS]"),
            ({"definition": "not a definition"}, "InvalidDefinition", "Unrecognized token 'not': was expecting"),
            (
                {"definition": '{"StartAt": "A"}'},
                "InvalidDefinition",
                "Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'",
            ),
            ({"roleArn": "me"}, "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: me'"),
            (
                {"loggingConfiguration": {"level": "ALL"}},
                "InvalidLoggingConfiguration",
                "Invalid Logging Configuration: Must specify exactly one Log Destination.",
            ),
            (
                {
                    "loggingConfiguration": {
                        "level": "ALL",
                        "destinations": [
                            {
                                "cloudWatchLogsLogGroup": {
                                    "logGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/none:*"
                                }
                            }
                        ],
                    }
                },
                "InvalidLoggingConfiguration",
                "Invalid Logging Configuration: Log Destination not found.",
            ),
        ],
        ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
    )
    def test_is_refused_in_the_words_of_aws(self, create, members: dict[str, Any], code: str, words: str):
        with pytest.raises(ClientError) as caught:
            create(**members)
        error = caught.value.response["Error"]
        assert error["Code"] == code
        assert words in error["Message"]


class TestUpdating:
    def test_changes_the_revision_only_if_something_changes(self, sfn, create):
        """Recorded: test_create_update_state_machine_same_parameters."""
        arn = create()
        changed = definition(Comment="new")
        first = sfn.update_state_machine(stateMachineArn=arn, definition=changed)["revisionId"]
        described = sfn.describe_state_machine(stateMachineArn=arn)
        assert (described["revisionId"], described["definition"]) == (first, changed)
        assert sfn.update_state_machine(stateMachineArn=arn, definition=changed)["revisionId"] == first
        assert sfn.update_state_machine(stateMachineArn=arn, definition=definition())["revisionId"] != first

    def test_with_nothing_is_refused(self, sfn, create, refused):
        code, message = refused(sfn.update_state_machine, stateMachineArn=create())
        assert code == "MissingRequiredParameter"
        assert message == (
            "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be "
            "specified"
        )

    def test_to_a_bad_definition_changes_nothing(self, sfn, create, refused):
        arn = create()
        assert refused(sfn.update_state_machine, stateMachineArn=arn, definition="{}")[0] == "InvalidDefinition"
        assert sfn.describe_state_machine(stateMachineArn=arn)["definition"] == definition()

    def test_leaves_running_executions_their_definition(self, sfn, create):
        arn = create(definition=definition(WAIT))
        execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
        sfn.update_state_machine(stateMachineArn=arn, definition=definition())
        own = sfn.describe_state_machine_for_execution(executionArn=execution)
        assert own["definition"] == definition(WAIT)
        sfn.stop_execution(executionArn=execution)


class TestDeleting:
    def test_one_that_does_not_exist_succeeds(self, sfn):
        sfn.delete_state_machine(stateMachineArn=f"{ARN}:none")

    def test_is_done_at_once_without_executions(self, sfn, create, refused):
        arn = create()
        sfn.delete_state_machine(stateMachineArn=arn)
        expected = ("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
        assert refused(sfn.describe_state_machine, stateMachineArn=arn) == expected
        assert refused(sfn.start_execution, stateMachineArn=arn) == expected

    def test_waits_for_the_next_transition_of_its_executions(self, client, sfn, create, refused, role, name):
        """https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html"""
        parameter = {"Name": f"/{name}", "Type": "String", "Value.$": "$$.Task.Token"}
        gate = {
            "Tell": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:ssm:putParameter.waitForTaskToken",
                "Parameters": parameter,
                "Next": "Wait",
            },
            **WAIT,
        }
        arn = create(definition=definition(gate), roleArn=role("states", ("ssm:PutParameter", "*")))
        execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
        ssm = client("ssm")
        until(lambda: ssm.get_parameters(Names=[f"/{name}"])["Parameters"])
        sfn.delete_state_machine(stateMachineArn=arn)
        assert sfn.describe_state_machine(stateMachineArn=arn)["status"] == "DELETING"
        assert refused(sfn.start_execution, stateMachineArn=arn)[0] == "StateMachineDeleting"
        with pytest.raises(ClientError) as caught:
            create(definition=definition(gate))
        assert caught.value.response["Error"]["Code"] == "StateMachineDeleting"
        assert sfn.describe_execution(executionArn=execution)["status"] == "RUNNING"
        token = ssm.get_parameter(Name=f"/{name}")["Parameter"]["Value"]
        sfn.send_task_success(taskToken=token, output="{}")
        until(lambda: arn not in [each["stateMachineArn"] for each in sfn.list_state_machines()["stateMachines"]])
        assert create()


class TestAnArn:
    @pytest.mark.parametrize(
        ("arn", "words"),
        [
            ("not_a_valid_arn", "Invalid ARN prefix: not_a_valid_arn"),
            (
                f"{ARN}:m:e".replace(":stateMachine:", ":execution:"),
                "Resource type not valid in this context: execution",
            ),
        ],
        ids=["none", "of an execution"],
    )
    def test_that_names_no_state_machine_is_refused(self, sfn, refused, arn: str, words: str):
        expected = ("InvalidArn", f"Invalid Arn: '{words}'")
        assert refused(sfn.describe_state_machine, stateMachineArn=arn) == expected
        assert refused(sfn.start_execution, stateMachineArn=arn) == expected


class TestWhatOnlyAwsHas:
    def test_is_refused_and_said(self, sfn, create, refused):
        with pytest.raises(ClientError, match="of type STANDARD only"):
            create(type="EXPRESS")
        with pytest.raises(ClientError, match="has no versions of state machines"):
            create(publish=True)
        assert refused(sfn.create_activity, name="worker")[0] == "UnknownOperationException"

    def test_leaves_no_versions(self, sfn, create):
        assert sfn.list_state_machine_versions(stateMachineArn=create())["stateMachineVersions"] == []
