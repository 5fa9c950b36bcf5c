"""Speaking to GitHub: nothing that is said can turn into something else, and the API is used politely."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refit import github
from refit.errors import Problem, RefitError
from refit.github import conversations, runner_files
from refit.problem_codes import Code
from tests.support.github_server import REPOSITORY, TOKEN, GitHub, Refusal, serving

ANYTHING = st.text(st.characters(exclude_categories=["Cs"]))
NASTY = st.lists(
    st.sampled_from(
        ["\n", "\r", "::", ":", ",", "%", "%0A", "::error::", "::set-output name=a::b", "a=b", "<<", "x", "```"]
    )
).map("".join)
TEXT = ANYTHING | NASTY
MARKER = github.hidden_marker("plan")


# --- workflow commands ---------------------------------------------------------------------------------------------


def commands(printed: str) -> list[tuple[str, dict[str, str], str]]:
    """What the Actions runner makes of a step's output: command, properties, text (its ActionCommand.cs)."""
    found = []
    stopped: str | None = None
    for line in re.split(r"\r\n|\r|\n", printed):
        match = re.match(r"\s*::([^\s:]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)", line, re.DOTALL)
        if not match:
            continue
        name, properties, text = match[1], match[2] or "", match[3]
        if stopped:
            stopped = None if name == stopped else stopped
            continue
        if name == "stop-commands":
            stopped = text
            continue
        pairs = (pair.partition("=") for pair in properties.split(",") if pair)
        found.append((name, {key: unescape(value, ":,") for key, _, value in pairs}, unescape(text)))
    return found


def unescape(text: str, more: str = "") -> str:
    for character in f"\r\n{more}%":
        text = text.replace(f"%{ord(character):02X}", character)
    return text


@given(file=TEXT, message=TEXT, hint=TEXT, line=st.integers(1, 9999), column=st.integers(1, 999))
def test_an_annotation_says_exactly_the_problem_and_is_the_only_command(
    file: str, message: str, hint: str, line: int, column: int
) -> None:
    out = io.StringIO()
    github.annotate([Problem(file, line, column, Code.SYNTAX, message, hint)], out)
    said = f"{message}; {hint}" if hint else message
    place = {"file": file, "line": str(line), "col": str(column), "title": "syntax"}
    assert commands(out.getvalue()) == [("error", place, said)]


def test_no_more_than_ten_annotations_are_printed() -> None:
    out = io.StringIO()
    github.annotate([Problem("a.tfvars", line, 1, Code.SYNTAX, "wrong") for line in range(1, 30)], out)
    assert [properties["line"] for _, properties, _ in commands(out.getvalue())] == [str(n) for n in range(1, 11)]


ACTIONS = {"GITHUB_ACTIONS": "true"}


@given(TEXT)
def test_what_others_print_is_no_command(text: str) -> None:
    out = io.StringIO()
    with github.commands_stopped(out, ACTIONS):
        out.write(text)
    github.annotate([Problem("a.tfvars", 1, 1, Code.SYNTAX, "afterwards")], out)
    assert [said for _, _, said in commands(out.getvalue())] == ["afterwards"]


def test_nothing_is_printed_where_no_runner_listens() -> None:
    out = io.StringIO()
    with github.commands_stopped(out, {}):
        out.write("the plan")
    assert out.getvalue() == "the plan"


def test_commands_work_again_after_an_error() -> None:
    out = io.StringIO()
    with pytest.raises(KeyError), github.commands_stopped(out, ACTIONS):
        raise KeyError
    github.annotate([Problem("a.tfvars", 1, 1, Code.SYNTAX, "afterwards")], out)
    assert len(commands(out.getvalue())) == 1


# --- outputs and summary -------------------------------------------------------------------------------------------


def outputs(text: str) -> dict[str, str]:
    """What the Actions runner reads from GITHUB_OUTPUT (actions/runner, FileCommandManager.cs)."""
    found = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, _, value = line.partition("=")
            found[name] = value
            continue
        assert heredoc > 0, f"the runner refuses {line!r}"
        name, _, delimiter = line.partition("<<")
        value_lines = []
        for value_line in lines:
            if value_line == delimiter:
                break
            value_lines.append(value_line)
        else:
            raise AssertionError("the runner finds no delimiter")
        found[name] = "\n".join(value_lines)
    return found


