"""Counts numbers in bins that adapt to the data, for statistics of bounded size that can be added up. Pure.

A bin holds the numbers whose 64-bit representation has the same leading bits: few values have bins of their own, many
values share bins that are narrow where numbers are small. One outlier takes one bin and leaves the others alone. The
bins do not depend on the order of the numbers, and the sum of two histograms is the histogram of all numbers.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

BINS = 128
"""The maximum number of bins."""
_LOWEST = -(1 << 63)


def place(value: float) -> int:
    """The 64 bits of a finite number as an integer that sorts like the number; 0 for both zeros."""
    bits: int = struct.unpack("<q", struct.pack("<d", value))[0]
    return bits if bits >= 0 else _LOWEST - bits


def value_at(at: int) -> float:
    """The number whose `place` is `at`."""
    value: float = struct.unpack("<d", struct.pack("<q", at if at >= 0 else _LOWEST - at))[0]
    return value


@dataclass(frozen=True)
class Histogram:
    """Bin → the count of its numbers; a bin is a number's `place` without its last `shift` bits."""

    shift: int = 0
    counts: Mapping[int, int] = field(default_factory=dict)

    @staticmethod
    def of(values: Iterable[float]) -> Histogram:
        """The histogram of finite numbers."""
        return Histogram(0, Counter(map(place, values))).bounded()

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def coarser(self, shift: int) -> Histogram:
        """The histogram with wider bins; `shift` is not less than its own."""
        counts: Counter[int] = Counter()
        for at, count in self.counts.items():
            counts[at >> (shift - self.shift)] += count
        return Histogram(shift, counts)

    def bounded(self) -> Histogram:
        """The histogram with bins just wide enough that there are at most BINS."""
        shift = self.shift
        while len({at >> (shift - self.shift) for at in self.counts}) > BINS:
            shift += 1
        return self.coarser(shift)

    def plus(self, other: Histogram) -> Histogram:
        """The histogram of the numbers of both."""
        shift = max(self.shift, other.shift)
        counts = Counter(self.coarser(shift).counts)
        counts.update(other.coarser(shift).counts)
        return Histogram(shift, counts).bounded()

    def to_document(self) -> dict[str, Any]:
        """For JSON: each bin as its distance from the one before. The first is text, as JSON readers round integers."""
        bins = sorted(self.counts)
        steps = [str(later - earlier) for earlier, later in zip([0, *bins], bins, strict=False)]
        return {"shift": self.shift, "steps": steps, "counts": [self.counts[at] for at in bins]}

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> Histogram:
        """The histogram that `to_document` wrote."""
        at, counts = 0, {}
        for step, count in zip(document["steps"], document["counts"], strict=True):
            at += int(step)
            counts[at] = count
        return Histogram(document["shift"], counts)
