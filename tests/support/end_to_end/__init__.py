"""Support for the tests that run the real stack."""