@given(st.dictionaries(st.from_regex(r"[a-z][a-z_-]{0,8}", fullmatch=True), TEXT, min_size=1, max_size=4))
def test_an_output_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]) -> None:
    file = tmp_path_factory.mktemp("output") / "output"
    github.write_outputs(values, {"GITHUB_OUTPUT": str(file)})
    assert outputs(file.read_bytes().decode()) == values


def test_outputs_are_added_to_those_of_the_same_step(tmp_path: Path) -> None:
    environ = {"GITHUB_OUTPUT": str(tmp_path / "output")}
    github.write_outputs({"one": "1"}, environ)
    github.write_outputs({"two": "2"}, environ)
    assert outputs((tmp_path / "output").read_text()) == {"one": "1", "two": "2"}


def test_an_output_needs_a_plain_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a name of an output"):
        github.write_outputs({"a<<b": "1"}, {"GITHUB_OUTPUT": str(tmp_path / "output")})


def test_outside_of_actions_an_output_is_refused_with_advice() -> None:
    with pytest.raises(RefitError) as raised:
        github.write_outputs({"a": "1"}, {})
    assert raised.value.hint == "leave out --github on your own machine"


def test_the_matrix_names_each_pipeline_to_apply_and_its_environment() -> None:
    written = github.pipeline_outputs(["prod/home-prices", "dev/churn"], ["dev/churn"])
    assert json.loads(written["pipelines"]) == ["dev/churn", "prod/home-prices"]
    assert json.loads(written["changed"]) == ["dev/churn"]
    assert json.loads(written["matrix"]) == [
        {"pipeline": "dev/churn", "environment": "dev"},
        {"pipeline": "prod/home-prices", "environment": "prod"},
    ]


def test_without_a_list_of_their_own_what_is_to_apply_counts_as_changed() -> None:
    assert json.loads(github.pipeline_outputs(["prod/churn"])["changed"]) == ["prod/churn"]


def test_no_workflow_is_sent_to_the_embedded_cloud() -> None:
    written = github.pipeline_outputs(["local/home-prices", "prod/home-prices"], ["local/home-prices"])
    assert json.loads(written["pipelines"]) == ["prod/home-prices"]
    assert json.loads(written["changed"]) == []
    assert [entry["environment"] for entry in json.loads(written["matrix"])] == ["prod"]


def test_no_pipeline_is_the_empty_list_that_the_workflows_compare_with() -> None:
    assert set(github.pipeline_outputs([]).values()) == {"[]"}


def test_a_summary_grows_with_each_part(tmp_path: Path) -> None:
    environ = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    assert github.append_summary("# One", environ)
    assert github.append_summary("# Two\n", environ)
    assert (tmp_path / "summary").read_text() == "# One\n# Two\n"


def test_without_a_summary_nothing_is_written() -> None:
    assert not github.append_summary("# One", {})


