"""Who has said nothing since it was asked, by sector and source: pure, and silence is kept as silence."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from services.triage.models import Grade, InformationRequest
from shared.schemas.ids import AgencyId
from shared.schemas.words import Sector
from shared.schemas.words_asking import SOURCE_WORDS, SOURCES_OF, Source

#: How a grade came: with the referral, by its sender; or when the agency was asked.
WITH_REFERRAL, WHEN_ASKED = "with_referral", "when_asked"

_SECTOR_WORDS: Final = {
    Sector.POLICE: "Police",
    Sector.HEALTH: "Health",
    Sector.EDUCATION: "Education",
    Sector.SOCIAL_CARE: "Social care",
    Sector.OTHER: "Another agency",
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
    spoke = {grade.agency_id for grade in graded if grade.given == WHEN_ASKED}
    core: dict[Sector, list[InformationRequest]] = {}
    for request in asked:
        if request.sector:
            core.setdefault(Sector(request.sector), []).append(request)
    found = {}
    for sector, requests in core.items():
        looked = {source for request in requests for source in _looked_in(request, spoke)}
        wanted = dict.fromkeys(source for request in requests for source in _wanted(request, sector))
        unheard = tuple(source for source in wanted if source not in looked)
        if unheard or any(_is_silent(request, spoke) and not request.sources for request in requests):
            found[sector] = unheard
    return found


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
    """Say what each core sector has not said, one sentence each."""
    held = {Sector(each["sector"]) for each in prepared or ()}
    words = [f"{_SECTOR_WORDS[sector]}: not asked yet, a lawful basis is wanted first." for sector in held]
    spoke = {grade.agency_id for grade in graded if grade.given == WHEN_ASKED}
    for sector, unheard in open_sources(asked, graded).items():
        heard = any(request.sector == sector and not _is_silent(request, spoke) for request in asked)
        if unheard and heard:
            words.append(f"{_SECTOR_WORDS[sector]}, not checked: {sources_words(unheard)}.")
        else:
            words.append(f"{_SECTOR_WORDS[sector]}: asked, not answered.")
    return sorted(words)


def sources_words(sources: Iterable[Source]) -> str:
    """Return sources as a list in words."""
    return ", ".join(SOURCE_WORDS[source] for source in sources)
