"""The suites of `make fidelity` are complete, and each has its place on docs/fidelity.md."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.fidelity import aws_cli, recordings, report, sam_template
from benchmarks.fidelity.__main__ import SUITES
from benchmarks.fidelity.invalid_requests import REFUSALS
from benchmarks.fidelity.suite import Case, NotGiven


def test_each_suite_has_its_place_on_the_page() -> None:
    page = report.PAGE.read_text(encoding="utf-8")
    for suite in SUITES:
        assert page.count(f"\n## {suite.NAME}\n") == 1
        assert page.count(f"\n<!-- {suite.NAME} -->\n") == 1


def test_each_emulated_operation_has_a_command_of_the_aws_cli() -> None:
    assert list(aws_cli.coverage()) == []


def test_there_are_65_invalid_requests_or_more_each_with_a_title_of_its_own() -> None:
    titles = Counter((service, refusal.title) for service, refusals in REFUSALS.items() for refusal in refusals)
    assert len(titles) >= 65
    assert titles.most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("variable", "name", "command"),
    [
        ("JSONATA_SUITE", "jsonata", "git clone"),
        ("LOCALSTACK", "localstack", "git clone"),
        ("MOTO", "moto", "git clone"),
        ("SAGEMAKER_SDK", "sagemaker_sdk", "pip install"),
        ("ORCHESTRATION_SAMPLE", "orchestration_sample", "git clone"),
    ],
)
def test_a_suite_that_is_not_here_says_how_to_fetch_it(
    monkeypatch: pytest.MonkeyPatch, variable: str, name: str, command: str
) -> None:
    monkeypatch.delenv(variable, raising=False)
    suite = next(each for each in SUITES if name == each.NAME)
    with pytest.raises(NotGiven, match=rf"set {variable}: .*{command} "):
        next(suite.run())


def test_the_page_keeps_the_results_of_suites_that_did_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "fidelity.md"
    page.write_text(
        "<!-- results -->\n<!-- /results -->\n<!-- a -->\n<!-- /a -->\n"
        "<!-- b -->\n**1 of 2** on 2026-01-01.\n\n- `x`: `differs`\n<!-- /b -->\n"
    )
    monkeypatch.setattr(report, "PAGE", page)
    monkeypatch.setattr(report, "DETAILS", tmp_path / "build" / "fidelity.json")
    report.write({"a": [Case("one"), Case("two", "a  line\nand another")]})
    written = page.read_text()
    assert "- `two`: `a line and another`\n<!-- /a -->" in written
    assert "| [b](#b) | 1 | 2 | 2026-01-01 |" in written
    assert "| [a](#a) | 1 | 2 | " in written


def test_recordings_are_found_with_the_template_that_their_test_runs_unchanged(tmp_path: Path) -> None:
    tests = tmp_path / recordings.TESTS
    (tests / "v2").mkdir(parents=True)
    (tests / "v2" / "test_x.py").write_text(
        "from tests.aws.services.stepfunctions.x_templates import XTemplates as XT\n"
        "def test_same():\n    template = load(XT.PASS)\n"
        "def test_changed():\n    template = load(XT.PASS)\n    template['States'] = {}\n"
    )
    (tests / "x_templates.py").write_text("class XTemplates:\n    PASS = os.path.join(_THIS_FOLDER, 'pass.json5')\n")
    (tests / "pass.json5").write_text('{"States": {"A": {"Type": "Pass", /* last */ "End": true,},},} // "A"\n')
    events = '{"recorded-content": {"get_execution_history": {"events": [{"id": 1}]}}}'
    names = ("tests/aws/services/stepfunctions/v2/test_x.py::test_same", "v2/test_x.py::test_changed")
    snapshots = ", ".join(f'"{name}": {events}' for name in names)
    (tests / "v2" / "test_x.snapshot.json").write_text(f"{{{snapshots}}}")
    [found] = recordings.find(tmp_path)
    assert found.name == "v2/test_x.py::test_same"
    assert found.definition == '{"States": {"A": {"Type": "Pass", "End": true}}}'
    assert found.events == [{"id": 1}]


def test_a_template_of_sam_is_read_with_its_references_resolved() -> None:
    text = "Role: !GetAtt WorkerRole.Arn\nBucket: !Ref BucketName\nName: !Sub '/models/${Prefix}/${AWS::Region}'\n"
    assert sam_template.load(text, str.upper) == {
        "Role": "WORKERROLE.ARN",
        "Bucket": "BUCKETNAME",
        "Name": "/models/PREFIX/AWS::REGION",
    }
