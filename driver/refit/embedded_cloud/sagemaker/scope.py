"""Whose resources a request is about: an account and a region."""

from __future__ import annotations

from dataclasses import dataclass

from ministack.core.responses import get_account_id, get_region


@dataclass(frozen=True)
class Scope:
    account: str
    region: str

    @classmethod
    def current(cls) -> Scope:
        """The scope of the request that ministack is serving in this context."""
        return cls(get_account_id(), get_region())

    def arn(self, kind: str, name: str) -> str:
        """SageMaker writes names in lower case in ARNs."""
        return f"arn:aws:sagemaker:{self.region}:{self.account}:{kind}/{name.lower()}"
