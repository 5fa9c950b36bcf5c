"""The messages that the Lambdas and the state machine both report: one template each.

The Lambdas fill them in with `str.format`. `refit.artifacts.expressions` turns them into JSONata for direct
orchestration. Fields are therefore plain names without format specifications, and templates have no line breaks.
"""

from __future__ import annotations

NO_REASON = "SageMaker gives no reason"

# Training jobs
NO_DETAIL = "no detail"
UNKNOWN_JOB_STATUS = "the training job {name} has the unknown status {status}"
JOB_ENDED = "the training job ended as {status} ({secondary})"
JOB_STILL_RUNNING = "the training job is still {status} ({secondary}) after {limit}"
AND_STOPPED = ", and was stopped"
"""Follows JOB_STILL_RUNNING once the run has stopped the job."""
JOB_MAY_RUN = "; the training job {name} may still be running, and the next run stops it"
"""Follows the error of a run that ended without knowing what became of its training job."""
JOB_CONFLICT = "the training job {name} exists with different {differing}"

# Endpoints
UNKNOWN_ENDPOINT_STATUS = "the endpoint {endpoint} has the unknown status {status}"
ENDPOINT_GONE = "the endpoint no longer exists"
ENDPOINT_NOT_IN_SERVICE = "the endpoint is {status}; SageMaker gives no reason"
ENDPOINT_STILL_CHANGING = "{endpoint} is still {status} after {limit}"
ROLLED_BACK = "rolled back: {endpoint} serves {current}, not {config} ({reason})"
SEE_ENDPOINT_LOG = "SageMaker gives no reason; see the endpoint's log"
"""The {reason} of ROLLED_BACK when SageMaker gives none."""

ENDPOINT_BUSY = "the endpoint {endpoint} is {status}, changing to {target}"
ENDPOINT_DELETING = "the endpoint {endpoint} is being deleted"
FOREIGN_ENDPOINT = (
    "the endpoint {endpoint} is on {current}, which no run of {pipeline} created, and {pipeline} has not deployed "
    "anything yet: set another endpoint.name, or delete the endpoint; to let the pipeline take it over, "
    "set the watermark to a day before its data"
)
ENDPOINT_FAILED = (
    "the endpoint {endpoint} is Failed ({reason}) and has served before; SageMaker only allows deleting it, which "
    "takes it out of service: delete it, then start a run with force"
)

# Models and endpoint configs
MODEL_CONFLICT = "the model {name} exists with other parameters"
ENDPOINT_CONFIG_CONFLICT = "the endpoint config {name} exists with other parameters"

# The lease
NO_HOLDER = "no execution"
"""The {holder} of LEASE_TAKEN when the object is missing or is not a lease."""
LEASE_TAKEN = "the lease is held by {holder}; this run cannot continue: start a new one"

# The watermark
WATERMARK_IS_NO_DATE = '{parameter}: "{watermark}" is not a date; write YYYY-MM-DD, or write "never" to start over'

# Approval
NO_ANSWER = "no answer within {limit}"
NOT_APPROVED = "not approved: no answer within {limit}"
REJECTED_BY = "rejected by {by}"
NO_NAME = "an unknown user"
"""The {by} of REJECTED_BY when the answer names none: everybody with the task token can answer, not only Refit."""
