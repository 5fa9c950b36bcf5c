"""For the tests of the embedded cloud."""
