"""The demo: runs the whole product on the embedded cloud."""
