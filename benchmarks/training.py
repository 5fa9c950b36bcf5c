"""Measures training on CSV: the embedded Linear Learner, pandas.read_csv with scikit-learn, and Arrow's bare read.

Each program runs in its own process, with one thread, in turns with the others. Printed are the median and the range of
the CPU seconds (user and system) of the whole process, and without its imports, and the peak of its memory (Linux).
Exits with 1 if the embedded cloud's weights differ from scikit-learn's by more than 1e-8. `--docs` writes the table to
docs/performance.md. `--rows 10000000` and `--features 100` measure larger data.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from refit.embedded_cloud.instance import process_environment

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
CHUNK_ROWS = 100_000
TOLERANCE = 1e-8
# Each program prints the CPU seconds at which its imports were done, and its weights.
EMBEDDED = """
from refit.embedded_cloud import linear_learner
from refit.embedded_cloud.instance.algorithm import Channel, Source, TrainingInput
imported = time.process_time()
data = Channel("text/csv", (Source("s3://bucket/data.csv", Path(sys.argv[1])),))
volume = Path(sys.argv[1]).parent / "volume"
job = TrainingInput({"train": data}, {"predictor_type": "regressor"}, 1, volume, lambda line: None)
job.model_dir.mkdir(parents=True, exist_ok=True)
linear_learner.train(job)
model = linear_learner.load(job.model_dir)
weights = (model.weights / model.scale).tolist()
"""
SCIKIT_LEARN = """
import pandas
from sklearn.linear_model import LinearRegression
imported = time.process_time()
data = pandas.read_csv(sys.argv[1], header=None)
weights = LinearRegression().fit(data.iloc[:, 1:], data.iloc[:, 0]).coef_.tolist()
"""
ARROW = """
import pyarrow as pa
from pyarrow import csv
imported = time.process_time()
names = [str(at) for at in range(int(sys.argv[2]) + 1)]
reading = csv.ReadOptions(use_threads=False, column_names=names)
conversion = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.float64()))
rows = sum(len(batch) for batch in csv.open_csv(sys.argv[1], reading, convert_options=conversion))
weights = []
"""
# Without getrusage, because a new process inherits the peak of the one that started it.
REPORT = """
work = time.process_time() - imported
status = Path("/proc/self/status")
peak = int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024 if status.exists() else None
print(json.dumps([work, peak, weights]))
"""
BASELINE = "pandas.read_csv, scikit-learn"
PROGRAMS = {"embedded Linear Learner": EMBEDDED, BASELINE: SCIKIT_LEARN, "pyarrow.csv, only reads": ARROW}


@dataclass(frozen=True)
class Run:
    """One run of a program: the CPU seconds of its process, those after its imports, its peak memory, its weights."""

    seconds: float
    work_seconds: float
    peak_mib: float | None
    weights: Sequence[float]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--features", type=int, default=13)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--docs", action="store_true", help="write the table to docs/performance.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="refit-benchmark-") as folder:
        path = Path(folder) / "data.csv"
        write(path, options.rows, options.features)
        megabytes = path.stat().st_size / 1e6
        runs: dict[str, list[Run]] = {title: [] for title in PROGRAMS}
        for _ in range(options.rounds):
            for title, code in PROGRAMS.items():
                runs[title].append(run(code, path, options.features))
    caption = (
        f"{options.rows:,} rows × {options.features} features, {megabytes:,.0f} MB of CSV, {options.rounds} rounds"
    )
    table = "\n".join([caption, "", *lines(runs)])
    print(table)
    if options.docs:
        write_page(f"{options.rows}x{options.features}", f"{table}\n\n{machine()}")
    return int(not agree(runs))


def write(path: Path, rows: int, features: int) -> None:
    """Writes rows whose label depends on the features, with four decimals."""
    random = np.random.default_rng(1978)
    weights = random.normal(size=features)
    with path.open("wb") as file:
        for start in range(0, rows, CHUNK_ROWS):
            x = random.normal(size=(min(CHUNK_ROWS, rows - start), features)) * 10
            y = x @ weights + random.normal(size=len(x)) + 22
            table = np.column_stack([y, x]).round(4)
            columns = {str(at): table[:, at] for at in range(features + 1)}
            csv.write_csv(pa.table(columns), file, csv.WriteOptions(include_header=False))


def run(code: str, path: Path, features: int) -> Run:
    """Runs a program on the file. Raises SystemExit if it fails."""
    program = f"import json, sys, time\nfrom pathlib import Path\n{code}\n{REPORT}"
    child = subprocess.Popen(  # noqa: S603, programs of this file
        [sys.executable, "-c", program, str(path), str(features)],
        env=process_environment.own(),
        stdout=subprocess.PIPE,
        text=True,
    )
    output = child.stdout.read() if child.stdout else ""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"a program exited with {child.returncode}:\n{code}")
    work, peak, weights = json.loads(output)
    return Run(usage.ru_utime + usage.ru_stime, work, peak, weights)


def lines(runs: Mapping[str, Sequence[Run]]) -> list[str]:
    """A Markdown table: a line for each program."""
    found = [
        "| | CPU s | of scikit-learn's | CPU s without imports | of scikit-learn's | peak MiB |",
        "|---|---|---|---|---|---|",
    ]
    for title, each in runs.items():
        cells = [title]
        for seconds in (lambda one: one.seconds, lambda one: one.work_seconds):
            mine = [seconds(one) for one in each]
            of = statistics.median(mine) / statistics.median(seconds(one) for one in runs[BASELINE])
            cells += [f"{statistics.median(mine):.2f} ({min(mine):.2f} to {max(mine):.2f})", f"{of:.2f} ×"]
        peaks = [one.peak_mib for one in each if one.peak_mib is not None]
        cells.append(f"{max(peaks):,.0f}" if peaks else "unknown")
        found.append(f"| {' | '.join(cells)} |")
    return found


def agree(runs: Mapping[str, Sequence[Run]]) -> bool:
    """Whether the weights are scikit-learn's; prints how much they differ."""
    found, expected = (np.array(runs[title][0].weights) for title in list(PROGRAMS)[:2])
    difference = float(np.abs(found / expected - 1).max())
    print(f"largest relative difference of a weight from scikit-learn's: {difference:.1e}")
    return difference <= TOLERANCE


def machine() -> str:
    """The machine, the libraries' versions and the date."""
    model = platform.processor() or platform.machine()
    if (cpuinfo := Path("/proc/cpuinfo")).exists() and (
        named := re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(), re.MULTILINE)
    ):
        model = named[1]
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pyarrow", "pandas", "scikit-learn"))
    date = datetime.datetime.now(datetime.UTC).date()
    return f"{date}; {model}, {os.cpu_count()} cores; Python {platform.python_version()}, {versions}."


def write_page(name: str, text: str) -> None:
    """Replaces the part of the page between the markers of this measurement."""
    begin, end = f"<!-- training {name} -->", f"<!-- /training {name} -->"
    page = PAGE.read_text(encoding="utf-8")
    if begin not in page:
        page = f"{page.rstrip()}\n\n{begin}\n{end}\n"
    before, _, rest = page.partition(begin)
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{rest.partition(end)[2]}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
