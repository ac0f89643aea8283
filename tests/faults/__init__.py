"""Real processes, killed: what was acknowledged is there afterwards, once, and answered."""
