"""The list of state machines, and its pages.

Recorded: test_sfn_api.snapshot.json::test_list_sms_pagination of localstack/localstack.
"""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.support.embedded_cloud.succeeding import definition


class TestListing:
    def test_has_pages_by_name(self, sfn, able):
        prefix = f"listed-{uuid.uuid4().hex[:8]}"
        for number in range(3):
            sfn.create_state_machine(name=f"{prefix}-{number}", definition=definition(), roleArn=able)
        first = sfn.list_state_machines(maxResults=2)
        assert len(first["stateMachines"]) == 2
        paginator = sfn.get_paginator("list_state_machines").paginate(PaginationConfig={"PageSize": 2})
        names = [each["name"] for page in paginator for each in page["stateMachines"]]
        assert names == sorted(names)
        assert [each for each in names if each.startswith(prefix)] == [f"{prefix}-{number}" for number in range(3)]

    @pytest.mark.parametrize(
        ("members", "code", "words"),
        [
            ({"maxResults": 1001}, "ValidationException", "Member must have value less than or equal to 1000"),
            ({"nextToken": "made up"}, "InvalidToken", "Invalid Token: 'Invalid token'"),
        ],
        ids=["maxResults", "nextToken"],
    )
    def test_is_refused_in_the_words_of_aws(self, sfn, refused, members: dict[str, Any], code: str, words: str):
        found = refused(sfn.list_state_machines, **members)
        assert found[0] == code
        assert words in found[1]
