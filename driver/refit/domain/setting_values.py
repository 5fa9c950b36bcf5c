"""The values of a pipeline's settings and SSM parameters that the driver and the Lambdas compare with. Pure."""

from __future__ import annotations

NEW_DAY = "new_day"
ANY_CHANGE = "any_change"
"""The values of `retrain_on`: a run trains on a day newer than the watermark, or on any change in the window."""

REJECT = "reject"
ACCEPT = "accept"
"""The values of `gate.on_incomparable`: what happens to a new model that cannot be compared with the live one."""

NEVER = "never"
"""The initial value, set by Terraform, of the watermark, of the run that it refers to, and of the deployed commit."""

NOT_HELD = "none"
"""The hold parameter while no user holds the pipeline; also its initial value, set by Terraform."""
