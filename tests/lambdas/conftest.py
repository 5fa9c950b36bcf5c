"""The clients of the handlers, on a real S3, SSM, Secrets Manager and Step Functions: ministack, started once."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from urllib.request import urlopen

import pytest

from lambdas.aws import clients
from lambdas.slack import token as slack_token
from tests.support.lambdas.clock import Clock, installed
from tests.support.lambdas.fakes import SageMaker
from tests.support.lambdas.stage import Context, Pipeline, hold_lease, run_document
from tests.support.waiting import WAIT_SECONDS, until

REGION = "us-west-2"


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint URL of a separate ministack."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("ministack")
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
    }
    url = f"http://127.0.0.1:{port}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack"], env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_until_up(url, process, folder / "log")
            yield url
        finally:
            process.terminate()
            process.wait(WAIT_SECONDS)


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    def is_up() -> bool:
        assert process.poll() is None, log.read_text()
        with suppress(OSError), urlopen(f"{url}/_ministack/health", timeout=1):  # noqa: S310 - our own server
            return True
        return False

    until(is_up)


@pytest.fixture
def aws(cloud: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The handlers' own clients, new for each test, on the cloud; the SDK's retries do not sleep."""
    for name, value in {
        "AWS_ENDPOINT_URL": cloud,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
    for make in (
        clients.s3,
        clients.ssm,
        clients.sagemaker,
        clients.scheduler,
        clients.stepfunctions,
        clients.secretsmanager,
    ):
        make.cache_clear()
    slack_token.forget()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of NotifySlack, which only moves when it sleeps or a call times out."""
    return installed(monkeypatch)


@pytest.fixture
def sagemaker(aws: None) -> SageMaker:
    """SageMaker in memory, behind the handlers' own client."""
    fake = SageMaker()
    clients.sagemaker().meta.events.register("before-send.sagemaker", fake)
    return fake


@pytest.fixture
def lease(aws: None) -> None:
    """Gives the lease to the run of `run_document`."""
    run = run_document()
    with suppress(clients.s3().exceptions.BucketAlreadyOwnedByYou):
        clients.s3().create_bucket(Bucket=run["bucket"], CreateBucketConfiguration={"LocationConstraint": REGION})
    hold_lease(run)


@pytest.fixture
def pipeline(aws: None, sagemaker: SageMaker) -> Pipeline:
    """A new pipeline for each test: a sliding window of a week, nothing deployed yet, no data."""
    name = f"homes-{uuid.uuid4().hex[:8]}"
    window = {"days": 7, "start": None, "end": None, "holdout_days": 0, "min_days": 1, "lag_days": 0, "timezone": "UTC"}
    made = Pipeline(
        name,
        bucket=f"{name}-bucket",
        settings={
            "pipeline": name,
            "environment": "prod",
            "region": REGION,
            "bucket": f"{name}-bucket",
            "watermark_parameter": f"/models/{name}/train/latest",
            "run_parameter": f"/models/{name}/train/run",
            "hold_parameter": f"/models/{name}/hold",
            "prefix": "data/train/",
            "layout": None,
            "format": "csv",
            "content_type": None,
            "ready": None,
            "endpoint": name,
            "image": None,
            "source": None,
            "instance_type": "ml.m5.large",
            "instance_count": 1,
            "window": window,
            "tags": {"team": "homes"},
            "retrain_on": "new_day",
            "stale_after_days": None,
        },
    )
    clients.s3().create_bucket(Bucket=made.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    made.watermark, made.seen_run, made.hold = "never", "never", "none"
    return made


@pytest.fixture
def context() -> Context:
    return Context()
