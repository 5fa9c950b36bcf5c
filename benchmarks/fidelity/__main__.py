"""Runs the suites that are named, or all: `python -m benchmarks.fidelity [SUITE…]`.

A suite that needs something that is not given is left out, with the words that say how to fetch it. Exits with 1 if
a suite that is wholly Refit's own differs from AWS.
"""

from __future__ import annotations

import sys

from benchmarks.fidelity import (
    aws_cli,
    invalid_requests,
    jsonata,
    localstack,
    moto,
    orchestration_sample,
    report,
    sagemaker_sdk,
)
from benchmarks.fidelity.suite import Case, NotGiven, Suite

SUITES: tuple[Suite, ...] = (
    invalid_requests,
    aws_cli,
    jsonata,
    localstack,
    moto,
    sagemaker_sdk,
    orchestration_sample,
)
OWN = {invalid_requests.NAME, aws_cli.NAME}


def main(names: list[str]) -> int:
    known = {suite.NAME: suite for suite in SUITES}
    if unknown := [name for name in names if name not in known]:
        print(f"there is no suite {', '.join(unknown)}; write one of: {', '.join(known)}", file=sys.stderr)
        return 1
    results: dict[str, list[Case]] = {}
    for name in names or known:
        try:
            results[name] = list(known[name].run())
        except NotGiven as missing:
            print(f"{name}: not run; {missing}", flush=True)
        else:
            report.show(name, results[name])
    report.write(results)
    return int(any(case.difference for name in OWN & results.keys() for case in results[name]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
