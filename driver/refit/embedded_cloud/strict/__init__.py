"""Strict mode: AWS's least convenient documented behaviour, so that what works here also works there.

Changes are visible late, calls are throttled, events are delivered twice. Delays are fractions of AWS's, in real
seconds; what happens to a share of the calls is decided by a seed. Each module names the pages that it follows.
"""

from __future__ import annotations

from refit.embedded_cloud.strict import settings


def install() -> None:
    """Puts strict mode in force in the server process, after the patches of ministack, unless it is switched off."""
    if not settings.enabled():
        return
    from refit.embedded_cloud.strict import (
        conditional_writes,
        definitions,
        executions,
        parameters,
        roles,
        rules,
        sagemaker_reads,
        schedules,
        throttling,
        versioning,
    )

    events = (rules, schedules)
    reads = (sagemaker_reads, executions, definitions, versioning)
    for each in (roles, parameters, *events, *reads, conditional_writes, throttling):
        each.install()
