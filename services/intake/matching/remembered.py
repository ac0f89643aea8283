"""How much is remembered of what was worked out before: so little that it fills early."""

from typing import Final

#: Single words and dates: more than an area has of most kinds.
WORDS: Final = 20_000
#: Pairs of them: those of one lookup come together, and the same two seldom meet again.
PAIRS: Final = 5_000
