"""The errors that a state ends with."""

from __future__ import annotations


class StateError(Exception):
    """The root of the errors that a state ends with. The class name is what `ErrorEquals` matches."""


class InvalidEvent(StateError):
    """The execution's input is not an event that a run can start from."""


class InvalidSettings(StateError):
    """The pipeline's window cannot be computed here: its dates are out of order, or its time zone is unknown."""


class InvalidParameter(StateError):
    """The watermark parameter is missing, or holds something that is not a date."""


class MetricMissing(StateError):
    """The training job did not report the metric that the gate judges by."""


class ManifestConflict(StateError):
    """This run has already written a manifest, and it lists other objects."""


class SourceGone(StateError):
    """The code of the own algorithm was replaced by other code between the run's start and its CheckData."""


class ForeignEndpoint(StateError):
    """The endpoint was there before this pipeline deployed anything: it is not the pipeline's to change or delete."""


class LeaseLost(StateError):
    """Another execution has taken the lease since: this one was stopped, and then continued (redriven) too late."""


class NameConflict(StateError):
    """A resource of this run's name exists and was made by another request."""


class NotVisibleYet(StateError):
    """SageMaker does not find what this run has just made: it reads from a copy; the state machine asks again."""


class UnknownRegion(StateError):
    """SageMaker publishes no Linear Learner image for this region."""


class UnknownModel(StateError):
    """The endpoint does not serve, for certain, the model of a run of this pipeline: a run with force deploys one."""


class UnknownStatus(StateError):
    """SageMaker answered with a status that this version does not know."""


class WatermarkNotAdvanced(StateError):
    """The watermark was written and reads back older than that; the state machine writes it again a few times."""


class EndpointBusy(StateError):
    """The endpoint is being changed by somebody else; the state machine waits and asks again."""


class EndpointFailed(StateError):
    """The endpoint served before and is in Failed: only a person may decide to delete it."""


class QuotaInUse(StateError):
    """The account's quota is large enough, and others hold its instances for now; the state machine asks again."""


class Throttled(StateError):
    """AWS kept refusing for load, or could not be reached, beyond the SDK's retries; the state machine retries."""
