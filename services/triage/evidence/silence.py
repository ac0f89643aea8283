"""Who has said nothing since it was asked, by sector and source: pure, and silence is kept as silence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from services.triage.models import Grade, InformationRequest
from services.triage.policy.facts import Unheard
from services.triage.policy.plain_words import SECTORS, named_sources, unheard_words
from shared.schemas.ids import AgencyId, RequestId
from shared.schemas.words import AnswerStatus, Sector
from shared.schemas.words_asking import SOURCE_WORDS, SOURCES_OF, Source

#: How a grade came: with the referral, by its sender; or when the agency was asked.
WITH_REFERRAL, WHEN_ASKED = "with_referral", "when_asked"

_TELLS: Final = frozenset({AnswerStatus.INFORMATION, AnswerStatus.RING_ME})
_SHORTLY: Final = {
    Sector.POLICE: "police",
    Sector.HEALTH: "health",
    Sector.EDUCATION: "education",
    Sector.SOCIAL_CARE: "social care",
    Sector.OTHER: "another agency",
}


def waiting_for(
    asked: Sequence[InformationRequest],
    graded: Sequence[Grade],
    prepared: Sequence[Mapping[str, Any]] | None = None,
) -> tuple[Sector, ...]:
    """Return the core sectors that have not said all that they were asked for.

    Args:
        prepared: questions that have not gone out yet, as the child keeps them.
    """
    waiting = {Sector(each["sector"]) for each in prepared or ()}
    return tuple(sorted(waiting | set(open_sources(asked, graded))))


def open_sources(
    asked: Sequence[InformationRequest], graded: Sequence[Grade]
) -> dict[Sector, tuple[Source, ...]]:
    """Return what each silent core sector has not looked in; nothing where it is not several sources.

    An answer that names no sources stands for all those that its agency was asked to look in, and so does a
    grade without an answer. Where sources are named, only these were looked in, whoever was responsible.

    Source:
        docs/adr/0031-who-is-asked-and-on-what-ground.md
    """
    found: dict[Sector, tuple[Source, ...]] = {}
    for one in unheard_of(asked, graded):
        found[one.sector] = tuple(dict.fromkeys((*found.get(one.sector, ()), *one.sources)))
    return found


def unheard_of(asked: Sequence[InformationRequest], graded: Sequence[Grade]) -> tuple[Unheard, ...]:
    """Return what core sectors have not told, by source and since when it is asked, each source once.

    Who was asked last for a source is who is waited for.
    """
    spoke = {grade.agency_id for grade in graded if grade.given == WHEN_ASKED}
    core: dict[Sector, list[InformationRequest]] = {}
    for request in asked:
        if request.sector:
            core.setdefault(Sector(request.sector), []).append(request)
    return tuple(one for sector, requests in core.items() for one in _unheard_in(sector, requests, spoke))


def _unheard_in(
    sector: Sector, requests: Sequence[InformationRequest], spoke: set[AgencyId]
) -> Iterator[Unheard]:
    looked = {source for request in requests for source in _looked_in(request, spoke)}
    newest = {source: request for request in requests for source in _wanted(request, sector)}
    waits: dict[RequestId, list[Source]] = {
        request.request_id: [] for request in requests if _is_silent(request, spoke) and not request.sources
    }
    for source, request in newest.items():
        if source not in looked:
            waits.setdefault(request.request_id, []).append(source)
    for request in requests:
        if request.request_id in waits:
            left_out = not _is_silent(request, spoke)
            yield Unheard(
                sector=sector,
                sources=tuple(waits[request.request_id]),
                asked_at=request.asked_at,
                left_out=left_out,
            )


def is_to_be_read(request: InformationRequest) -> bool:
    """Say whether an answer tells something of anybody, or asks to be rung: words for a person to weigh."""
    said = {request.status, *(adult.get("status") for adult in request.adults)}
    return not said.isdisjoint(_TELLS)


def _is_silent(request: InformationRequest, spoke: set[AgencyId]) -> bool:
    return request.answered_at is None and request.agency_id not in spoke


def _wanted(request: InformationRequest, sector: Sector) -> Iterable[Source]:
    if request.sources:
        return (Source(source) for source in request.sources)
    # Asked for the sector as a whole, and the answer says otherwise: then the others are open.
    return SOURCES_OF.get(sector, ()) if request.sources_checked is not None else ()


def _looked_in(request: InformationRequest, spoke: set[AgencyId]) -> Iterable[Source]:
    if _is_silent(request, spoke):
        return ()
    if request.sources_checked is not None:
        return (Source(source) for source in request.sources_checked)
    return (Source(source) for source in request.sources)


def silent_words(
    asked: Sequence[InformationRequest],
    graded: Sequence[Grade],
    prepared: Sequence[Mapping[str, Any]] | None = None,
) -> list[str]:
    """Say what each core sector has not said, a sentence for each source that is waited for."""
    held = dict.fromkeys(Sector(each["sector"]) for each in prepared or ())
    words = [f"{SECTORS[sector]}: not asked yet, a lawful basis is wanted first." for sector in held]
    words += [f"{SECTORS[one.sector]}: {unheard_words(one)}." for one in unheard_of(asked, graded)]
    return sorted(dict.fromkeys(words))


def unheard_shortly(
    asked: Sequence[InformationRequest],
    graded: Sequence[Grade],
    prepared: Sequence[Mapping[str, Any]] | None = None,
) -> list[str]:
    """Return who is waited for in a word each, for a line of a list: a source by name, else the sector."""
    words = [_SHORTLY[Sector(each["sector"])] for each in prepared or ()]
    for one in unheard_of(asked, graded):
        words += [SOURCE_WORDS[source] for source in named_sources(one)] or [_SHORTLY[one.sector]]
    return list(dict.fromkeys(words))
