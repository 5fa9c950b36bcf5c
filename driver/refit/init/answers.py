"""The answers to the questions of `refit init`, from which it generates a repository; stored in .refit-init.json."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from refit.errors import RefitError

WORKFLOWS = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+@([0-9a-f]{40})")
OWNER = re.compile(r"@[A-Za-z0-9][A-Za-z0-9-]*(/[A-Za-z0-9._-]+)?")


@dataclass(frozen=True)
class Answers:
    """The values in the generated files. None omits an optional part.

    `workflows` is OWNER/REPO@COMMIT, the location of Refit's callable workflows. `wheels` is the folder where Refit's
    wheel is committed. `bootstrap` adds the Terraform code for an account's state bucket and roles.
    """

    environment: str = "prod"
    pipeline: str = "home-prices"
    region: str = "us-west-2"
    prefix: str = ""
    features: int = 13
    account: str | None = None
    slack_channel: str | None = None
    owners: str | None = None
    workflows: str | None = None
    wheels: str | None = None
    bootstrap: bool = False

    @property
    def data_prefix(self) -> str:
        """The folder of the daily data in the pipeline's bucket."""
        return self.prefix or f"data/{self.pipeline}/train/"

    def check(self) -> None:
        """Raises RefitError for a repository, commit or owner that GitHub could not resolve.

        The pipeline file and refit.toml are checked when they are rendered.
        """
        if self.workflows is not None and not WORKFLOWS.fullmatch(self.workflows):
            raise RefitError(
                f"--workflows {self.workflows} does not name a repository and a commit",
                "write OWNER/REPO@COMMIT, with the 40 digits of a commit of Refit, such as acme/refit@"
                "0123456789abcdef0123456789abcdef01234567",
            )
        owners = (self.owners or "").split()
        if wrong := next((owner for owner in owners if not OWNER.fullmatch(owner)), None):
            raise RefitError(f"--owners {wrong} is not a GitHub user or team", "write @user or @organization/team")


def from_document(document: dict[str, Any]) -> Answers:
    """The answers in .refit-init.json. Additional ones, written by a newer version, are ignored."""
    return Answers(**{name: value for name, value in document.items() if name in Answers.__dataclass_fields__})
