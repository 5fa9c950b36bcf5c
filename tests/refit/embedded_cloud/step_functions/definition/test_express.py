"""What an Express state machine may not do.

Recorded on AWS: localstack/localstack, test_sfn_api_validation.snapshot.json (ILLEGAL_WFTT); measured on AWS:
badmintoncryer/cdk-preflight, pf-sfn-express-unsupported.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.state_machines import ACTIVITY, FUNCTION, TRAINING, Finding, refusals, schema, single


@pytest.mark.parametrize(
    ("state", "findings"),
    [
        ({"Resource": FUNCTION}, []),
        (
            {"Resource": ACTIVITY},
            [schema("Express state machine does not support Activity ARN", "/States/S/Resource")],
        ),
        (
            {"Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}
            | {"Parameters": {"QueueUrl": "q", "MessageBody": "b"}},
            [
                schema(
                    "Express state machine does not support '.waitForTaskToken' service integration ",
                    "/States/S/Resource",
                )
            ],
        ),
        (
            {"Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync", "Parameters": TRAINING},
            [schema("Express state machine does not support '.sync' service integration ", "/States/S/Resource")],
        ),
    ],
)
def test_an_express_machine_waits_for_nothing(state: dict[str, Any], findings: list[Finding]) -> None:
    definition = single("Task", **state)
    assert refusals(definition, "EXPRESS") == findings
    assert refusals(definition, "STANDARD") == []


def test_an_express_machine_has_no_distributed_map() -> None:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    inner = {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}, "ProcessorConfig": config}
    definition = single("Map", ItemProcessor=inner)
    assert refusals(definition) == []
    assert refusals(definition, "EXPRESS") == [
        schema(
            "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines",
            "/States/S/ItemProcessor/ProcessorConfig/Mode",
        )
    ]
