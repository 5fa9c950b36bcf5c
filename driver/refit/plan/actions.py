"""What a new value of each field requires: retrain, redeploy, or only apply."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Action(StrEnum):
    """What a merge does to a pipeline in addition to `terraform apply`: the first that one of its fields requires."""

    RETRAIN = "retrain"
    """A run trains on the window and deploys the new model."""
    REDEPLOY = "redeploy"
    """A run deploys the live model with new endpoint settings; nothing is trained."""
    APPLY_ONLY = "apply-only"
    """No run: `terraform apply` is enough, and later runs use the new values."""
    NONE = "none"
    """Nothing: the pipeline's file was removed, or is invalid."""


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "pipeline": Action.RETRAIN,
        "region": Action.RETRAIN,
        "schedule.expression": Action.APPLY_ONLY,
        "schedule.timezone": Action.APPLY_ONLY,
        "schedule.enabled": Action.APPLY_ONLY,
        "arrival.quiet_minutes": Action.APPLY_ONLY,
        "arrival.max_wait_minutes": Action.APPLY_ONLY,
        "orchestration": Action.APPLY_ONLY,
        "retrain_on": Action.APPLY_ONLY,
        "data.bucket": Action.RETRAIN,
        # Who may own the bucket, and how its objects are encrypted: the data itself is the same.
        "data.bucket_owner": Action.APPLY_ONLY,
        "data.kms_key_arn": Action.APPLY_ONLY,
        "data.prefix": Action.RETRAIN,
        "data.layout": Action.RETRAIN,
        "data.ready": Action.RETRAIN,
        "data.format": Action.RETRAIN,
        "data.content_type": Action.RETRAIN,
        "data.feature_dim": Action.RETRAIN,
        "data.stale_after_days": Action.APPLY_ONLY,
        # What later runs check their data by. The live model was trained on data that passed the check of its time.
        "data.schema": Action.APPLY_ONLY,
        "data.schema_file": Action.APPLY_ONLY,
        "data.rows.min": Action.APPLY_ONLY,
        "data.rows.max_change": Action.APPLY_ONLY,
        "data.on_bad_day": Action.APPLY_ONLY,
        "data.check_layer_arn": Action.APPLY_ONLY,
        "drift.max_psi": Action.APPLY_ONLY,
        "window.days": Action.RETRAIN,
        "window.weeks": Action.RETRAIN,
        "window.months": Action.RETRAIN,
        "window.expanding_from": Action.RETRAIN,
        "window.start": Action.RETRAIN,
        "window.end": Action.RETRAIN,
        "window.holdout_days": Action.RETRAIN,
        "window.min_days": Action.RETRAIN,
        "window.lag_days": Action.RETRAIN,
        "window.timezone": Action.RETRAIN,
        "training.algorithm": Action.RETRAIN,
        "training.image": Action.RETRAIN,
        "training.predictor_type": Action.RETRAIN,
        "training.instance_type": Action.RETRAIN,
        "training.instance_count": Action.RETRAIN,
        "training.volume_gb": Action.RETRAIN,
        "training.max_runtime_minutes": Action.RETRAIN,
        "training.hyperparameters": Action.RETRAIN,
        "training.source": Action.RETRAIN,
        "training.entry_point": Action.RETRAIN,
        "training.channels": Action.RETRAIN,
        "training.input_mode": Action.RETRAIN,
        "training.metrics": Action.RETRAIN,
        # An endpoint with another name has no model yet that could be redeployed.
        "endpoint.name": Action.RETRAIN,
        "endpoint.instance_type": Action.REDEPLOY,
        "endpoint.instance_count": Action.REDEPLOY,
        "endpoint.timeout_minutes": Action.APPLY_ONLY,
        # How the next deployment proceeds. The endpoint itself stays the same, so there is nothing to redeploy.
        "endpoint.deployment.strategy": Action.APPLY_ONLY,
        "endpoint.deployment.batch_percent": Action.APPLY_ONLY,
        "endpoint.deployment.wait_seconds": Action.APPLY_ONLY,
        "endpoint.deployment.termination_wait_seconds": Action.APPLY_ONLY,
        "endpoint.deployment.timeout_minutes": Action.APPLY_ONLY,
        "endpoint.deployment.alarms": Action.APPLY_ONLY,
        "endpoint.keep": Action.APPLY_ONLY,
        # How the next model is evaluated. The live model was evaluated by the rules of its time.
        "gate.metric": Action.APPLY_ONLY,
        "gate.max": Action.APPLY_ONLY,
        "gate.min": Action.APPLY_ONLY,
        "gate.max_regression": Action.APPLY_ONLY,
        "gate.sample_rows": Action.APPLY_ONLY,
        "gate.on_incomparable": Action.APPLY_ONLY,
        "gate.advance_on_reject": Action.APPLY_ONLY,
        "approval.timeout_minutes": Action.APPLY_ONLY,
        "slack.channel": Action.APPLY_ONLY,
        "slack.token_parameter": Action.APPLY_ONLY,
        "slack.token_secret": Action.APPLY_ONLY,
        "alarms.actions": Action.APPLY_ONLY,
        "retention.run_days": Action.APPLY_ONLY,
        "retention.model_days": Action.APPLY_ONLY,
        "poll_interval_seconds": Action.APPLY_ONLY,
        "bucket": Action.RETRAIN,
        # A model keeps the role that it was created with, and Terraform may delete that role.
        "sagemaker_role_arn": Action.RETRAIN,
        "log_retention_days": Action.APPLY_ONLY,
        "force_destroy": Action.APPLY_ONLY,
        "tags": Action.APPLY_ONLY,
    }
)
"""Every field of a pipeline file, and what a new value of it requires."""


