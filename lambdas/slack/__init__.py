"""Builds and posts the Slack messages of a run, for NotifySlack."""
