"""Runs the checks of `refit doctor` in order. Checks do not raise: if one is not possible, it reports that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from refit.aws.session import Aws
from refit.doctor import (
    credentials,
    data_bucket,
    embedded_cloud,
    machine,
    permissions,
    project,
    quotas,
    slack,
    state_bucket,
    training_data,
)
from refit.doctor import terraform as terraform_checks
from refit.doctor.results import Check, Status, not_checked
from refit.embedded_cloud.client import SLACK_API_PATH
from refit.errors import RefitError
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef, Project

NEED_AWS = (
    state_bucket.SUBJECT,
    permissions.APPLY,
    permissions.RUN,
    quotas.TRAINING,
    quotas.ENDPOINT,
    training_data.SUBJECT,
    slack.SUBJECT,
)


@dataclass(frozen=True)
class Examination:
    """The results, in the order in which to fix problems; `pipeline` is the key of the pipeline, if one was given."""

    pipeline: str | None
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether no check failed; checks that were not possible do not count."""
        return all(check.status is not Status.NOT_OK for check in self.checks)

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        checks = [check.document() for check in self.checks]
        return {"pipeline": self.pipeline, "passed": self.passed, "checks": checks}


def examine(name: str | None) -> Examination:
    """Checks the machine and the project, then the pipeline called `name` or, without a name, each environment.

    Raises PipelineNotFound if no pipeline has that name.
    """
    found, here = project.find()
    ref = here.find(name) if name and here else None
    checks = [machine.python(), found, terraform_checks.version()]
    if here:
        checks += _project(here, ref)
    return Examination(ref.key if ref else None, tuple(checks))


def _project(here: Project, ref: PipelineRef | None) -> Iterator[Check]:
    yield project.pinned_version(here)
    yield terraform_checks.lock_file(here)
    yield terraform_checks.provider(here, ref)
    yield machine.git(here.root)
    if ref is None:
        yield embedded_cloud.running(here)
        yield embedded_cloud.port(here)
        yield from _environments(here)
        return
    if ref.is_local:
        yield embedded_cloud.port(here)
        cloud = embedded_cloud.serves(ref)
        yield cloud
        if cloud.status is Status.NOT_OK:
            yield project.pipeline_file(ref)[0]
            yield from _not_checked(NEED_AWS, "needs the embedded cloud")
            return
    yield from _pipeline(ref)


def _environments(here: Project) -> Iterator[Check]:
    """The account and the state bucket of each environment on AWS; its first pipeline represents the others."""
    first = {ref.environment: ref for ref in reversed(here.pipelines()) if not ref.is_local}
    if not first:
        yield not_checked(credentials.SUBJECT, "no pipeline of this project runs on AWS")
    for environment, ref in sorted(first.items()):
        _, pipeline = project.pipeline_file(ref)
        checks, access = credentials.check(ref, pipeline.region if pipeline else None)
        if access:
            checks.append(state_bucket.check(ref, access))
        yield from (replace(check, subject=f"{check.subject} ({environment})") for check in checks)


def _pipeline(ref: PipelineRef) -> Iterator[Check]:
    valid, pipeline = project.pipeline_file(ref)
    yield valid
    if ref.is_local and pipeline:
        yield from embedded_cloud.libraries(pipeline)
    checks, access = credentials.check(ref, pipeline.region if pipeline else None)
    yield from checks
    if access is None:
        yield from _not_checked(NEED_AWS, "needs AWS credentials and a region")
        return
    yield state_bucket.check(ref, access)
    if pipeline is None:
        yield from _not_checked(NEED_AWS[1:], "needs a valid pipeline file")
        return
    yield from permissions.check(ref, pipeline, access, _bucket(ref))
    yield from quotas.check(pipeline, access.aws)
    yield from data_bucket.check(pipeline, access.aws)
    yield training_data.check(ref, pipeline, access.aws)
    yield _slack(pipeline, access.aws)


def _not_checked(subjects: Iterable[str], reason: str) -> Iterator[Check]:
    return (not_checked(subject, reason) for subject in subjects)


def _bucket(ref: PipelineRef) -> str | None:
    """The configured state bucket; None if none is configured, which state_bucket reports."""
    try:
        return state_bucket.settings(ref)["bucket"]
    except RefitError:
        return None


def _slack(pipeline: Pipeline, aws: Aws) -> Check:
    return slack.check(pipeline, aws, f"{aws.endpoint_url}{SLACK_API_PATH}" if aws.is_embedded else slack.API)
