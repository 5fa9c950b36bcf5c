"""Changes in the days that a model was trained on."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lambdas.decisions.changed_days import Changes, between, fingerprints
from refit.domain.days import DataObject
from refit.domain.window import Window

FIRST = date(2026, 11, 16)
DAYS = [FIRST + timedelta(days=offset) for offset in range(10)]

etags = st.text("0123456789abcdef", min_size=1, max_size=3)
of_a_day = st.lists(
    st.builds(DataObject, st.text(min_size=1, max_size=5), etags, st.integers(1, 9)),
    min_size=1,
    max_size=3,
    unique_by=lambda item: item.key,
)
data = st.dictionaries(st.sampled_from(DAYS), of_a_day)
windows = st.tuples(st.integers(0, 8), st.integers(1, 9)).map(
    lambda part: Window(DAYS[part[0]], DAYS[part[0]] + timedelta(days=part[1]))
)
NOTHING = Changes([], [], [])


def seen(window: Window, found: dict[date, list[DataObject]]) -> dict[str, str | None]:
    return fingerprints(window, {day: items for day, items in found.items() if day in window})


@given(windows, data)
def test_when_nothing_changed_there_is_no_change(window: Window, found: dict[date, list[DataObject]]) -> None:
    assert between(seen(window, found), seen(window, found)) == NOTHING


@given(windows, windows, data)
def test_a_window_that_only_moves_changes_nothing(
    before: Window, now: Window, found: dict[date, list[DataObject]]
) -> None:
    assert between(seen(before, found), seen(now, found)) == NOTHING


@given(windows, data, st.data())
def test_another_etag_of_one_object_is_always_found(
    window: Window, found: dict[date, list[DataObject]], draw: st.DataObject
) -> None:
    found = {day: items for day, items in found.items() if day in window} or {window.start: [DataObject("k", "0", 1)]}
    day = draw.draw(st.sampled_from(sorted(found)))
    index = draw.draw(st.integers(0, len(found[day]) - 1))
    corrected = list(found[day])
    corrected[index] = corrected[index]._replace(etag=corrected[index].etag + "'")
    changes = between(seen(window, found), seen(window, {**found, day: corrected}))
    assert changes == Changes([day.isoformat()], [], [])


@given(windows, windows, data, data)
def test_every_day_that_both_windows_have_is_the_same_or_changed_in_one_way(
    before: Window, now: Window, then: dict[date, list[DataObject]], later: dict[date, list[DataObject]]
) -> None:
    corrected, late, gone = between(seen(before, then), seen(now, later))
    both = [day for day in before.days if day in now]
    assert late == [str(day) for day in both if day in later and day not in then]
    assert gone == [str(day) for day in both if day in then and day not in later]
    different = [day for day in both if day in then and day in later and sorted(then[day]) != sorted(later[day])]
    assert corrected == [str(day) for day in different]


@given(windows, data, data)
def test_what_is_late_one_way_is_gone_the_other(
    window: Window, one: dict[date, list[DataObject]], other: dict[date, list[DataObject]]
) -> None:
    there, back = between(seen(window, one), seen(window, other)), between(seen(window, other), seen(window, one))
    assert (there.late, there.gone, there.corrected) == (back.gone, back.late, back.corrected)


def test_a_run_that_wrote_nothing_down_says_nothing() -> None:
    assert between({}, {"2026-11-22": "0123456789abcdef"}) == NOTHING


def test_a_day_without_data_is_written_down_as_one() -> None:
    written = fingerprints(Window(FIRST, DAYS[2]), {FIRST: [DataObject("data/2026-11-16.csv", "9e10", 43)]})
    assert list(written) == ["2026-11-16", "2026-11-17"]
    assert written["2026-11-17"] is None
    assert len(written["2026-11-16"] or "") == 16


def test_changes_are_described_in_words() -> None:
    assert str(NOTHING) == ""
    told = str(Changes(["2026-11-20"], ["2026-11-16", "2026-11-18"], ["2026-11-17"]))
    assert told == "corrected: 2026-11-20; late: 2026-11-16, 2026-11-18; gone: 2026-11-17"
