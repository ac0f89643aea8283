"""What comes in: everything that can be wrong with it, and what is right though it looks wrong."""
