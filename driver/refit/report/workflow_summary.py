"""Formats the results of `refit trigger` in GitHub's Markdown: the summary of a workflow's step."""

from __future__ import annotations

from refit.github.markdown import code
from refit.plan.trigger_results import PipelineResult, TriggerResult


def summary(triggered: TriggerResult) -> str:
    """The results, one row per pipeline."""
    if not triggered.results:
        return "## Refit\n\nNo pipeline changed, so no run starts.\n"
    commit = f" of {code(triggered.plan.head.short)}" if triggered.plan.head else ""
    rows = [
        "| pipeline | action | run | outcome | seconds | why |",
        "|---|---|---|---|---:|---|",
        *(_row(result) for result in triggered.results),
    ]
    failed = len(triggered.failures)
    verdict = f"**{failed} of {len(triggered.results)} failed.**" if failed else "Nothing failed."
    if triggered.held:
        verdict += f" **{len(triggered.held)} of {len(triggered.results)} held:** nothing was changed there."
    return f"## Refit: the runs{commit}\n\n{verdict}\n\n" + "\n".join(rows) + "\n"


def _row(result: PipelineResult) -> str:
    outcome = result.outcome or result.how
    cells = [
        code(result.pipeline),
        result.action,
        code(result.run) if result.run else "",
        f"**{code(outcome)}**" if result.failed else code(outcome),
        f"{result.seconds:.0f}" if result.seconds is not None else "",
        code(result.reason, 300) if result.reason else "",
    ]
    return f"| {' | '.join(cells)} |"
