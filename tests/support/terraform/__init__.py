"""For the tests of plans."""