_ORDER = {field: place for place, field in enumerate(ACTIONS)}


REMARKS: Mapping[str, str] = MappingProxyType(
    {
        "region": "The stack in the old region remains, with its endpoint, schedule and data, and Terraform no longer "
        "manages it: destroy it before the merge.",
        "bucket": "Terraform replaces the bucket. Data, models and run files are not moved, and the apply fails if the "
        "old bucket is not empty, unless force_destroy is set.",
        "data.bucket": "Runs read this bucket only. Data in the bucket before is neither moved nor deleted, and models "
        "and run files stay in the stack's own bucket.",
        "data.kms_key_arn": "Objects that are encrypted with the key before can no longer be read.",
        "data.prefix": "Data under the old prefix is not moved.",
        "data.layout": "Objects in the old layout are no longer read, and are not renamed.",
        "data.ready": "If it is set, days that lack this marker do not count.",
        "data.format": "Objects of the old format are not converted. Whatever is in the folder of a day is read, so "
        "the training job fails if objects of the old format are left there.",
        "data.content_type": "Objects of the old format are not converted, and a training job fails if it reads them.",
        "training.input_mode": "The code of a custom image must read its data in this mode.",
        "endpoint.name": "The endpoint with the old name remains in service and is billed: delete it when no client "
        "uses it any more.",
    }
)
"""What a reviewer must know about a new value of a field."""

MODELS_DIFFER = ("data.feature_dim", "training.predictor_type")
"""The fields with whose new value the live model can no longer be compared with a new one on the same rows."""

INCOMPARABLE = (
    "gate.max_regression rejects the new model: the live model cannot predict the new rows, so the two cannot be "
    'compared. Write on_incomparable = "accept" in gate to deploy it, and remove that line after the first deployment.'
)


REMOVED = (
    "Nothing is destroyed: the stack, its schedule (which continues to start runs), its endpoint and its bucket "
    "remain. To delete them, restore the file, run refit terraform destroy with --delete-endpoint, and remove the file "
    "again."
)


UNREADABLE_BEFORE = "The file was invalid before, so there is nothing to compare it with."
