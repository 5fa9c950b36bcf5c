"""The fields and links of a Slack message, in any phase of a run: the data that is known so far. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambdas.slack import evaluation_text
from refit.domain import console_links, formatting
from refit.domain.console_links import Link
from refit.domain.date_ranges import count
from refit.domain.outcomes import NEW_DATA, REJECTED
from refit.domain.setting_values import NEVER


def fields(run: Mapping[str, Any]) -> dict[str, str]:
    """Labels and values in reading order, ten at most; empty if CheckData itself failed."""
    if "outcome" not in run:
        return {}
    status, evaluation, approval = (run.get(section, {}) for section in ("status", "evaluation", "approval"))
    where, metrics = formatting.most_important(status.get("metrics") or {})
    rows = evaluation.get("rows")
    shown = {
        **_data(run),
        where: metrics,
        "Challenger": _measured(run, evaluation_text.challenger(run)),
        "Champion": _measured(run, evaluation_text.champion(run)),
        "Rows evaluated": f"{rows:,}" if rows else "",
        "Model": run["model"] if "model" in run else _trained(run),
        "Watermark": run.get("parameters", run)["watermark"] or NEVER,
        "Approved by" if approval.get("approved") else "Rejected by": approval.get("by") or "",
    }
    return {label: value for label, value in shown.items() if value}


def links(run: Mapping[str, Any], execution_arn: str, region: str) -> list[Link]:
    """Console pages of the run: the execution, its training job, and the endpoint once there is one."""
    pages = [console_links.execution(region, execution_arn)]
    if _trained(run):
        pages.append(console_links.training_job(region, run["name"]))
    if "deployment" in run or run.get("watermark"):
        pages.append(console_links.endpoint(region, run["endpoint"]))
    return pages


def _data(run: Mapping[str, Any]) -> dict[str, str]:
    if "model" in run:
        return {}
    window, days = run["window"], run["days"]
    skipped = run.get("quality", {}).get("skipped", [])
    used = {
        "trained on": days["train"],
        "held out": days["validation"],
        "left out": skipped,
        "without data": days["missing"],
    }
    return {
        "Window": f"{window['start']} to {window['end']}",
        "Days": ", ".join(f"{count(found):,} {use}" for use, found in used.items() if found),
        "Data": f"{formatting.counted(run['objects'], 'object')}, {formatting.size(run['bytes'])}"
        if run["objects"]
        else "",
    }


def _trained(run: Mapping[str, Any]) -> str:
    """The name of the run's training job and model, "" if the run trains nothing."""
    is_rejected = run.get("quality", {}).get("decision") == REJECTED
    return run["name"] if run.get("outcome") == NEW_DATA and not is_rejected else ""


def _measured(run: Mapping[str, Any], found: str) -> str:
    return f"{formatting.named(run['evaluation']['metric'])} {found}" if found else ""
