"""The message texts that identify SageMaker's errors, which have no error codes of their own. Pure.

The texts are the service's, as users have reported them (for example aws/sagemaker-python-sdk#101,
awslabs/spot-tagging-bot-for-digital-assets#2, hashicorp/terraform-provider-aws#40048).
The Lambdas match them in Python, the state machine in JSONata.
"""

from __future__ import annotations

import re

ALREADY_EXISTS = "Cannot create already existing "
"""A model, endpoint config or endpoint of this name exists."""

CHANGE_IN_PROGRESS = "Cannot update in-progress endpoint"
"""The endpoint is being changed."""

ENDPOINT_NOT_FOUND = 'Could not find endpoint "'
ENDPOINT_CONFIG_NOT_FOUND = 'Could not find endpoint configuration "'
MODEL_NOT_FOUND = 'Could not find model "'

JOB_HAS_ENDED = "The request was rejected because the training job is in status "
"""StopTrainingJob was called for a job that has ended (awslabs/benchmark-ai#928)."""

QUOTA_COUNTS = re.compile(" is ([0-9]+) Instances, with .* request delta of ([0-9]+) Instances")
"""The quota and the number of requested instances (amazon-sagemaker-examples#307 and #1543)."""
