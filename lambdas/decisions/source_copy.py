"""Copies the code of a custom algorithm for a run, next to the model that the run trains.

Terraform replaces the code as soon as it changes. A model that is live, or kept for a rollback, needs its code as long
as its artifact: the serving toolkit reads it from S3 whenever an instance starts.
https://github.com/aws/sagemaker-inference-toolkit
"""

from __future__ import annotations

from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.aws.errors import code
from refit.domain.errors import SourceGone
from refit.domain.run_document import Run


def keep(run: Run, deployed: str) -> str:
    """Copies the code from the s3:// URI `deployed` to the folder of the run's model, and returns the copy's URI.

    Raises SourceGone if Terraform has replaced the code since the run started.
    """
    bucket, _, key = deployed.removeprefix("s3://").partition("/")
    copy = f"models/{run['pipeline']}/{run['name']}/{key}"
    try:
        # Tags are not copied: that would need additional permissions.
        clients.s3().copy_object(
            Bucket=run["bucket"], Key=copy, CopySource={"Bucket": bucket, "Key": key}, TaggingDirective="REPLACE"
        )
    except ClientError as error:
        if code(error) == "NoSuchKey":
            raise SourceGone(
                f"{deployed} no longer exists: the stack was applied with other code after this run started"
            ) from error
        raise
    return f"s3://{run['bucket']}/{copy}"
