"""The Lambda functions of a pipeline's stack, by the names of their handlers' files in lambdas/. Pure.

The only list of them: tests compare lambdas/*.py with it, and `refit build` writes it to build.json for Terraform.
"""

from __future__ import annotations

from dataclasses import dataclass

ALWAYS = ("check_data", "notify_slack", "clean_up")
"""The functions of every stack."""
POLLING = ("start_training_job", "get_status", "deploy_model", "update_parameters")
"""With polling orchestration: with direct orchestration, Step Functions calls SageMaker and SSM itself."""
GATE = ("evaluate_model",)
CONTRACT = ("check_quality",)
ARRIVAL = ("object_arrived",)
"""Called by EventBridge, and by a run that finds another one running; the state machine calls all others, too."""

HANDLERS = tuple(sorted((*ALWAYS, *POLLING, *GATE, *CONTRACT, *ARRIVAL)))
"""All functions. The state machine calls each of them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The memory and the timeout of a function.

    The timeout is longer than a call to AWS with all its retries (lambdas/aws/clients.py), so that a state fails with
    the name of the error, and shorter than the TimeoutSeconds of its state.
    """

    memory_mb: int = 256
    timeout_seconds: int = 60


LIMITS = {
    # Lambda allocates CPU in proportion to memory. CheckData lists the window and hashes the result; EvaluateModel
    # reads the holdout, invokes the endpoint for it and scores the predictions. CheckQuality reads the window: it has
    # more than one processor, with the memory that every account may use, and the longest time that a function may run.
    # https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    "check_data": Limits(memory_mb=512),
    "check_quality": Limits(memory_mb=3008, timeout_seconds=900),
    "evaluate_model": Limits(memory_mb=1024, timeout_seconds=300),
}
"""The functions that need more than the default limits."""


def limits(handler: str) -> Limits:
    """The memory and the timeout of a handler's function."""
    return LIMITS.get(handler, Limits())


def of_stack(*, polling: bool, gate: bool, contract: bool, arrival: bool) -> tuple[str, ...]:
    """The functions of a stack with polling, with a gate, with a data contract, and with runs for arriving data."""
    optional = ((POLLING, polling), (GATE, gate), (CONTRACT, contract), (ARRIVAL, arrival))
    return (*ALWAYS, *(handler for some, wanted in optional if wanted for handler in some))
