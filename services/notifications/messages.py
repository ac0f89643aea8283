"""What people read: texts kept as data, one for each thing that is told and each audience."""

from collections.abc import Mapping
from importlib.resources import files
from string import Formatter
from typing import Final, Literal

from pydantic import TypeAdapter

from services.notifications.rules import Occasion
from shared.codes.reading import read_yaml
from shared.schemas.outcomes import Team
from shared.schemas.words import Pathway, Sector

#: The only things a text may be filled in with.
PLACES: Final = frozenset({"team", "telephone"})

_Default = Literal["default"]
_DEFAULT: Final[_Default] = "default"

Messages = dict[Pathway, dict[Sector, str]]
NoticeTexts = dict[Occasion, dict[Sector | _Default, str]]


def read_messages(text: str) -> Messages:
    """Return the texts of outcomes in a YAML text.

    Raises:
        ValueError: a text is missing for some outcome and audience, or names something to fill in that no
            message may hold.
    """
    messages = TypeAdapter(Messages).validate_python(read_yaml(text))
    for pathway in Pathway:
        for sector in Sector:
            _require_words(messages.get(pathway, {}).get(sector), f"{pathway} to {sector}")
    return messages


def read_notice_texts(text: str) -> NoticeTexts:
    """Return the texts of notices in a YAML text; an audience without words of its own has the default's.

    Raises:
        ValueError: as `read_messages` does.
    """
    texts = TypeAdapter(NoticeTexts).validate_python(read_yaml(text))
    for occasion in Occasion:
        for sector in Sector:
            _require_words(_words(texts.get(occasion, {}), sector), f"{occasion} to {sector}")
    return texts


def _words(texts: Mapping[Sector | _Default, str], audience: Sector) -> str | None:
    return texts.get(audience, texts.get(_DEFAULT))


def _require_words(message: str | None, what: str) -> None:
    if not message or not message.strip():
        raise ValueError(f"no message for {what}")
    if not {name for _, name, _, _ in Formatter().parse(message) if name is not None} <= PLACES:
        raise ValueError(f"the message for {what} fills in what it may not")


def _shipped(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


_MESSAGES: Final = read_messages(_shipped("messages.yaml"))
_NOTICES: Final = read_notice_texts(_shipped("notices.yaml"))


def write_message(outcome: Pathway, audience: Sector, team: Team) -> str:
    """Return what `audience` is told about `outcome`, and whom to ring. It says nothing of anybody."""
    return _MESSAGES[outcome][audience].format(team=team.name, telephone=team.telephone)


def write_notice(occasion: Occasion, audience: Sector, team: Team) -> str:
    """Return what `audience` is told on `occasion`, and whom to ring. It says nothing of anybody."""
    words = _words(_NOTICES[occasion], audience) or ""
    return words.format(team=team.name, telephone=team.telephone)
