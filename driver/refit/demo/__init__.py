"""The demo: the whole product on the embedded cloud."""