@settings(deadline=None, max_examples=25)  # each writes a megabyte
@given(
    line=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), min_size=1, max_size=60),
    before=st.integers(0, runner_files.SUMMARY_BYTES),
)
def test_a_summary_never_outgrows_its_limit(tmp_path_factory: pytest.TempPathFactory, line: str, before: int) -> None:
    file = tmp_path_factory.mktemp("summary") / "summary"
    file.write_bytes(b"\n" * before)
    size = len(f"{line}\n".encode())
    github.append_summary(f"{line}\n" * (runner_files.SUMMARY_BYTES // size + 1), {"GITHUB_STEP_SUMMARY": str(file)})
    written = file.read_bytes()
    assert len(written) <= runner_files.SUMMARY_BYTES
    added = written[before:].decode()  # a cut inside a character would not decode
    assert added == "" or added.endswith(runner_files.CUT)
    assert added == "" or added.startswith(f"{line}\n")


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_a_cut_inside_a_code_block_closes_it(tmp_path: Path, fence: str) -> None:
    environ = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    github.append_summary(f"{fence}text\n" + "``\n" * runner_files.SUMMARY_BYTES, environ)
    assert (tmp_path / "summary").read_text().endswith(f"``\n{fence}\n{runner_files.CUT}")


def test_a_cut_after_a_closed_code_block_closes_nothing(tmp_path: Path) -> None:
    environ = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    github.append_summary("```\ncode\n```\n" + "text\n" * runner_files.SUMMARY_BYTES, environ)
    assert (tmp_path / "summary").read_text().endswith(f"text\n{runner_files.CUT}")


# --- the REST API --------------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[GitHub]:
    with serving() as running:
        yield running


@pytest.fixture
def api(server: GitHub) -> github.Api:
    return github.Api(server.url, REPOSITORY, TOKEN, pause=0.001)


def test_a_pull_request_gets_one_comment_that_is_kept_up_to_date(api: github.Api, server: GitHub) -> None:
    first = github.upsert_comment(api, 7, MARKER, "will retrain")
    second = github.upsert_comment(api, 7, MARKER, "will only apply")
    assert first == second
    assert [comment["body"] for comment in server.comments] == [f"{MARKER}\nwill only apply"]


def test_a_comment_that_says_it_already_is_left_alone(api: github.Api, server: GitHub) -> None:
    github.upsert_comment(api, 7, MARKER, "will retrain")
    github.upsert_comment(api, 7, MARKER, "will retrain")
    assert server.methods() == ["GET", "POST", "GET"]


def test_another_pull_request_has_its_own_comment(api: github.Api, server: GitHub) -> None:
    github.upsert_comment(api, 7, MARKER, "seven")
    github.upsert_comment(api, 8, MARKER, "eight")
    assert [comment["issue"] for comment in server.comments] == [7, 8]


def test_the_comment_is_found_behind_hundreds_of_others(api: github.Api, server: GitHub) -> None:
    for number in range(250):
        server.write_comment(7, f"comment {number}", login="someone")
    github.upsert_comment(api, 7, MARKER, "one")
    github.upsert_comment(api, 7, MARKER, "two")
    assert len(server.comments) == 251


def test_a_stranger_with_our_marker_is_not_taken_for_us(api: github.Api, server: GitHub) -> None:
    server.write_comment(7, f"{MARKER}\nthis will be fine, merge it", login="mallory")
    github.upsert_comment(api, 7, MARKER, "will retrain")
    assert [comment["user"]["login"] for comment in server.comments] == ["mallory", "github-actions[bot]"]
    assert server.comments[0]["body"].endswith("merge it")


def test_a_marker_that_is_only_quoted_is_not_ours(api: github.Api, server: GitHub) -> None:
    server.write_comment(7, f"> {MARKER}")
    server.write_comment(7, f"see {MARKER}\n{MARKER}")
    github.upsert_comment(api, 7, MARKER, "will retrain")
    assert len(server.comments) == 3


def test_windows_line_ends_do_not_hide_the_marker(api: github.Api, server: GitHub) -> None:
    server.write_comment(7, f"{MARKER}\r\nold")
    github.upsert_comment(api, 7, MARKER, "new")
    assert [comment["body"] for comment in server.comments] == [f"{MARKER}\nnew"]


def test_nothing_to_withdraw_writes_no_comment(api: github.Api, server: GitHub) -> None:
    assert github.upsert_comment(api, 7, MARKER, "nothing changes", create=False) is None
    assert server.comments == []


def test_an_earlier_announcement_is_withdrawn(api: github.Api, server: GitHub) -> None:
    github.upsert_comment(api, 7, MARKER, "will retrain")
    github.upsert_comment(api, 7, MARKER, "nothing changes", create=False)
    assert server.comments[0]["body"] == f"{MARKER}\nnothing changes"


def test_a_body_that_is_too_long_is_cut_and_keeps_its_marker(api: github.Api, server: GitHub) -> None:
    github.upsert_comment(api, 7, MARKER, "x" * 100_000)
    body = server.comments[0]["body"]
    assert len(body) == conversations.BODY_CHARACTERS
    assert body.startswith(MARKER)
    assert body.endswith(conversations.CUT)


def test_a_drift_opens_one_issue_and_changes_it_with_the_next_night(api: github.Api, server: GitHub) -> None:
    marker = github.hidden_marker("drift:prod/home-prices")
    first = github.open_issue(api, marker, "refit-drift", "prod/home-prices drifted", "one change")
    second = github.open_issue(api, marker, "refit-drift", "prod/home-prices drifted", "two changes")
    assert first == second
    assert [(issue["title"], issue["body"]) for issue in server.issues] == [
        ("prod/home-prices drifted", f"{marker}\ntwo changes")
    ]
    assert server.issues[0]["labels"] == [{"name": "refit-drift"}]


def test_an_issue_that_is_up_to_date_is_left_alone(api: github.Api, server: GitHub) -> None:
    for _ in range(2):
        github.open_issue(api, MARKER, "refit-drift", "drift", "the same")
    assert server.methods() == ["GET", "POST", "GET"]


def test_each_pipeline_has_its_own_issue(api: github.Api, server: GitHub) -> None:
    for key in ("prod/home-prices", "prod/churn"):
        github.open_issue(api, github.hidden_marker(f"drift:{key}"), "refit-drift", key, "drift")
    assert [issue["title"] for issue in server.issues] == ["prod/home-prices", "prod/churn"]


def test_the_issue_is_closed_when_the_pipeline_is_clean_again(api: github.Api, server: GitHub) -> None:
    address = github.open_issue(api, MARKER, "refit-drift", "drift", "one change")
    assert github.close_issue(api, MARKER, "refit-drift", "clean again") == address
    assert (server.issues[0]["state"], server.issues[0]["state_reason"]) == ("closed", "completed")
    assert [comment["body"] for comment in server.comments] == ["clean again"]


def test_a_clean_pipeline_without_an_issue_says_nothing(api: github.Api, server: GitHub) -> None:
    assert github.close_issue(api, MARKER, "refit-drift", "clean again") is None
    assert server.methods() == ["GET"]


def test_a_closed_issue_is_not_opened_again_but_followed_by_a_new_one(api: github.Api, server: GitHub) -> None:
    github.open_issue(api, MARKER, "refit-drift", "drift", "one change")
    github.close_issue(api, MARKER, "refit-drift", "clean again")
    github.open_issue(api, MARKER, "refit-drift", "drift", "one change")
    assert [issue["state"] for issue in server.issues] == ["closed", "open"]


def test_a_pull_request_and_a_strangers_issue_are_not_the_drift_issue(api: github.Api, server: GitHub) -> None:
    server.write_issue("a pull request", MARKER, ["refit-drift"], pull_request={"url": "…"})
    server.write_issue("a stranger's", MARKER, ["refit-drift"], login="mallory")
    github.open_issue(api, MARKER, "refit-drift", "drift", "one change")
    assert [issue["title"] for issue in server.issues] == ["a pull request", "a stranger's", "drift"]


@pytest.mark.parametrize("status", [500, 502, 503, 0])
def test_a_passing_fault_is_tried_again(api: github.Api, server: GitHub, status: int) -> None:
    server.refusals = [Refusal(status), Refusal(status)]
    assert github.upsert_comment(api, 7, MARKER, "will retrain")
    assert server.methods() == ["GET", "GET", "GET", "POST"]


def test_the_attempts_are_bounded(api: github.Api, server: GitHub) -> None:
    server.refusals = [Refusal(502)] * 20
    with pytest.raises(github.GitHubError, match=r"refused GET issues/7/comments.*502 Server Error"):
        github.upsert_comment(api, 7, MARKER, "will retrain")
    assert len(server.requests) == api.attempts


@pytest.mark.parametrize("status", [502, 0])
def test_a_comment_that_may_have_been_written_is_not_sent_again(api: github.Api, server: GitHub, status: int) -> None:
    server.refusals = [Refusal(status, after_doing_it=True)]
    with pytest.raises(github.GitHubError):
        api.send("POST", "issues/7/comments", {"body": "once"})
    assert [comment["body"] for comment in server.comments] == ["once"]
    assert len(server.requests) == 1


def test_a_rate_limit_is_waited_for_and_then_the_comment_is_written(api: github.Api, server: GitHub) -> None:
    server.refusals = [
        Refusal(429, {"Retry-After": "0"}),
        Refusal(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) - 5)}),
    ]
    assert github.upsert_comment(api, 7, MARKER, "will retrain")


