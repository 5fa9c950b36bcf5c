"""Measures checking CSV by a data contract, next to pandas.read_csv with the same statistics, for two sizes of data.

Each program runs in its own process, in turns with the other. Printed are the median of the CPU seconds of the process,
and the peak of its memory (Linux). Exits with 1 if the memory of the check grows by more than 10 % with four times the
rows.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from benchmarks.training import run, write

FEATURES = 13
ROUNDS = 2
ROWS = (500_000, 2_000_000)
GROWTH = 1.1
CHECK = """
from refit.domain.data_contract import Column, Contract
from refit.quality.measure import measure_day
imported = time.process_time()
columns = tuple(Column(f"x{at}", min=-1e6, max=1e6) for at in range(int(sys.argv[2]) + 1))
with open(sys.argv[1], "rb") as file:
    found, breaches = measure_day([("data.csv", file)], Contract(columns))
assert found.rows and not breaches
weights = [column.mean for column in found.columns.values()]
"""
PANDAS = """
import pandas
imported = time.process_time()
data = pandas.read_csv(sys.argv[1], header=None)
assert ((data >= -1e6) & (data <= 1e6)).all().all()
data.quantile([at / 10 for at in range(11)])
weights = data.mean().tolist()
"""
PROGRAMS = {"measure_day": CHECK, "pandas": PANDAS}


def main() -> int:
    peaks: dict[str, list[float]] = {title: [] for title in PROGRAMS}
    for rows in ROWS:
        with tempfile.TemporaryDirectory(prefix="refit-benchmark-") as folder:
            path = Path(folder) / "data.csv"
            write(path, rows, FEATURES)
            runs = {title: [run(code, path, FEATURES) for _ in range(ROUNDS)] for title, code in PROGRAMS.items()}
        for title, found in runs.items():
            peak = max(one.peak_mib or 0 for one in found)
            peaks[title].append(peak)
            seconds = statistics.median(one.work_seconds for one in found)
            print(f"{rows:>9,} rows  {title:<12} {seconds:6.2f} CPU s without imports  {peak:6,.0f} MiB at most")
    less, more = peaks["measure_day"]
    return int(more > GROWTH * less)


if __name__ == "__main__":
    raise SystemExit(main())
