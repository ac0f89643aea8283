"""What the person who was worried reads: one text for each outcome and audience, kept in messages.yaml."""

from importlib.resources import files
from string import Formatter
from typing import Final

from pydantic import TypeAdapter

from shared.codes.reading import read_yaml
from shared.schemas.outcomes import Team
from shared.schemas.words import Pathway, Sector

#: The only things a text may be filled in with.
PLACES: Final = frozenset({"team", "telephone"})

Messages = dict[Pathway, dict[Sector, str]]


def read_messages(text: str) -> Messages:
    """Return the messages in a YAML text.

    Raises:
        ValueError: a text is missing for some outcome and audience, or names something to fill in that no
            message may hold.
    """
    messages = TypeAdapter(Messages).validate_python(read_yaml(text))
    for pathway in Pathway:
        for sector in Sector:
            message = messages.get(pathway, {}).get(sector, "").strip()
            if not message:
                raise ValueError(f"no message for {pathway} to {sector}")
            if not {name for _, name, _, _ in Formatter().parse(message) if name is not None} <= PLACES:
                raise ValueError(f"the message for {pathway} to {sector} fills in what it may not")
    return messages


_MESSAGES: Final = read_messages((files(__package__) / "messages.yaml").read_text(encoding="utf-8"))


def write_message(outcome: Pathway, audience: Sector, team: Team) -> str:
    """Return what `audience` is told about `outcome`, and whom to ring. It says nothing of anybody."""
    return _MESSAGES[outcome][audience].format(team=team.name, telephone=team.telephone)