def test_a_rate_limit_of_an_hour_is_not_waited_for(api: github.Api, server: GitHub) -> None:
    server.refusals = [Refusal(403, {"Retry-After": "3600"}, '{"message": "API rate limit exceeded"}')]
    with pytest.raises(github.GitHubError, match="403 API rate limit exceeded"):
        github.upsert_comment(api, 7, MARKER, "will retrain")
    assert len(server.requests) == 1


def test_a_missing_permission_is_answered_with_the_grant_to_write(api: github.Api, server: GitHub) -> None:
    server.refusals = [Refusal(403, body='{"message": "Resource not accessible by integration"}')]
    with pytest.raises(github.GitHubError, match="Resource not accessible by integration") as raised:
        github.upsert_comment(api, 7, MARKER, "will retrain")
    assert "pull-requests: write" in (raised.value.hint or "")
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_with_the_token(api: github.Api, server: GitHub, status: int) -> None:
    with serving() as elsewhere:
        server.refusals = [Refusal(status, {"Location": f"{elsewhere.url}/repos/{REPOSITORY}/issues/7/comments"}, "")]
        with pytest.raises(github.GitHubError, match=f"{status}"):
            github.upsert_comment(api, 7, MARKER, "will retrain")
        assert elsewhere.requests == []


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(401, body=json.dumps({"message": f"Bad credentials {TOKEN}"})),
        Refusal(200, body=f"<html>{TOKEN}"),
        Refusal(0),
    ],
)
def test_no_message_holds_the_token(server: GitHub, refusal: Refusal) -> None:
    api = github.Api(server.url, REPOSITORY, TOKEN, attempts=1)
    server.refusals = [refusal]
    with pytest.raises(github.GitHubError) as raised:
        github.upsert_comment(api, 7, MARKER, "will retrain")
    assert TOKEN not in f"{raised.value!r} {raised.value} {raised.value.hint} {api!r} {raised.value.__cause__!r}"


