"""The tests. `tests.support` is what several of them use; the folders mirror the source."""
