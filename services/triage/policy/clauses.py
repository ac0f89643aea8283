"""How a condition answers, and what every condition of the language has in common."""

from enum import IntEnum

from pydantic import BaseModel, ConfigDict


class Answer(IntEnum):
    """How a condition stands, in the order that "all" takes the least of and "any" the most."""

    NO = 0
    UNKNOWN = 1
    YES = 2


def yes_if(holds: bool) -> Answer:
    """Return yes or no of what is always known."""
    return Answer.YES if holds else Answer.NO


def yes_if_told(said: bool | None) -> Answer:
    """Return how something stands that somebody may have said, denied, or not spoken of."""
    return Answer.UNKNOWN if said is None else yes_if(said)


class Clause(BaseModel):
    """One question of the language. It never holds less the more worry there is: there is no "not"."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
