"""The hub's services: each owns its schema, its role and its words; none imports another."""
