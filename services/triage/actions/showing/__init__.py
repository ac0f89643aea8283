"""What a caller may see of a case and of a child's history, the council's own system included."""