def test_nobody_listening_is_said_plainly(server: GitHub) -> None:
    api = github.Api("http://127.0.0.1:9", REPOSITORY, TOKEN, attempts=2, pause=0.001)
    with pytest.raises(github.GitHubError, match=r"could not reach GitHub at http://127.0.0.1:9: .*refused"):
        github.upsert_comment(api, 7, MARKER, "will retrain")


def test_the_token_goes_to_no_address_without_tls() -> None:
    with pytest.raises(github.GitHubError, match="must begin with https://"):
        github.Api("http://github.example.com/api/v3", REPOSITORY, TOKEN)


def test_the_api_of_the_workflows_repository_comes_from_the_environment(server: GitHub) -> None:
    environ = {"GITHUB_API_URL": server.url, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_TOKEN": TOKEN}
    assert github.upsert_comment(github.Api.from_environment(environ), 7, MARKER, "will retrain")


@pytest.mark.parametrize("missing", ["GITHUB_REPOSITORY", "GITHUB_TOKEN"])
def test_a_missing_variable_is_named(missing: str) -> None:
    environ = {"GITHUB_REPOSITORY": REPOSITORY, "GITHUB_TOKEN": TOKEN}
    del environ[missing]
    with pytest.raises(github.GitHubError, match=missing):
        github.Api.from_environment(environ)


def test_the_pull_requests_number_is_in_the_event(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text('{"pull_request": {"number": 12}}')
    assert github.pull_request_number({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")}) == 12


@pytest.mark.parametrize("event", ['{"after": "abc"}', "[]", "", '{"pull_request": null}'])
def test_another_event_has_no_pull_request(tmp_path: Path, event: str) -> None:
    (tmp_path / "event.json").write_text(event)
    with pytest.raises(github.GitHubError, match="no pull request"):
        github.pull_request_number({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")})


@pytest.mark.parametrize("name", ["", "a b", "--> <b>", "A", "drift:prod/", "a\nb"])
def test_a_marker_takes_only_names_that_cannot_end_it(name: str) -> None:
    with pytest.raises(ValueError, match="not a name for a marker"):
        github.hidden_marker(name)
