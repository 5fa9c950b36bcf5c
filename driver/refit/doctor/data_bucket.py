"""Checks an existing bucket with data: its region, whether it can be listed, and whether it sends events for `arrival`.

If another account owns it, the checks contain the statements that its owner must add to its policies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from refit.aws.data_grants import needed_from
from refit.aws.session import Aws, calling
from refit.aws.stack import Stack
from refit.data import existing_bucket
from refit.data.existing_bucket import Topic
from refit.doctor.results import Check, failed, not_checked, not_ok, ok
from refit.errors import NotFound, RefitError
from refit.pipeline.model import Pipeline

SUBJECT = "data bucket"
EVENTS = "data events"
GRANTS = "data policies"
NAMES = {"bucket_policy": "the bucket's policy", "key_policy": "the key's policy"}


def check(pipeline: Pipeline, aws: Aws) -> Iterator[Check]:
    """The checks of `data.bucket`; none if the data is in the stack's own bucket."""
    if pipeline.data.bucket is None:
        return
    try:
        stack = Stack.of(pipeline, aws)
        findings = {one.topic: one for one in existing_bucket.found(aws, pipeline)}
    except RefitError as error:
        yield failed(SUBJECT, error, "allow s3:GetBucketNotification, or remove data.bucket")
        return
    yield _access(aws, stack, findings.get(Topic.REGION))
    if pipeline.arrival is not None:
        events = findings.get(Topic.EVENTS)
        if events is None:
            yield ok(EVENTS, f"{stack.data_bucket.name} sends its events to Amazon EventBridge")
        elif events.certain:
            yield not_ok(EVENTS, events.message, events.advice)
        else:
            yield not_checked(EVENTS, events.message, events.advice)
    if grants := needed_from(pipeline, stack):
        lines = [f"{NAMES[policy]}: {json.dumps(one)}" for policy, each in grants.items() for one in each]
        text = "\n".join(("statements that another account must have in its policies:", *lines))
        yield not_checked(GRANTS, text, "send them to the owner of the bucket, and of its key")


def _access(aws: Aws, stack: Stack, region: existing_bucket.Found | None) -> Check:
    if region:
        return not_ok(SUBJECT, region.message, region.advice)
    bucket, prefix = stack.data_bucket, stack.data_prefix
    try:
        with calling(f"list {bucket.uri(prefix)}"):
            aws.s3.list_objects_v2(**bucket.members, Prefix=prefix, MaxKeys=1)
    except NotFound:
        return not_ok(SUBJECT, f"there is no bucket {bucket.name}", "correct data.bucket")
    except RefitError as error:
        return failed(SUBJECT, error, f"allow your credentials s3:ListBucket on {bucket.name}; check data.bucket_owner")
    return ok(SUBJECT, f"{bucket.uri(prefix)} can be listed")
