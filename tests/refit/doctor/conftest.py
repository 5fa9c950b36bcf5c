"""A pipeline on AWS, which is emulated by a server of the test or by the embedded cloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from refit.aws.session import Aws
from refit.doctor.credentials import Access
from refit.embedded_cloud.lifecycle import Cloud
from refit.project import PipelineRef
from tests.support.aws_server import ACCOUNT, ROLE, SESSION, AwsServer, caller, serving
from tests.support.checkout import REQUIRED, write


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A shell without credentials, on a machine that is not an EC2 instance."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "REFIT_STATE_BUCKET", "REFIT_STATE_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Exports credentials, and an address at which AWS is for this test."""

    def export(endpoint: str) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        monkeypatch.setenv("REFIT_ALLOW_LOOPBACK_ENDPOINT", "1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")

    return export


@pytest.fixture
def server(use: Callable[[str], None]) -> Iterator[AwsServer]:
    """An AWS that knows the caller and the caller's role, and nothing else yet."""
    with serving() as server:
        use(server.url)
        server.answers["GetCallerIdentity"] = caller()
        server.answers["GetRole"] = {
            "Role": {
                "Arn": ROLE,
                "RoleName": "deployer",
                "Path": "/ops/",
                "RoleId": "A",
                "CreateDate": "2026-11-22T00:00:00Z",
            }
        }
        yield server


@pytest.fixture
def access(server: AwsServer) -> Access:
    return Access(Aws("us-west-2", attempts=1), SESSION, ACCOUNT)


@pytest.fixture
def on_cloud(use: Callable[[str], None], cloud: Cloud) -> Access:
    """The embedded cloud, reached as AWS is."""
    use(cloud.endpoint_url)
    return Access(Aws("us-west-2"), "arn:aws:iam::000000000000:root", "000000000000")


@pytest.fixture
def ref(tmp_path: Path) -> PipelineRef:
    """`prod/home-prices`, in us-west-2."""
    return write(tmp_path, REQUIRED.format(name="home-prices"))
