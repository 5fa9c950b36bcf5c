"""Generates examples/affordable-homes.csv: the homes of boston-housing.csv with a yes/no label instead of the price.

Run it in the checkout: python examples/affordable_homes.py
"""

from __future__ import annotations

import csv
from pathlib import Path

AT_MOST = 20.0
"""In $1000s: 215 of the 506 homes are worth this much or less."""

FOLDER = Path(__file__).parent
SOURCE, RESULT = FOLDER / "boston-housing.csv", FOLDER / "affordable-homes.csv"


def converted(source: Path) -> str:
    """The text of the CSV file: the unchanged features, then `affordable`, which is 1 for a home of AT_MOST or less."""
    with source.open(newline="", encoding="utf-8") as file:
        names, *homes = csv.reader(file)
    price = names.index("medv")
    rows = [",".join([*names[:price], *names[price + 1 :], "affordable"])]
    for home in homes:
        label = "1" if float(home[price]) <= AT_MOST else "0"
        rows.append(",".join([*home[:price], *home[price + 1 :], label]))
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    RESULT.write_text(converted(SOURCE), encoding="utf-8")
