"""The values on which the state machine branches, and the outcomes of a run. Pure.

The Lambdas return them, the Choice states of `asl/` compare with them, and the driver reports them. No other product
code repeats them as literals, as a test checks (tests/repository/test_outcomes.py).
"""

from __future__ import annotations

# --- `outcome` of the run document: set by CheckData, read by CheckDataBranch ---

NEW_DATA = "NewData"
"""The run trains on the window."""
NO_NEW_DATA = "NoNewData"
ALREADY_RUNNING = "AlreadyRunning"
"""Another execution has the lease."""
HELD = "Held"
"""A user holds the pipeline: no run may replace the live model."""
REDEPLOY = "Redeploy"
"""The run deploys the live model with new settings."""
ROLLBACK = "Rollback"
"""The run deploys the model of an earlier run."""
NOTHING_TO_REDEPLOY = "NothingToRedeploy"
"""The model that a redeployment or a rollback would deploy is live with these settings already, or none is live."""

# --- `status.state`: set by GetStatus, read by CheckStatusBranch ---

IN_PROGRESS = "InProgress"
JOB_COMPLETED = "JobCompleted"
JOB_FAILED = "JobFailed"
DEPLOYMENT_COMPLETED = "DeploymentCompleted"
DEPLOYMENT_FAILED = "DeploymentFailed"

# --- `quality.decision`, set by CheckQuality, and `evaluation.decision`, set by EvaluateModel or a user ---

ACCEPTED = "Accepted"
REJECTED = "Rejected"

# --- `end.state`: the last state of a run, in its record, its reports and Step Functions ---

DEPLOYED = "Deployed"
TRAINED = "Trained"
"""The run trained a model and was started not to deploy it (`train_only`)."""
DATA_REJECTED = "DataRejected"
"""The data breaks the pipeline's contract: nothing was trained."""
MODEL_REJECTED = "ModelRejected"
UNEXPECTED_STATE = "UnexpectedState"
"""A state returned something that this version of the state machine does not know."""

NOTHING_DONE = (NO_NEW_DATA, ALREADY_RUNNING, NOTHING_TO_REDEPLOY, HELD)
"""The outcomes of CheckData in which a run ends at once."""
SUCCESSES = (DEPLOYED, *NOTHING_DONE, TRAINED)
"""The Succeed states."""

# --- How the driver reports a run that has not ended in a state of its own ---

STILL_RUNNING = "Running"
TIMED_OUT = "TimedOut"
ABORTED = "Aborted"
UNREADABLE = "Unreadable"
"""The run's record is not in the format that runs write."""

# --- `outcome` of ObjectArrived: its action on the schedule that starts a run ---

NO_DATA = "NoData"
"""The object is not a day's data."""
PLANNED = "Planned"
"""It created the schedule."""
MOVED = "Moved"
"""It postponed the start."""
UNMOVED = "Unmoved"
"""The planned start is already late enough."""
SEEN = "Seen"
"""The run that is about to start will see the object."""
