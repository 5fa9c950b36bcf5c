"""Changes that re-apply every stack: only in files that `refit build` and Terraform read, and in Refit's version."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from refit.commands import app
from refit.plan.changes import compare
from refit.plan.machinery import NO_SOURCES, SOURCES, Upgrade, machinery
from refit.project import Project
from refit.refit_toml import InvalidSettings
from refit.version import VERSION
from tests.support.checkout import MINIMAL, Checkout, write
from tests.support.github_server import REPOSITORY, TOKEN, serving

ROOT = Path(__file__).parents[3]
CHANGES_NO_BYTE = {
    "driver/refit/errors.py": "exceptions: a build that raises one writes nothing",
    "driver/refit/problem_codes.py": "the codes of the problems of a file that is not built",
    "driver/refit/project.py": "finds the folders; what lies in them is on the list",
    "driver/refit/refit_toml.py": "reads refit.toml, of which a build uses the folder of the pipeline files alone",
    "driver/refit/regular_file.py": "reads a pipeline file up to its maximum size, or refuses it",
    "driver/refit/safe_output.py": "escapes what is printed",
}
"""The files that `refit build` reads and that are not on the list, and why they cannot change what it writes."""
READ = """
import json, sys
opened = set()
sys.addaudithook(lambda event, arguments: opened.add(arguments[0]) if event == "open" else None)
from pathlib import Path
from refit.artifacts.build import build
from refit.project import Project
root, project = Path(sys.argv[1]), Project(Path(sys.argv[2]))
for ref in project.pipelines():
    build(ref)
