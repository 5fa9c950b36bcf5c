"""`refit drift PIPELINE`: does what runs still match what is declared, and does GitHub's one issue say so?"""

from __future__ import annotations

from refit.artifacts.build import build
from refit.aws import target
from refit.github import Api, close_issue, hidden_marker, open_issue
from refit.github.markdown import code
from refit.project import PipelineRef
from refit.terraform.runner import Terraform

LABEL = "drift"
SHOWN_CHARACTERS = 50_000
"""Of the plan; an issue takes 65,536 characters in all."""


def drift(ref: PipelineRef) -> str:
    """Terraform's plan when the stack has drifted from its file; empty when it has not.

    Raises InvalidPipeline or BuildError from the build, CloudError and TerraformError as terraform's own commands do.
    """
    build(ref)
    return Terraform(ref, target.environment(ref)).drift()


def report(ref: PipelineRef, plan: str, api: Api) -> str | None:
    """Opens the pipeline's one issue with `plan`, or closes it when there is none; returns its address, if it has one.

    Raises GitHubError.
    """
    marker = hidden_marker(f"drift:{ref.key}")
    if not plan:
        return close_issue(api, marker, LABEL, f"{code(ref.key)} has no drift any more.")
    advice = "Apply the pipeline again, or write in its file what was changed by hand."
    # Terraform's text may hold backticks: indented, it can neither end its block nor mention anybody.
    block = "\n".join(f"    {line}" for line in plan[:SHOWN_CHARACTERS].splitlines())
    return open_issue(api, marker, LABEL, f"{ref.key} has drifted", f"{advice}\n\n{block}\n")
