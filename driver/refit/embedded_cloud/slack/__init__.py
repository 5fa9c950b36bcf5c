"""Slack's Web API, as far as Refit uses it."""
