"""Who is recorded with an approval or a hold: git's e-mail address, else the user, else the credentials."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.aws import caller
from refit.aws.session import Aws
from tests.support.checkout import Checkout


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.setenv("USER", "ada")
    return Checkout(tmp_path)


def test_the_e_mail_address_of_git_comes_first(checkout: Checkout, aws: Aws) -> None:
    checkout.git("config", "user.email", "ada@example.com")
    assert caller.identity(checkout.project, aws) == "ada@example.com"


def test_without_one_it_is_the_name_of_the_user(checkout: Checkout, aws: Aws) -> None:
    assert caller.identity(checkout.project, aws) == "ada"


def test_without_git_it_is_the_name_of_the_user(
    checkout: Checkout, aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert caller.identity(checkout.project, aws) == "ada"


def test_without_a_user_it_is_the_arn_of_the_credentials(
    checkout: Checkout, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("USER")
    assert caller.identity(checkout.project, aws) == "arn:aws:iam::000000000000:root"
