"""The sample of the held-out rows, on a real S3; its arithmetic is tested with hypothesis."""

from __future__ import annotations

import random
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from lambdas.aws import clients
from lambdas.aws.errors import is_transient
from lambdas.decisions import manifest
from lambdas.evaluation import holdout_rows
from lambdas.evaluation.holdout_rows import (
    MAX_BYTES,
    MAX_OBJECTS,
    RANGES,
    ByteRange,
    Row,
    draw,
    sample,
    spread,
    whole_lines,
)
from refit.domain.days import DataObject
from refit.domain.metrics import NotComparable
from refit.domain.run_document import Run
from tests.support.lambdas.fakes import Fault
from tests.support.lambdas.stage import Pipeline, run_document

PREFIX = "data/train/"


def hold_out(pipeline: Pipeline, files: dict[str, bytes], name: str = "homes-20261122-0a1b2c3d") -> Run:
    """A run whose validation manifest lists these objects."""
    for file, body in files.items():
        clients.s3().put_object(Bucket=pipeline.bucket, Key=f"{PREFIX}{file}", Body=body)
    key = f"runs/{pipeline.name}/run-1/validation.json"
    listed = manifest.render(pipeline.bucket, PREFIX, (DataObject(f"{PREFIX}{file}", "", 1) for file in files))
    clients.s3().put_object(Bucket=pipeline.bucket, Key=key, Body=listed)
    return run_document(bucket=pipeline.bucket, name=name, validation=f"s3://{pipeline.bucket}/{key}")  # type: ignore[return-value]


def csv(rows: int, start: int = 0) -> bytes:
    """Rows whose label and features are the same number, different in each row."""
    return b"".join(b"%d,%d,%d\n" % (number, number, number) for number in range(start, start + rows))


class Reads:
    """Counts the calls that read objects, and the bytes that they read."""

    def __init__(self) -> None:
        self.ranges: list[tuple[str, int]] = []
        self.looks = 0
        clients.s3().meta.events.register("provide-client-params.s3.GetObject", self._get)
        clients.s3().meta.events.register("provide-client-params.s3.HeadObject", self._head)

    def _get(self, params: dict[str, Any], **_: Any) -> None:
        if "Range" in params:
            first, _, last = params["Range"].removeprefix("bytes=").partition("-")
            self.ranges.append((params["Key"], int(last) - int(first) + 1))

    def _head(self, **_: Any) -> None:
        self.looks += 1


