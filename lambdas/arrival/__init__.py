"""How arriving data plans a run."""
