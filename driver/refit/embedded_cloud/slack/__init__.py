"""Emulates the methods of Slack's Web API that Refit uses."""
