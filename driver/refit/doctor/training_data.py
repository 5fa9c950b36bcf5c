"""Checks that the bucket has the data that a run of this moment would train on."""

from __future__ import annotations

from datetime import UTC, datetime

from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.data.coverage import Coverage, survey
from refit.doctor.results import Check, failed, not_checked, not_ok, ok
from refit.domain.errors import StateError
from refit.domain.formatting import counted
from refit.domain.window import window_of
from refit.errors import NotFound, RefitError
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef

SUBJECT = "training data"


def check(ref: PipelineRef, pipeline: Pipeline, aws: Aws) -> Check:
    """Whether the current window has enough data. If not, names an object whose name may be the reason."""
    try:
        window = window_of(pipeline.window.settings, datetime.now(UTC))
        found = survey(aws, Stack.of(pipeline, aws).data_bucket, pipeline, window)
    except NotFound:
        if pipeline.data.bucket:  # doctor/data_bucket.py says more
            return not_checked(SUBJECT, f"there is no bucket {pipeline.data.bucket}")
        return not_checked(SUBJECT, "the pipeline is not applied", f"refit terraform apply {ref.key}")
    except RefitError as error:
        return failed(SUBJECT, error, "allow s3:ListBucket")
    except StateError as error:
        return not_checked(SUBJECT, str(error))
    if found.enough:
        return ok(SUBJECT, _days(found))
    return not_ok(SUBJECT, "\n".join((_days(found), *found.unread)), f"refit validate --live {ref.key}")


def _days(found: Coverage) -> str:
    have = f"{len(found.with_data)} of {counted(len(found.window), 'day')} from {found.window} have data"
    return f"{have}, and a run needs {found.needed}"
