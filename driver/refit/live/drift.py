"""Detects drift of a stack with a Terraform plan, and reports it in one GitHub issue (`refit drift PIPELINE`).

refit.live.differences compares what Terraform does not manage.
"""

from __future__ import annotations

from refit.artifacts.build import build
from refit.aws import target
from refit.github import Api, close_issue, hidden_marker, open_issue
from refit.github.markdown import code
from refit.project import PipelineRef
from refit.terraform.runner import Terraform

LABEL = "drift"
SHOWN_CHARACTERS = 50_000
"""Characters of the plan; GitHub accepts 65,536 in an issue."""


def drift(ref: PipelineRef) -> str:
    """Terraform's plan if the stack has drifted from its file, else "".

    Raises the build's InvalidPipeline and BuildError, and CloudError and TerraformError like `refit terraform`.
    """
    build(ref)
    return Terraform(ref, target.for_terraform(ref)).drift()


def report(ref: PipelineRef, plan: str, api: Api) -> str | None:
    """Opens or updates the pipeline's issue with `plan`, or closes it if the plan is empty.

    Returns the URL of the issue; None if there is none. Raises GitHubError.
    """
    marker = hidden_marker(f"drift:{ref.key}")
    if not plan:
        return close_issue(api, marker, LABEL, f"{code(ref.key)} no longer has drift.")
    advice = "Apply the pipeline again, or update its file with the manual change."
    # Terraform's text may contain backticks: indented, it can neither end its block nor mention anyone.
    block = "\n".join(f"    {line}" for line in plan[:SHOWN_CHARACTERS].splitlines())
    return open_issue(api, marker, LABEL, f"{ref.key} has drifted", f"{advice}\n\n{block}\n")
