"""The live description of each API, held against what it does."""
