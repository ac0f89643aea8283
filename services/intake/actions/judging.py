"""Holding somebody against all who are known: whom the keys find, how alike they are, and what follows."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.matching.comparing import compare
from services.intake.matching.deciding import Thresholds, Verdict, decide, decide_among
from services.intake.matching.explaining import explain
from services.intake.matching.frequencies import Frequencies
from services.intake.matching.keys import NARROW_CAP, WIDE_CAP, hashed, keys_of
from services.intake.matching.levels import HOME, SAME, VARIANT, Levels
from services.intake.matching.names import spelt
from services.intake.matching.person import Person, from_stored
from services.intake.matching.scoring import Rarity, Score, Scorer, rarity_of
from services.intake.matching.weights import Weights
from services.intake.store import persons
from services.intake.store.persons import Known, Term
from shared.schemas.ids import PersonId, RecordId, ReferralId

#: So many records are compared in each tier: those that share most keys.
_MOST_COMPARED: Final = 150
#: A task that asks about more persons than this asks nothing.
_MOST_ASKED: Final = 6
_SAME_NAME: Final = frozenset({SAME, VARIANT})


@dataclass(frozen=True, slots=True)
class Limits:
    """How sure is sure, in a deployment.

    Attributes:
        weights: the version that scores from now on.
        thresholds: from which probability on a link is made, and a person is asked.
        least_population: so many persons an area is taken to have, until more are known.
    """

    weights: Weights
    thresholds: Thresholds
    least_population: int


@dataclass(frozen=True, slots=True)
class Held:
    """A known person held against the one who came, by the record that comes closest."""

    person_id: PersonId
    record_id: RecordId
    person: Person
    levels: Levels
    score: Score
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What follows: one who is surely the same, or those a person is asked about, or neither.

    Attributes:
        possible: likeliest first.
    """

    sure: Held | None = None
    possible: tuple[Held, ...] = ()


#: Nobody known comes close.
NOTHING: Final = Judgement()


async def judge(
    tx: AsyncSession, person: Person, limits: Limits, *, besides: ReferralId, apart: Collection[PersonId] = ()
) -> Judgement:
    """Hold somebody against all who are known and say what follows.

    Args:
        besides: the referral they stand in, whose other people they are not.
        apart: persons of whom somebody has said that it is not they, or that nobody can say.
    """
    keys = keys_of(person)
    narrow = await persons.find_candidates(
        tx, keys.narrow, cap=NARROW_CAP, most=_MOST_COMPARED, besides=besides
    )
    judgement = _decide(person, await _hold(tx, person, narrow, limits), apart, limits)
    if judgement.sure is not None:
        return judgement
    wide = await persons.find_candidates(tx, keys.wide, cap=WIDE_CAP, most=_MOST_COMPARED, besides=besides)
    together = {known.record_id: known for known in (*narrow, *wide)}
    return _decide(person, await _hold(tx, person, list(together.values()), limits), apart, limits)


async def _hold(tx: AsyncSession, person: Person, known: Sequence[Known], limits: Limits) -> list[Held]:
    """Return every person among those known, by their closest record, likeliest first."""
    pairs = [(one, other, compare(person, other)) for one, other in _read(known)]
    wanted = {*terms_of(person), *_terms_compared(pairs)}
    total, counts = await persons.count_terms(tx, _hashes(wanted))
    counted = _frequencies(total, wanted, counts)
    scorer = Scorer(limits.weights, max(total, limits.least_population))
    best: dict[PersonId, Held] = {}
    for one, other, levels in pairs:
        rarity = rarity_of(person, other, levels, counted)
        score = scorer.score(levels, rarity)
        if one.person_id not in best or best[one.person_id].score.bits < score.bits:
            evidence = _evidence(scorer, levels, rarity, score)
            best[one.person_id] = Held(one.person_id, one.record_id, other, levels, score, evidence)
    return sorted(best.values(), key=lambda held: (-held.score.bits, held.person_id))


def _read(known: Iterable[Known]) -> Iterable[tuple[Known, Person]]:
    return ((one, from_stored(one.compared)) for one in known)


def _evidence(scorer: Scorer, levels: Levels, rarity: Rarity, score: Score) -> dict[str, Any]:
    """Return what is kept of a score: levels, rarity, population and weights give it once more."""
    return {
        "weights": scorer.weights.version,
        "population": scorer.population,
        "levels": list(levels),
        "rarity": list(rarity),
        "bits": score.bits,
        "probability": score.probability,
        "lines": [list(line) for line in explain(levels, rarity, scorer)],
    }


def _decide(person: Person, held: Sequence[Held], apart: Collection[PersonId], limits: Limits) -> Judgement:
    asked = [one for one in held if one.person_id not in apart]
    alone = [
        (decide(person, one.person, one.levels, one.score, limits.thresholds), one.score) for one in asked
    ]
    among = decide_among(alone, limits.thresholds)
    judged = [
        replace(one, evidence=one.evidence | {"hazards": list(decision.hazards)})
        for one, decision in zip(asked, among, strict=True)
    ]
    verdicts = [decision.verdict for decision in among]
    if Verdict.SURE in verdicts:
        return Judgement(sure=judged[verdicts.index(Verdict.SURE)])
    possible = [one for one, verdict in zip(judged, verdicts, strict=True) if verdict is Verdict.POSSIBLE]
    return Judgement(possible=tuple(possible[:_MOST_ASKED]))


def terms_of(person: Person) -> set[tuple[str, str]]:
    """Return what makes somebody common or rare: names in one spelling, the date, the home."""
    terms = {("given", spelt(word)) for word in person.name.given[:1]}
    terms |= {("family", spelt(word)) for word in person.name.family}
    terms |= {("birth", person.born)} if person.born else set()
    return terms | ({("home", person.address.home)} if person.address.home else set())


def hashes_of(person: Person) -> list[Term]:
    """Return the terms of a person as they are counted."""
    return _hashes(terms_of(person))


def _hashes(terms: Iterable[tuple[str, str]]) -> list[Term]:
    return [(kind, hashed(f"term {word}")) for kind, word in terms]


def _terms_compared(pairs: Iterable[tuple[Known, Person, Levels]]) -> set[tuple[str, str]]:
    """Return the terms of those whose likeness rests on them; the others are never asked for."""
    terms: set[tuple[str, str]] = set()
    for _, other, levels in pairs:
        if levels.given in _SAME_NAME or levels.family in _SAME_NAME or levels.address == HOME:
            terms |= terms_of(other)
    return terms


def _frequencies(total: int, wanted: Iterable[tuple[str, str]], counts: Any) -> Frequencies:
    counted: dict[str, dict[str, int]] = {"given": {}, "family": {}, "birth": {}, "home": {}}
    for kind, word in wanted:
        counted[kind][word] = counts.get((kind, hashed(f"term {word}")), 0)
    return Frequencies(total, **counted)