opened |= {module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)}
inside = {Path(path).resolve() for path in opened if isinstance(path, str)}
print(json.dumps(sorted(path.relative_to(root).as_posix() for path in inside if path.is_relative_to(root))))
"""


def reads_of_a_build(tmp_path: Path) -> set[str]:
    """The files of this checkout that building a pipeline of each orchestration opens or imports."""
    write(tmp_path, MINIMAL)
    write(tmp_path, MINIMAL.replace("home-prices", "polled") + 'orchestration = "polling"\n', name="polled")
    done = subprocess.run(
        [sys.executable, "-c", READ, str(ROOT), str(tmp_path)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    files = set(json.loads(done.stdout))
    return {file for file in files if not file.startswith(".venv/") and "__pycache__" not in file}


def test_what_a_build_reads_is_on_the_list_or_changes_no_byte(tmp_path: Path) -> None:
    read = reads_of_a_build(tmp_path)
    assert {"asl/state_machine.asl.json.j2", "lambdas/check_data.py", "driver/refit/domain/window.py"} <= read
    on_the_list = set(machinery(Project(ROOT), read))
    assert read - on_the_list == set(CHANGES_NO_BYTE)


def test_every_entry_of_the_list_exists_and_none_is_outside_of_it() -> None:
    assert [path for path in SOURCES if not (ROOT / path).exists()] == []
    assert [path for path in NO_SOURCES if not (ROOT / path).is_dir() or not path.startswith(SOURCES)] == []


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "docs/x.md",
        "driver/refit/commands/plan.py",
        "driver/refit/demo/show.py",
        "driver/refit/embedded_cloud/app.py",
        "driver/refit/report/status.py",
        "requirements/dev.txt",
        "terraform/bootstrap/main.tf",
        "tests/new.py",
    ],
)
def test_other_files_apply_nothing(tmp_path: Path, path: str) -> None:
    checkout = Checkout(tmp_path)
    checkout.pipeline("prod/prices")
    base = checkout.commit()
    checkout.write(path, b"# a comment")
    checkout.commit()
    assert compare(checkout.project, base, "HEAD").to_apply == ()


@pytest.mark.parametrize(
    "path",
    ["terraform/main.tf", "asl/states/new.json.j2", "lambdas/check_data.py", "driver/refit/domain/window.py"],
)
def test_new_sources_are_applied_everywhere(tmp_path: Path, path: str) -> None:
    checkout = Checkout(tmp_path)
    checkout.pipeline("prod/prices")
    checkout.pipeline("prod/churn")
    base = checkout.commit()
    checkout.write(path, b"new")
    checkout.commit()
    found = compare(checkout.project, base, "HEAD")
    assert (found.machinery, found.changes, found.upgrade) == ((path,), (), None)
    assert found.to_apply == ("prod/churn", "prod/prices")


class TestOwnRepository:
    """A team's repository, which has pipeline files and pins a version of Refit."""

    @pytest.fixture
    def team(self, tmp_path: Path) -> Checkout:
        team = Checkout(tmp_path)
        team.git("rm", "--quiet", "terraform/main.tf")
        team.pipeline("prod/prices")
        team.pipeline("prod/churn")
        team.write("refit.toml", b'version = "0.1.0"\n')
        team.write("requirements.txt", b"refit-sagemaker==0.1.0\n")
        team.base = team.commit()
        return team

    def test_a_new_version_is_applied_everywhere_and_says_so(self, team: Checkout) -> None:
        team.write("refit.toml", b'version = "0.2.0"\n')
        team.write("requirements.txt", b"refit-sagemaker==0.2.0\n")
        head = team.commit()
        for revision in (head, None):
            found = compare(team.project, team.base, revision)
            assert (found.upgrade, found.machinery) == (Upgrade("0.1.0", "0.2.0"), ("requirements.txt",))
            assert (found.to_apply, found.changes) == (("prod/churn", "prod/prices"), ())
            assert found.document()["upgrade"] == {"before": "0.1.0", "after": "0.2.0"}
        assert str(found.upgrade) == "refit 0.1.0 → 0.2.0 (refit.toml)"

    def test_the_commands_say_why(self, team: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
        team.write("refit.toml", f'version = "{VERSION}"\n'.encode())
        team.commit()
        monkeypatch.chdir(team.root)
        said = CliRunner().invoke(app, ["changes", "--base", team.base])
        assert said.stderr == f"all stacks must be re-applied: refit 0.1.0 → {VERSION} (refit.toml)\n"
        assert said.stdout == "prod/churn: apply\nprod/prices: apply\n"
        said = CliRunner().invoke(app, ["plan", "--base", team.base, "--head", "HEAD", "--offline"])
        assert f"Every stack is applied again, without a run: `refit 0.1.0 → {VERSION} (refit.toml)`." in said.stdout

    def test_an_upgrade_alone_creates_the_comment(
        self, team: Checkout, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        team.write("refit.toml", f'version = "{VERSION}"\n'.encode())
        team.commit()
        monkeypatch.chdir(team.root)
        event = tmp_path_factory.mktemp("event") / "event.json"
        event.write_text('{"pull_request": {"number": 7}}')
        monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
        monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        with serving() as server:
            monkeypatch.setenv("GITHUB_API_URL", server.url)
            said = CliRunner().invoke(app, ["plan", "--base", team.base, "--head", "HEAD", "--comment"])
        assert said.exit_code == 0, said.stderr
        assert "(refit.toml)" in server.comments[0]["body"]

    def test_other_settings_apply_nothing(self, team: Checkout) -> None:
        team.write("refit.toml", b'version = "0.1.0"\n[environments.prod]\naccount = "123456789012"\n')
        team.commit()
        found = compare(team.project, team.base, "HEAD")
        assert (found.upgrade, found.to_apply) == (None, ())

    def test_its_own_folders_are_not_refits_sources(self, team: Checkout) -> None:
        for path in ("lambdas/own.py", "asl/own.json", "terraform/network/main.tf"):
            team.write(path, b"new")
        team.commit()
        assert compare(team.project, team.base, "HEAD").to_apply == ()

    def test_a_version_may_come_and_go(self, team: Checkout) -> None:
        (team.root / "refit.toml").unlink()
        team.commit()
        found = compare(team.project, team.base, "HEAD")
        assert (found.upgrade, str(found.upgrade)) == (
            Upgrade("0.1.0", None),
            "refit 0.1.0 → no fixed version (refit.toml)",
        )
        assert compare(team.project, "HEAD", team.base).upgrade == Upgrade(None, "0.1.0")

    def test_an_invalid_refit_toml_is_an_error_only_at_the_head(self, team: Checkout) -> None:
        team.write("refit.toml", b"version = 1\n")
        broken = team.commit()
        with pytest.raises(InvalidSettings, match="version must be a string"):
            compare(Project(team.root), team.base, broken)
        team.write("refit.toml", b'version = "0.2.0"\n')
        team.commit()
        assert compare(Project(team.root), broken, "HEAD").upgrade == Upgrade(None, "0.2.0")

    def test_an_upgrade_may_bring_settings_that_only_the_new_version_knows(self, team: Checkout) -> None:
        team.write("refit.toml", b'version = "9.0.0"\nfuture = true\n')
        head = team.commit()
        team.git("checkout", "--quiet", team.base)  # as in the workflow, where the version of the base branch plans
        assert compare(team.project, team.base, head).upgrade == Upgrade("0.1.0", "9.0.0")

    def test_pipelines_may_lie_elsewhere(self, team: Checkout) -> None:
        team.write("refit.toml", b'version = "0.1.0"\npipelines = "pipelines"\n')
        team.write("pipelines/prod/homes.tfvars", MINIMAL.replace("home-prices", "homes").encode())
        team.commit()
        assert compare(team.project, team.base, "HEAD").pipelines == ("prod/homes",)
