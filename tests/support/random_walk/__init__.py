"""Random walks over the rendered state machines: seeded executions whose tasks answer whatever AWS's models allow."""
