"""The patches work with one version of ministack, and name the AWS page that they follow."""

from __future__ import annotations

import subprocess
import sys


class TestThePatches:
    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    def test_each_name_the_page_of_aws_that_they_follow(self):
        script = (
            "from refit.embedded_cloud import ministack_patches as patches; patches.apply()\n"
            "for patch in patches.PATCHES: print('https://docs.aws.amazon.com/' in patch.function.__doc__, patch)"
        )
        lines = self.run(script).stdout.splitlines()
        assert len(lines) >= 15
        assert [line for line in lines if not line.startswith("True")] == []

    def test_reject_another_version_of_ministack(self):
        done = self.run(
            "from refit.embedded_cloud import ministack_patches as patches; patches.VERSION = '1.5.34'; patches.apply()"
        )
        assert "needs ministack 1.5.34, but 1.5.33 is installed" in done.stderr

    def test_reject_a_ministack_without_the_symbol_that_they_replace(self):
        script = (
            "from refit.embedded_cloud import ministack_patches as patches\n"
            "from ministack.services import scheduler; del scheduler._tick_schedules\n"
            "patches.apply()"
        )
        assert "ministack.services.scheduler._tick_schedules" in self.run(script).stderr
