"""The errors with which a state fails, by the names that the state machine's `ErrorEquals` matches."""

from __future__ import annotations


class StateError(Exception):
    """The base class of the errors with which a state fails. `ErrorEquals` matches the class name."""


class InvalidEvent(StateError):
    """The execution's input is not a valid event."""


class InvalidSettings(StateError):
    """The pipeline's window cannot be computed: its dates are out of order, or its time zone is unknown."""


class InvalidParameter(StateError):
    """An SSM parameter of the pipeline is missing or has an invalid value."""


class MetricMissing(StateError):
    """The training job did not report the metric that the gate judges by."""


class ManifestConflict(StateError):
    """This run has already written the manifest with other objects."""


class SourceGone(StateError):
    """The code of the own algorithm was replaced after the run started and before CheckData copied it."""


class ForeignEndpoint(StateError):
    """The endpoint existed before this pipeline's first deployment, so the pipeline must not change or delete it."""


class LeaseLost(StateError):
    """Another execution has taken over the lease: this one was stopped, and redriven too late."""


class NameConflict(StateError):
    """A resource of this run's name exists with other parameters."""


class NotVisibleYet(StateError):
    """SageMaker does not find yet what this run has just created (eventual consistency); the state machine retries."""


class UnknownRegion(StateError):
    """SageMaker publishes no Linear Learner image for this region."""


class UnknownModel(StateError):
    """The live model is not known to come from a run of this pipeline; a run with force deploys one that does."""


class UnknownStatus(StateError):
    """SageMaker returned a status that this version does not know."""


class WatermarkNotAdvanced(StateError):
    """The watermark is older when it is read back than when it was written; the state machine retries."""


class EndpointBusy(StateError):
    """Another change of the endpoint is in progress; the state machine waits and retries."""


class EndpointFailed(StateError):
    """The endpoint has served and is in Failed: a user must decide whether to delete it."""


class QuotaInUse(StateError):
    """The account's quota is large enough but currently in use; the state machine waits and retries."""


class Throttled(StateError):
    """AWS throttled the calls, failed or was unreachable, beyond the SDK's retries; the state machine retries."""
