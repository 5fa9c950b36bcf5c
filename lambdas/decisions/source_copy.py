"""The code of an own algorithm: a run keeps a copy of its own, beside the model that it makes.

Terraform replaces the code as soon as it changes. A model that serves, or is kept for a rollback, needs its code for as
long as its artifact: the serving toolkit reads it from S3 whenever an instance starts.
https://github.com/aws/sagemaker-inference-toolkit
"""

from __future__ import annotations

from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.aws.errors import code
from refit.domain.errors import SourceGone
from refit.domain.run_document import Run


def keep(run: Run, deployed: str) -> str:
    """Copies the code at the s3:// URI `deployed` to where the run's model will be; the copy's URI.

    Raises SourceGone when Terraform has put other code in its place since the run began.
    """
    bucket, _, key = deployed.removeprefix("s3://").partition("/")
    copy = f"models/{run['pipeline']}/{run['name']}/{key}"
    try:
        # Its tags, if somebody gave it any, are not copied: that would need rights of their own.
        clients.s3().copy_object(
            Bucket=run["bucket"], Key=copy, CopySource={"Bucket": bucket, "Key": key}, TaggingDirective="REPLACE"
        )
    except ClientError as error:
        if code(error) == "NoSuchKey":
            raise SourceGone(
                f"{deployed} is gone: the stack was applied with other code since this run began"
            ) from error
        raise
    return f"s3://{run['bucket']}/{copy}"
