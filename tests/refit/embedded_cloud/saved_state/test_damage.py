"""A cloud whose saved state is damaged, or whose disk is full, says so, loses nothing without a word, and goes on."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import resource
import sys
import zipfile
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from refit.embedded_cloud import lifecycle
from refit.errors import CloudError
from tests.support.waiting import until

BUCKET = "refit-terraform-state"


def client(service: str, cloud: lifecycle.Cloud) -> Any:
    """A client with the cloud's root key that makes one attempt."""
    return boto3.client(
        service,
        endpoint_url=cloud.endpoint_url,
        region_name=cloud.region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


def put(cloud: lifecycle.Cloud, value: str) -> None:
    client("ssm", cloud).put_parameter(Name="/mine", Value=value, Type="String", Overwrite=True)


def mine(cloud: lifecycle.Cloud) -> str:
    return str(client("ssm", cloud).get_parameter(Name="/mine")["Parameter"]["Value"])


def test_a_damaged_state_is_refused_kept_and_can_be_restored(state_dir: Path) -> None:
    put(lifecycle.start(state_dir, 0), "x")
    lifecycle.stop(state_dir)
    saved = {path: path.read_bytes() for path in (state_dir / "state").glob("*.json")}
    damaged = {path: data[:-5] for path, data in saved.items()}
    for path, data in damaged.items():
        path.write_bytes(data)

    with pytest.raises(CloudError, match=f"{len(saved)} files are damaged: {state_dir}/state/") as caught:
        lifecycle.start(state_dir, 0)
    assert caught.value.hint == "restore the state folder from a copy, or delete the whole state: refit local reset"
    assert {path: path.read_bytes() for path in damaged} == damaged
    assert lifecycle.running(state_dir) is None

    for path, data in saved.items():
        path.write_bytes(data)
    assert mine(lifecycle.start(state_dir, 0)) == "x"


def test_a_damaged_state_can_be_deleted(state_dir: Path) -> None:
    put(lifecycle.start(state_dir, 0), "x")
    lifecycle.stop(state_dir)
    (state_dir / "state" / "ssm.json").write_bytes(b"")
    with pytest.raises(CloudError, match="1 file is damaged"):
        lifecycle.start(state_dir, 0)
    lifecycle.reset(state_dir)
    assert client("ssm", lifecycle.start(state_dir, 0)).describe_parameters()["Parameters"] != []


def test_the_code_of_a_function_is_kept_until_its_deletion_is_saved_and_must_not_be_damaged(state_dir: Path) -> None:
    cloud = lifecycle.start(state_dir, 0, extra_env={"REFIT_LOCAL_SAVE_SECONDS": "3600"})
    first, second = new_function(cloud, "first"), new_function(cloud, "second")
    cloud.save()
    client("lambda", cloud).delete_function(FunctionName="first")
    cloud.save()
    code = state_dir / "state" / "lambda-blobs"
    assert {path.name for path in code.iterdir()} == {first, second}
    lifecycle.stop(state_dir)
    lifecycle.start(state_dir, 0)
    assert {path.name for path in code.iterdir()} == {second}
    lifecycle.stop(state_dir)

    (code / second).write_bytes((code / second).read_bytes()[:-5])
    with pytest.raises(CloudError, match=f"lambda.json .*{second} is missing or damaged"):
        lifecycle.start(state_dir, 0)


def new_function(cloud: lifecycle.Cloud, name: str) -> str:
    """Creates a function with code of its own; returns the name of the file that has it."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("main.py", f"# {name}")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = client("iam", cloud).create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    code = {"ZipFile": zipped.getvalue()}
    client("lambda", cloud).create_function(
        FunctionName=name, Runtime="python3.12", Handler="main.handler", Role=role, Code=code
    )
    return f"{hashlib.sha256(zipped.getvalue()).hexdigest()}.zip"


class FullDisk:
    """Lets no write of a cloud succeed. Its disk is not really full: a limit of its process is 0 bytes a file."""

    def __init__(self, cloud: lifecycle.Cloud) -> None:
        self._pid = cloud.pid
        self._before = resource.prlimit(self._pid, resource.RLIMIT_FSIZE)

    def __enter__(self) -> None:
        resource.prlimit(self._pid, resource.RLIMIT_FSIZE, (0, self._before[1]))

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(self._pid, resource.RLIMIT_FSIZE, self._before)


@pytest.mark.skipif(sys.platform != "linux", reason="limits another process")
def test_a_cloud_that_cannot_save_rejects_writes_and_is_not_stopped(state_dir: Path) -> None:
    cloud = lifecycle.start(state_dir, 0, extra_env={"REFIT_LOCAL_SAVE_SECONDS": "3600"})
    s3 = client("s3", cloud)
    put(cloud, "saved")
    s3.put_object(Bucket=BUCKET, Key="saved", Body=b"1")
    cloud.save()
    with FullDisk(cloud):
        put(cloud, "acknowledged")
        with pytest.raises(ClientError) as rejected:
            s3.put_object(Bucket=BUCKET, Key="saved", Body=b"2")
        assert rejected.value.response["Error"]["Code"] == "ServiceUnavailable"

        with pytest.raises(CloudError, match=r"cannot save its state: .*: File too large; it was not") as caught:
            lifecycle.stop(state_dir)
        assert "free disk space, then run: refit local down" in str(caught.value.hint)
        assert lifecycle.running(state_dir) == cloud

        with pytest.raises(ClientError) as rejected:
            put(cloud, "rejected")
        assert rejected.value.response["Error"]["Code"] == "ServiceUnavailable"
        assert mine(cloud) == "acknowledged"
        parameters = json.loads((state_dir / "state" / "ssm.json").read_text())
        assert "acknowledged" not in str(parameters)

    until(lambda: _written(cloud, "again"))
    lifecycle.stop(state_dir)
    cloud = lifecycle.start(state_dir, 0)
    assert mine(cloud) == "again"


def _written(cloud: lifecycle.Cloud, value: str) -> bool:
    """Writes once more; False while the cloud still rejects writes."""
    try:
        put(cloud, value)
    except ClientError:
        return False
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="limits another process")
def test_a_cloud_that_ends_without_saving_is_reported(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = lifecycle.start(state_dir, 0, extra_env={"REFIT_LOCAL_SAVE_SECONDS": "3600"})
    put(cloud, "saved")
    cloud.save()
    put(cloud, "lost")
    monkeypatch.setattr(lifecycle.Cloud, "save", lambda cloud: None)
    with FullDisk(cloud), pytest.raises(CloudError, match="stopped without saving its last changes") as caught:
        lifecycle.stop(state_dir)
    assert caught.value.hint == "the state of the last save is kept: refit local up"
    assert lifecycle.running(state_dir) is None
    assert mine(lifecycle.start(state_dir, 0)) == "saved"
