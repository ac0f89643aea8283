"""How long the threshold policy takes for one child, beside a general rules engine on an equal table."""
