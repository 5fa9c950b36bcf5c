"""Writes and sends the Slack messages of a run, for NotifySlack."""
