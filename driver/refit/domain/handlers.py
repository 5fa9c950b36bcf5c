"""The Lambda functions of a pipeline's stack, by the names of their handlers' files in lambdas/. Pure.

The one list of them: tests hold lambdas/*.py and terraform/main.tf to it.
"""

from __future__ import annotations

ALWAYS = ("check_data", "notify_slack", "clean_up")
"""The functions of every stack."""
POLLING = ("start_training_job", "get_status", "deploy_model", "update_parameters")
"""With polling orchestration: with direct orchestration, Step Functions calls SageMaker and SSM itself."""
GATE = ("evaluate_model",)
ARRIVAL = ("object_arrived",)
"""Called by EventBridge; the others are states of a run, and called by the state machine."""

OF_STATES = tuple(sorted((*ALWAYS, *POLLING, *GATE)))
"""The functions that the state machine calls."""
HANDLERS = tuple(sorted((*OF_STATES, *ARRIVAL)))
"""All of them."""


def of_stack(*, polling: bool, gate: bool, arrival: bool) -> tuple[str, ...]:
    """The functions of a stack with polling orchestration, with a gate, and with runs that start when data arrives."""
    return (*ALWAYS, *(POLLING if polling else ()), *(GATE if gate else ()), *(ARRIVAL if arrival else ()))
