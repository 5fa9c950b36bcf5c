"""The slack section of a pipeline file: the channel that runs report to, and where the bot's token is stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from refit.pipeline.schema import value_types
from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.problem_codes import Code


class Slack(Section):
    """The channel that runs report to, and exactly one of the two places where the bot's token can be stored."""

    channel: Annotated[
        value_types.SlackChannel,
        Constraint(
            "be the name of a channel in lowercase letters, or its ID",
            'slack = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }',
            Code.BAD_NAME,
        ),
    ]
    """The channel, by name or ID; the bot must be a member."""
    token_parameter: Annotated[
        value_types.ParameterName | None,
        Constraint(
            "be the full name of an SSM parameter, which starts with / but not with /aws or /ssm",
            'slack = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }',
            Code.BAD_NAME,
        ),
    ] = None
    """The SSM SecureString parameter that holds the bot's token, read at run time."""
    token_secret: Annotated[
        value_types.SecretName | None,
        Constraint(
            "be the name or the ARN of a secret in Secrets Manager",
            'slack = { channel = "ml-deployments", token_secret = "refit/slack-token" }',
            Code.BAD_NAME,
        ),
    ] = None
    """The secret in Secrets Manager that holds the bot's token, read at run time."""

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        if (self.token_parameter is None) == (self.token_secret is None):
            message = "slack must have exactly one of token_parameter and token_secret"
            hint = 'write slack = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }'
            yield Violation((), Code.ONE_OF_TWO, message, hint)
