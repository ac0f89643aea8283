"""The policy's own sentences: who is silent, what nobody has said, and an answer in a few words."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Final

from services.triage.policy.document import Discussion
from services.triage.policy.facts import FamilyConsent, Plan, Silence, Unheard
from shared.clock import LONDON
from shared.schemas.words import Pathway, Rag, Sector
from shared.schemas.words_asking import SOURCE_WORDS, SOURCES_OF, Source

NO_RULE: Final = "No rule of the policy covers what is known: a person must set the level of need."
UNSETTLED: Final = "A contact about the child leaves something open that only a person can settle."
NO_AGE: Final = "The child's age is not known, so the youngest age is assumed."

SECTORS: Final = {
    Sector.POLICE: "The police",
    Sector.HEALTH: "Health",
    Sector.EDUCATION: "Education",
    Sector.SOCIAL_CARE: "Children's social care",
    Sector.OTHER: "Another agency",
}
#: The same in the middle of a sentence.
WHO: Final[Mapping[Sector | None, str]] = {
    Sector.POLICE: "the police",
    Sector.HEALTH: "health",
    Sector.EDUCATION: "education",
    Sector.SOCIAL_CARE: "children's social care",
    Sector.OTHER: "another agency",
    None: "an agency",
}

#: Said only where the policy asks for it.
NOT_KNOWN: Final[Mapping[str, str]] = {
    "looked_after": "Whether a council looks after the child is not known.",
    "plan": "Whether the child is on a plan is not known.",
    "private_fostering": "Whether the child is privately fostered is not known.",
    "allocated_worker": "Whether a social worker has the child already is not known.",
    "previous_plan": "Whether the child was on a plan before is not known.",
    "hot_spot": "No postcode and no school is known, so nobody can say whether others were drawn in there.",
    "consent": "Whether the family agrees, or why nobody asked them, is not known.",
    "child_seen": "Whether anyone has seen the child is not known.",
}

#: What might still be learnt, by fact and value.
IF: Final[Mapping[tuple[str, Hashable], str]] = {
    ("looked_after", True): "If a council looked after the child",
    ("looked_after", False): "If no council looked after the child",
    ("plan", Plan.NONE): "If the child were on no plan",
    ("plan", Plan.EARLY_HELP): "If the child were on an early help plan",
    ("plan", Plan.CHILD_IN_NEED): "If the child were on a child in need plan",
    ("plan", Plan.CHILD_PROTECTION): "If the child were on a child protection plan",
    ("private_fostering", True): "If the child were privately fostered",
    ("private_fostering", False): "If the child were not privately fostered",
    ("allocated_worker", True): "If a social worker had the child already",
    ("allocated_worker", False): "If no social worker had the child",
    ("previous_plan", True): "If the child had been on a plan before",
    ("previous_plan", False): "If the child had never been on a plan",
    ("hot_spot", True): "If others had been drawn in where the child lives or learns",
    ("hot_spot", False): "If nobody else had been drawn in where the child lives or learns",
    ("consent", FamilyConsent.GIVEN): "If the family agreed",
    ("consent", FamilyConsent.REFUSED): "If the family refused",
    ("consent", FamilyConsent.NOT_SOUGHT): "If there were a ground for not asking the family",
    ("child_seen", True): "If the child had been seen",
    ("child_seen", False): "If nobody had seen the child",
}
IF_OLDER: Final = "If the child were older than any rule about young children asks"

_PATHWAYS: Final = {
    Pathway.UNIVERSAL: "universal services",
    Pathway.ADVICE: "advice",
    Pathway.EARLY_HELP: "early help",
    Pathway.CHILD_IN_NEED: "child in need",
    Pathway.STRATEGY_DISCUSSION: "strategy discussion",
    Pathway.OTHER_AUTHORITY: "another authority",
    Pathway.ALLOCATED_WORKER: "allocated worker",
}
_TALKS: Final = {
    Discussion.RECORDED: "a discussion that is recorded",
    Discussion.SAME_DAY: "a discussion the same day",
}


def answer_words(level: str | None, pathway: Pathway | None, rag: Rag, discussion: Discussion | None) -> str:
    """Return an answer in a few words, such as "level 4 (Specialist), strategy discussion, Red"."""
    said = [
        level or "no level, so a person must say",
        _PATHWAYS[pathway] if pathway else None,
        rag.capitalize(),
        _TALKS[discussion] if discussion else None,
    ]
    return ", ".join(words for words in said if words)


def silence_words(sector: Sector, why: Silence, unheard: Iterable[Unheard]) -> Iterator[str]:
    """Yield what a sector has not said: by source and since when, as far as that is known.

    The time is that of asking, in London, and not how long ago: an answer is stored, and must read the same
    whenever it is worked out again.
    """
    mine = [one for one in unheard if one.sector is sector] if why is Silence.NOT_ANSWERED else []
    if not mine:
        yield f"{SECTORS[sector]}: {why}."
    yield from dict.fromkeys(f"{SECTORS[sector]}: {unheard_words(one)}." for one in mine)


def unheard_words(one: Unheard) -> str:
    """Return where nobody has looked yet and since when it is asked: "GP, asked 2 May at 9:05, ..."."""
    at = one.asked_at.astimezone(LONDON)
    where = "".join(f"{SOURCE_WORDS[source]}, " for source in named_sources(one))
    ended = "not checked" if one.left_out else "not answered"
    return f"{where}asked {at.day} {at:%B at %H:%M}, {ended}"


def named_sources(one: Unheard) -> tuple[Source, ...]:
    """Return the sources to name; none where a whole sector is silent, which its own name says."""
    return () if set(one.sources) == set(SOURCES_OF.get(one.sector, ())) else one.sources
