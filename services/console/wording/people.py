"""Names that are never blank, and what a family was asked and told, said as it is."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Final, Protocol

from shared.schemas.case_details import ConsentView, FamilyToldView


class Named(Protocol):
    """A child or an adult as a service names them."""

    @property
    def given_name(self) -> str | None:
        """Null: not known."""

    @property
    def family_name(self) -> str | None:
        """Null: not known."""


class Born(Named, Protocol):
    """A child as a service names it, with when it was born or is expected."""

    @property
    def date_of_birth(self) -> date | None:
        """Null: not known, or not yet born."""

    @property
    def expected_date_of_birth(self) -> date | None:
        """Null: born, or not known."""


def name_of(person: Named) -> str:
    """Return someone's name; a person without one must still be seen on the page."""
    given, family = (person.given_name or "").strip(), (person.family_name or "").strip()
    if family and not given:
        return f"{family} (first name not known)"
    return f"{given} {family}".strip() or "Name not known"


def different(values: Iterable[str | None]) -> list[str]:
    """Return what is said, each once, in its order."""
    return list(dict.fromkeys(value.strip() for value in values if value and value.strip()))


def child_name(child: Born) -> str:
    """Return a child's name; one not yet born rarely has its own."""
    family = (child.family_name or "").strip()
    if child.date_of_birth or not child.expected_date_of_birth or (child.given_name or "").strip():
        return name_of(child)
    return f"Unborn child ({family})" if family else "Unborn child"


def names_together(children: Sequence[Born]) -> str:
    """Return the names of several children as one says them: neighbours of one family name have it once."""
    said: list[str] = []
    for family, one_family in groupby(children, _shared_family_name):
        together = list(one_family)
        if family and len(together) > 1:
            said.append(f"{and_words([(each.given_name or '').strip() for each in together])} {family}")
        else:
            said += [child_name(each) for each in together]
    return ", ".join(said)


def _shared_family_name(child: Born) -> str:
    """Return the family name of a child who has both names, else nothing that could be shared."""
    return (child.family_name or "").strip() if (child.given_name or "").strip() else ""


#: What a tie says of one child: "mother of Maisie, has parental responsibility, lives in the household".
_TIE: Final = re.compile(
    r"(?P<what>.+?) of (?P<whom>.+?)(?P<beyond>(, has parental responsibility)?(, lives in the household)?)"
)


def ties_together(ties: Iterable[str]) -> list[str]:
    """Return an adult's ties to children, those that are the same to several children in one."""
    found: dict[tuple[str, str], list[str]] = {}
    for tie in ties:
        parts = _TIE.fullmatch(tie)
        same = (parts["what"], parts["beyond"]) if parts else (tie, "")
        found.setdefault(same, []).append(parts["whom"] if parts else "")
    return [
        f"{what} of {and_words(whom)}{beyond}" if all(whom) else what
        for (what, beyond), whom in found.items()
    ]


def and_words(words: Sequence[str]) -> str:
    """Return words one after the other, "and" before the last."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def sentence(words: str) -> str:
    """Return words with a capital at their beginning; names within keep theirs."""
    return words[:1].upper() + words[1:]


def consent_words(consent: ConsentView | None) -> str:
    """Return what was asked of the family and what it said; not asked is never read as refused."""
    if consent is None or consent.sought is None:
        return "The sender did not say whether the family was asked."
    if consent.sought:
        said = _SAID[consent.given]
        told = f" Told about: {', '.join(consent.informed_of)}." if consent.informed_of else ""
        return said + told + _basis(consent)
    return f"Not asked: {_code(consent.not_sought_reason) or 'no reason was given'}." + _basis(consent)


_SAID: Final = {
    True: "The family was asked and agreed.",
    False: "The family was asked and refused.",
    None: "The family was asked; what it said was not recorded.",
}


def _basis(consent: ConsentView) -> str:
    parts = [f"Lawful basis: {_code(consent.lawful_basis)}."] if consent.lawful_basis else []
    parts += [f"Authorised by {consent.authorised_by}."] if consent.authorised_by else []
    return "".join(f" {part}" for part in parts)


def _code(code: str | None) -> str:
    return (code or "").replace("_", " ")


def told_words(told: FamilyToldView | None) -> str:
    """Return what the family knows of the contact, or why it must not be told."""
    if told is None or told.told is None:
        return "The sender did not say what the family knows."
    if told.told:
        return "The family knows of this contact."
    return f"The family has not been told: {told.reason_not or 'no reason was given'}"
