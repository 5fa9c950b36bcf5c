"""The account and region that a request is scoped to."""

from __future__ import annotations

from dataclasses import dataclass

from ministack.core.responses import get_account_id, get_region


@dataclass(frozen=True)
class Scope:
    """An account ID and a region."""

    account: str
    region: str

    @classmethod
    def current(cls) -> Scope:
        """The scope of the request that ministack is handling in this context."""
        return cls(get_account_id(), get_region())

    def arn(self, kind: str, name: str) -> str:
        """The ARN of a resource. SageMaker's ARNs contain names in lowercase."""
        return f"arn:aws:sagemaker:{self.region}:{self.account}:{kind}/{name.lower()}"
