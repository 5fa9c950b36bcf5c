"""Everything that Refit sends to GitHub: to the Actions runner and to the REST API.

`workflow_commands` writes to standard output, `runner_files` to the files that the runner provides to a step, `rest`
calls the API, and `conversations` keeps one comment and one issue up to date. Arguments are data and are escaped here.
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
