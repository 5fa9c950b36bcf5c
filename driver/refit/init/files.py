"""Renders the files of a team's own repository from the answers of `refit init`. Does not write them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template

from refit import refit_toml
from refit.init.answers import Answers
from refit.init.installed import Requirement
from refit.pipeline import files as pipeline_file
from refit.project import LOCAL, PipelineRef, Project, stack_dir
from refit.version import VERSION

TEMPLATES = Path(__file__).with_name("templates")
WORKFLOWS = ("ci", "plan", "deploy", "drift")
BUCKET_MODULE = '"../modules/bucket"'
"""The only module outside the bootstrap's folder; it is copied into a subfolder."""

DAILY = 'schedule = { expression = "rate(1 day)", timezone = "UTC" }'
BY_HAND = "schedule = { enabled = false } # on the embedded cloud, refit trigger starts the runs"
"""A rate schedule fires when it is applied, and its run may train on uploaded data before the user starts one."""


class _Text(Template):
    """Uses `@{name}` as a placeholder, because GitHub and Terraform use `$` in their templates; `@@` is one `@`."""

    delimiter = "@"


@dataclass(frozen=True)
class GeneratedFile:
    """The text of one file. A file that the team maintains from the start is written `once` and never compared."""

    text: str
    once: bool = False


def render(project: Project, answers: Answers, requirement: Requirement | None) -> dict[str, GeneratedFile]:
    """Every file of the repository: its path with slashes → its text.

    Omits the requirements files without `requirement`, and the workflows without `answers.workflows`. Raises
    InvalidPipeline or InvalidSettings if an answer leads to an invalid file.
    """
    files = dict(_pipelines(project, answers))
    files[refit_toml.FILE] = GeneratedFile(_settings(answers))
    files["README.md"] = GeneratedFile(_readme(answers))
    files[".gitignore"] = GeneratedFile(_template("gitignore"))
    owners = answers.owners or "@organization/team"
    files[".github/CODEOWNERS"] = GeneratedFile(
        _template("CODEOWNERS", owners=owners, mark="" if answers.owners else "# ")
    )
    if requirement:
        files["requirements.txt"] = GeneratedFile(_requirements(requirement, "driver", ""))
        extra = ", with the embedded cloud"
        files["requirements-local.txt"] = GeneratedFile(_requirements(requirement, "local", extra))
    if answers.workflows:
        repository, _, commit = answers.workflows.partition("@")
        for name in WORKFLOWS:
            text = _template(f"workflows/{name}.yml", repository=repository, commit=commit, version=VERSION)
            files[f".github/workflows/{name}.yml"] = GeneratedFile(text)
    if answers.bootstrap:
        files.update(_bootstrap())
    return files


def _pipelines(project: Project, answers: Answers) -> Iterator[tuple[str, GeneratedFile]]:
    """The pipeline of the environment, and one with the same name on the embedded cloud, to try it out."""
    for environment in dict.fromkeys((LOCAL, answers.environment)):
        ref = PipelineRef(project, project.pipelines_dir / environment / f"{answers.pipeline}.tfvars")
        text = _pipeline(answers, local=environment == LOCAL)
        pipeline_file.parse(pipeline_file.Source(text.encode()), ref)
        yield ref.display_path, GeneratedFile(text, once=True)


def _pipeline(answers: Answers, *, local: bool) -> str:
    name = f"{answers.pipeline} on the embedded cloud" if local else answers.pipeline
    channel = f"channel = {json.dumps(answers.slack_channel or 'ml-deployments')}"
    slack = f'slack = {{ {channel}, token_parameter = "/refit/slack-token" }}'
    fast = "poll_interval_seconds = 1    # a job on the embedded cloud takes seconds\n"
    return (
        _template(
            "pipeline.tfvars",
            title=f"{name}: the model is retrained{'' if local else ' every day'} and replaced without downtime.",
            pipeline=json.dumps(answers.pipeline),
            region=json.dumps(answers.region),
            prefix=json.dumps(answers.data_prefix),
            features=str(answers.features),
            slack=slack if answers.slack_channel else f"# {slack}",
            schedule=BY_HAND if local else DAILY,
            local=f"\n{fast}force_destroy         = true # its bucket contains only copies\n" if local else "",
        ).rstrip("\n")
        + "\n"
    )


def _settings(answers: Answers) -> str:
    name = "prod" if answers.environment == LOCAL else answers.environment
    account = answers.account or "123456789012"
    mark = "" if answers.account and answers.environment != LOCAL else "# "
    lines = (
        f"{mark}[environments.{name}]",
        f'{mark}account      = "{account}" # the only account that commands for this environment may use',
        f'{mark}state_bucket = "refit-terraform-state-{account}"',
        f'{mark}region       = "{answers.region}" # of the state bucket',
    )
    text = _template("refit.toml", version=VERSION, environments="\n".join(lines))
    refit_toml.parse(text.encode())
    return text


def _readme(answers: Answers) -> str:
    repository = (answers.workflows or "").partition("@")[0]
    return _template(
        "README.md",
        refit=f"[Refit](https://github.com/{repository})" if repository else "Refit",
        pipeline=answers.pipeline,
        environment=answers.environment,
        features=str(answers.features),
    )


def _requirements(requirement: Requirement, lock: str, extra: str) -> str:
    pins = (stack_dir() / "requirements" / f"{lock}.txt").read_text(encoding="utf-8").rstrip("\n")
    return _template("requirements.txt", version=VERSION, extra=extra, refit=str(requirement), lock=pins)


def _bootstrap() -> Iterator[tuple[str, GeneratedFile]]:
    """The Terraform code for an account's state bucket and roles, with its only module in a subfolder."""
    terraform = stack_dir() / "terraform"
    folders = {terraform / "bootstrap": "terraform/bootstrap", terraform / "modules" / "bucket": _BUCKET}
    for folder, target in folders.items():
        for file in sorted((*folder.glob("*.tf"), *folder.glob(".terraform.lock.hcl"))):
            text = file.read_text(encoding="utf-8").replace(BUCKET_MODULE, '"./state_bucket"')
            yield f"{target}/{file.name}", GeneratedFile(text)


_BUCKET = "terraform/bootstrap/state_bucket"


def _template(name: str, **values: str) -> str:
    return _Text((TEMPLATES / name).read_text(encoding="utf-8")).substitute(values)
