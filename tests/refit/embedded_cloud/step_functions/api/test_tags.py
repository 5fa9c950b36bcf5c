"""The tags of state machines.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_TagResource.html
"""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.support.embedded_cloud.state_machine_rights import ACCOUNT, REGION

NONE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:none"


class TestTags:
    def test_are_added_replaced_and_removed(self, sfn, create):
        arn = create(tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}])
        sfn.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "3"}, {"key": "c", "value": ""}])
        sfn.untag_resource(resourceArn=arn, tagKeys=["b", "none"])
        expected = [{"key": "a", "value": "3"}, {"key": "c", "value": ""}]
        assert sfn.list_tags_for_resource(resourceArn=arn)["tags"] == expected

    def test_of_nothing_are_refused(self, sfn, refused):
        """Recorded: test_sfn_api_tagging.snapshot.json::test_tag_state_machine_version."""
        expected = ("ResourceNotFound", f"Resource not found: '{NONE}'")
        assert refused(sfn.tag_resource, resourceArn=NONE, tags=[]) == expected

    def test_are_at_most_fifty(self, create):
        with pytest.raises(ClientError) as caught:
            create(tags=[{"key": str(number), "value": ""} for number in range(51)])
        assert caught.value.response["Error"]["Code"] == "TooManyTags"
