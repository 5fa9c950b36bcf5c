"""The fixes hold for one version of ministack, and say what they restore."""

from __future__ import annotations

import subprocess
import sys


class TestTheFixes:
    def tell(self, script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    def test_each_name_the_page_of_aws_that_they_follow(self):
        script = (
            "from refit.embedded_cloud import ministack_patches as fixes; fixes.apply()\n"
            "for fix in fixes.PATCHES: print('https://docs.aws.amazon.com/' in fix.function.__doc__, fix.symbol)"
        )
        lines = self.tell(script).stdout.splitlines()
        assert len(lines) >= 15
        assert [line for line in lines if not line.startswith("True")] == []

    def test_refuse_another_version_of_ministack(self):
        done = self.tell(
            "from refit.embedded_cloud import ministack_patches as fixes; fixes.VERSION = '1.5.34'; fixes.apply()"
        )
        assert "needs ministack 1.5.34, and 1.5.33 is installed" in done.stderr

    def test_refuse_a_ministack_without_the_symbol_that_they_replace(self):
        script = (
            "from refit.embedded_cloud import ministack_patches as fixes\n"
            "from ministack.services import stepfunctions; del stepfunctions._find_matching_retrier\n"
            "fixes.apply()"
        )
        assert "ministack.services.stepfunctions._find_matching_retrier" in self.tell(script).stderr
