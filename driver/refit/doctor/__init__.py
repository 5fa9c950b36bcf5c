"""Checks what Refit needs, for `refit doctor`: the machine, the project, AWS, Slack. One module per topic."""
