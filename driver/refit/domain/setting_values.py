"""The values of a pipeline's settings and SSM parameters that the driver and the Lambdas compare with. Pure."""

from __future__ import annotations

NEW_DAY = "new_day"
ANY_CHANGE = "any_change"
"""The values of `retrain_on`: a run trains on a day newer than the watermark, or on any change in the window."""

NEVER = "never"
"""The watermark before the first deployment, and the run that it came from. Terraform creates both so."""

NOT_HELD = "none"
"""The hold parameter while no user holds the pipeline. Terraform creates it so."""