class TestASample:
    def test_that_holds_everything_is_everything(self, pipeline: Pipeline) -> None:
        run = hold_out(pipeline, {"2026-11-21.csv": csv(3), "2026-11-22/a.csv": csv(2, 3)})
        found = sample(run, 1000, feature_dim=2)
        assert sorted(found.rows) == [Row(float(number), f"{number},{number}") for number in range(5)]
        assert (found.unreadable, found.everything) == (0, True)
        assert sample(run, 5, feature_dim=2).everything

    def test_is_as_large_as_asked_for_and_no_row_is_in_it_twice(self, pipeline: Pipeline) -> None:
        run = hold_out(pipeline, {"2026-11-22.csv": csv(500)})
        found = sample(run, 100, feature_dim=2)
        assert len(set(found.rows)) == len(found.rows) == 100
        assert not found.everything

    def test_is_the_same_at_every_attempt_of_a_run_and_another_in_another_run(self, pipeline: Pipeline) -> None:
        files = {"2026-11-22.csv": csv(500)}
        run = hold_out(pipeline, files)
        assert sample(run, 100, feature_dim=2) == sample(run, 100, feature_dim=2)
        other = hold_out(pipeline, files, name="homes-20261122-ffffffff")
        assert sample(other, 100, feature_dim=2) != sample(run, 100, feature_dim=2)

    def test_of_large_objects_reads_no_more_than_it_may(
        self, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(holdout_rows, "MAX_BYTES", budget := 20_000)
        run = hold_out(pipeline, {"2026-11-21.csv": csv(20_000), "2026-11-22.csv": csv(30_000, 20_000)})
        reads = Reads()
        found = sample(run, 10_000, feature_dim=2)
        assert sum(length for _, length in reads.ranges) <= budget
        assert {key for key, _ in reads.ranges} == {f"{PREFIX}2026-11-21.csv", f"{PREFIX}2026-11-22.csv"}
        assert not found.everything
        # Only complete lines: part of a line would not be a row of three equal numbers.
        assert found.unreadable == 0
        assert {row.features for row in found.rows} == {f"{row.label:.0f},{row.label:.0f}" for row in found.rows}
        # From all over the holdout.
        assert {int(row.label) // 10_000 for row in found.rows} == {0, 1, 2, 3, 4}

    def test_of_many_objects_looks_at_few_of_them(self, pipeline: Pipeline) -> None:
        run = hold_out(pipeline, {f"2026-11-22/{part:03}.csv": csv(1, part) for part in range(3 * MAX_OBJECTS)})
        reads = Reads()
        found = sample(run, 1000, feature_dim=2)
        assert reads.looks == len(reads.ranges) == len(found.rows) == MAX_OBJECTS
        assert not found.everything

    def test_counts_the_lines_that_are_not_rows(self, pipeline: Pipeline) -> None:
        body = b"price,rooms,age\n1,2,3\n\n4,5\nnan,1,2\n5,\xff,1\n6,7,8\r\n"
        found = sample(hold_out(pipeline, {"2026-11-22.csv": body}), 1000, feature_dim=2)
        assert sorted(found.rows) == [Row(1.0, "2,3"), Row(6.0, "7,8")]
        assert (found.unreadable, found.everything) == (4, True)

    def test_without_a_row_says_what_the_lines_are(self, pipeline: Pipeline) -> None:
        body = b"1,2,clerk\n3,4,clerk\n"
        with pytest.raises(
            NotComparable, match=r"none of the held-out lines .* 3 numbers; .*: column 3 is text: 'clerk'"
        ):
            sample(hold_out(pipeline, {"2026-11-22.csv": body}), 1000, feature_dim=2)


class TestAHoldoutThatIsNotThere:
    def test_cannot_be_compared(self, pipeline: Pipeline) -> None:
        run = hold_out(pipeline, {"2026-11-22.csv": csv(3)})
        with pytest.raises(NotComparable, match="the run has no holdout"):
            sample(run | {"validation": None}, 1000, feature_dim=2)  # type: ignore[arg-type]
        with pytest.raises(NotComparable, match=r"other\.json no longer exists"):
            sample(run | {"validation": f"s3://{pipeline.bucket}/other.json"}, 1000, feature_dim=2)  # type: ignore[arg-type]
        clients.s3().delete_object(Bucket=pipeline.bucket, Key=f"{PREFIX}2026-11-22.csv")
        with pytest.raises(NotComparable, match=r"2026-11-22\.csv was deleted or replaced"):
            sample(run, 1000, feature_dim=2)

    @pytest.mark.parametrize("code", ["NoSuchKey", "InvalidRange"])
    def test_or_goes_while_it_is_read(self, pipeline: Pipeline, code: str) -> None:
        run = hold_out(pipeline, {"2026-11-22.csv": csv(3)})

        def strike(**_: Any) -> None:
            Fault(clients.s3(), "GetObject", code)

        clients.s3().meta.events.register("before-parameter-build.s3.HeadObject", strike)
        with pytest.raises(NotComparable, match="was deleted or replaced"):
            sample(run, 1000, feature_dim=2)

    def test_and_may_not_be_read_is_an_error(self, pipeline: Pipeline) -> None:
        run = hold_out(pipeline, {"2026-11-22.csv": csv(3)})
        Fault(clients.s3(), "HeadObject", "403", status=403)
        with pytest.raises(ClientError, match="403") as refused:
            sample(run, 1000, feature_dim=2)
        assert not is_transient(refused.value)

    def test_and_a_throttled_bucket_is_asked_again(self, pipeline: Pipeline) -> None:
        run = hold_out(pipeline, {"2026-11-22.csv": csv(3)})
        Fault(clients.s3(), "HeadObject", "503", status=503)
        with pytest.raises(ClientError) as refused:
            sample(run, 1000, feature_dim=2)
        assert is_transient(refused.value)


objects_of_sizes = st.lists(st.integers(0, 5000), max_size=12).map(
    lambda sizes: [(f"key-{number}", size) for number, size in enumerate(sizes)]
)


class TestArithmetic:
    @given(objects_of_sizes, st.integers(RANGES, 20_000), st.randoms(use_true_random=False))
    def test_stretches_lie_in_their_objects_apart_and_within_the_budget(
        self, sizes: list[tuple[str, int]], budget: int, chance: random.Random
    ) -> None:
        found = spread(sizes, budget, chance)
        total = sum(size for _, size in sizes)
        read = sum(stretch.end - stretch.start for stretch in found)
        assert read == total if total <= budget else budget - RANGES < read <= budget
        assert all(0 <= s.start < s.end <= s.size == dict(sizes)[s.key] for s in found)
        bytes_read = [(s.key, at) for s in found for at in (s.start, s.end - 1)]
        assert len({(s.key, s.start) for s in found}) == len(found)
        for one in found:
            inside = [at for key, at in bytes_read if key == one.key and one.start <= at < one.end]
            assert len(inside) == 2

    @given(st.lists(st.binary().filter(lambda line: b"\n" not in line)), st.data())
    def test_every_line_of_a_stretch_is_a_line_of_the_object(self, lines: list[bytes], data: st.DataObject) -> None:
        body = b"\n".join(lines)
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, len(body)))
        found = whole_lines(body[start:end], ByteRange("key", start, end, len(body)))
        assert set(found) <= set(lines)
        whole = whole_lines(body, ByteRange("key", 0, len(body), len(body)))
        assert whole == [line for line in lines if line.strip()]

    @given(st.lists(st.sampled_from([b"1,2", b"x,2", b"3,4,5", b"-1e3,4\r", b"1,x"])), st.integers(0, 20))
    def test_what_is_drawn_is_rows_or_counted(self, lines: list[bytes], count: int) -> None:
        rows, unreadable = draw(lines, count, feature_dim=1)
        assert set(rows) <= {Row(1.0, "2"), Row(-1000.0, "4")}
        assert len(rows) <= count
        assert len(rows) == count or len(rows) + unreadable == len(lines)

    @pytest.mark.parametrize(
        "line", [b"1", b"1,", b",1", b"inf,1", b"1;2", b"1,\xef\xbc\x92", b"1,nan", b"1_0,2", b"1,2\xa0"]
    )
    def test_these_are_not_rows(self, line: bytes) -> None:
        assert draw([line], 1, feature_dim=1) == ([], 1)

    @pytest.mark.parametrize("line", [b"1,", b"1,red", b"1,nan", b"1,\xc3\xa9"])
    def test_an_own_image_may_read_any_feature(self, line: bytes) -> None:
        features = line.partition(b",")[2].decode()
        assert draw([line], 1, feature_dim=1, numbers=False) == ([Row(1.0, features)], 0)

    @pytest.mark.parametrize("line", [b"1", b",1", b"red,1", b"inf,1", b"1,2,3", b"1,\xff"])
    def test_an_own_image_needs_a_label_and_all_features(self, line: bytes) -> None:
        assert draw([line], 1, feature_dim=1, numbers=False) == ([], 1)

    def test_a_stretch_has_room_for_thousands_of_features(self) -> None:
        assert MAX_BYTES // RANGES > 5000 * 20 * 5
