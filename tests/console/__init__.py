"""Pages for staff, against services that answer by telephone from a script."""
