"""The one history of the database: every schema, every role, every grant."""
