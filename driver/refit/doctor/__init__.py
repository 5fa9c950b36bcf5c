"""Checks the machine, the project, AWS and Slack for `refit doctor`. One module per topic."""
