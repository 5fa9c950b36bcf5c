"""The words of the run document: outcomes, statuses, decisions."""

from __future__ import annotations

NEW_DATA = "NewData"


NO_NEW_DATA = "NoNewData"


ALREADY_RUNNING = "AlreadyRunning"


REDEPLOY = "Redeploy"


NOTHING_TO_REDEPLOY = "NothingToRedeploy"


ROLLBACK = "Rollback"


HELD = "Held"


IN_PROGRESS = "InProgress"


JOB_COMPLETED = "JobCompleted"


JOB_FAILED = "JobFailed"


DEPLOYMENT_COMPLETED = "DeploymentCompleted"


DEPLOYMENT_FAILED = "DeploymentFailed"


ACCEPTED = "Accepted"


REJECTED = "Rejected"


NEW_DAY = "new_day"


ANY_CHANGE = "any_change"
"""What a pipeline retrains on: a day newer than the watermark alone, or any change of the days that it has seen."""


NEVER = "never"
"""The watermark before the first deployment, and the run that it came from."""


NOBODY = "none"
"""The hold parameter while nobody holds the pipeline."""


DEPLOYED = "Deployed"


TRAINED = "Trained"


MODEL_REJECTED = "ModelRejected"


UNEXPECTED_STATE = "UnexpectedState"


NOTHING_DONE = (NO_NEW_DATA, ALREADY_RUNNING, NOTHING_TO_REDEPLOY, HELD)
"""The outcomes of CheckData with which a run ends there."""
