"""For the tests that run the real stack."""
