"""From facts to a recommendation, from there to a decision, its second look, and what follows it."""
