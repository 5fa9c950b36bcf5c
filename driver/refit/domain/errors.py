"""The errors that make a state fail, with the names that the state machine's `ErrorEquals` matches."""

from __future__ import annotations


class StateError(Exception):
    """The base class of the errors that make a state fail. `ErrorEquals` matches the class name."""


class InvalidEvent(StateError):
    """The execution's input is not a valid event."""


class InvalidSettings(StateError):
    """The pipeline's window cannot be computed: its dates are out of order, or its time zone is unknown."""


class InvalidParameter(StateError):
    """An SSM parameter of the pipeline is missing or has an invalid value."""


class MetricMissing(StateError):
    """The training job did not report the gate's metric."""


class ManifestConflict(StateError):
    """An earlier attempt of this run wrote the manifest with different objects."""


class DataChanged(StateError):
    """An object of the run's data was deleted or replaced while CheckQuality read it."""


class WindowTooLarge(StateError):
    """The window has more data than CheckQuality can read; without the check, nothing is trained."""


class SourceGone(StateError):
    """The custom algorithm's code was replaced after the run started and before CheckData copied it."""


class ForeignEndpoint(StateError):
    """The endpoint existed before this pipeline's first deployment, so the pipeline must not change or delete it."""


class LeaseLost(StateError):
    """Another execution has taken over the lease: this one was stopped, and redriven too late."""


class NameConflict(StateError):
    """A resource with this run's name exists with different parameters."""


class NotVisibleYet(StateError):
    """SageMaker does not yet find a resource of this run (eventual consistency); the state machine retries."""


class UnreadableData(StateError):
    """The algorithm would not read some objects of the window, and train without them."""


class UnknownRegion(StateError):
    """SageMaker publishes no image of the pipeline's algorithm for this region."""


class UnknownModel(StateError):
    """The live model is not known to come from a run of this pipeline; a run with force deploys one that does."""


class UnknownStatus(StateError):
    """SageMaker returned a status that this version does not know."""


class WatermarkNotAdvanced(StateError):
    """The watermark that was read back is older than the one that was written; the state machine retries."""


class EndpointBusy(StateError):
    """Another change of the endpoint is in progress; the state machine waits and retries."""


class EndpointFailed(StateError):
    """The endpoint has served before and is now Failed: a user must decide whether to delete it."""


class QuotaInUse(StateError):
    """The account's quota is large enough but currently in use; the state machine waits and retries."""


class Throttled(StateError):
    """AWS throttled the calls, failed or was unreachable, beyond the SDK's retries; the state machine retries."""
