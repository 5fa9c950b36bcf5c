"""The tests. Their folders mirror the source; `tests.support` contains shared helpers."""
