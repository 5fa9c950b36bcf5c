"""Support for the tests of the embedded cloud."""
