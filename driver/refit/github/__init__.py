"""Everything that Refit says to GitHub, and nothing else does: to the Actions runner and to the REST API.

`workflow_commands` speaks through standard output, `runner_files` through the files that the runner hands to a step,
`rest` to the API; `conversations` keeps one comment and one issue up to date. What is passed in is data and is escaped
here.
"""

from refit.github.conversations import close_issue, hidden_marker, open_issue, upsert_comment
from refit.github.matrix import pipeline_outputs
from refit.github.rest import Api, GitHubError, pull_request_number
from refit.github.runner_files import append_summary, write_outputs
from refit.github.workflow_commands import annotate, commands_stopped

__all__ = [
    "Api",
    "GitHubError",
    "annotate",
    "append_summary",
    "close_issue",
    "commands_stopped",
    "hidden_marker",
    "open_issue",
    "pipeline_outputs",
    "pull_request_number",
    "upsert_comment",
    "write_outputs",
]
