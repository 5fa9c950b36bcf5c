"""Compares the embedded cloud with AWS: own cases, and suites of other projects (docs/fidelity.md)."""
