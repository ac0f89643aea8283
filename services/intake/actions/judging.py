"""Holding somebody against all who are known: whom the keys find, how alike they are, and what follows."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.matching.comparing import compare
from services.intake.matching.deciding import (
    Decision,
    Hazard,
    Thresholds,
    Verdict,
    decide,
    decide_among,
    decide_in_a_crowd,
)
from services.intake.matching.explaining import explain
from services.intake.matching.frequencies import Frequencies
from services.intake.matching.keys import NARROW_CAP, WIDE_CAP, narrow_keys_of, wide_keys_of
from services.intake.matching.levels import SAME, Levels
from services.intake.matching.person import Person, from_stored
from services.intake.matching.scoring import Rarity, Score, Scorer, rarity_of
from services.intake.matching.sifting import Sieve, Sifting
from services.intake.matching.terms import hashes_of, terms_compared, terms_of
from services.intake.matching.weights import Weights
from services.intake.store import candidates
from services.intake.store.candidates import Counted, Found, Known, Reach, Term
from shared.schemas.ids import PersonId, RecordId, ReferralId

#: So many records are compared in each tier: those that have most in common.
_MOST_COMPARED: Final = 60
#: A task that asks about more persons than this asks nothing.
_MOST_ASKED: Final = 6
_NONE: Final = Decision(Verdict.NONE, ())


@dataclass(frozen=True, slots=True)
class Limits:
    """How sure is sure, in a deployment.

    Attributes:
        weights: the version that scores from now on.
        thresholds: from which probability on a link is made, and a person is asked.
        least_population: so many persons an area is taken to have, until more are known.
        sieve: keeps away who cannot even be possible.
        scorer: scores by the weights, among whatever number.
    """

    weights: Weights
    thresholds: Thresholds
    least_population: int
    sieve: Sieve = field(init=False)
    scorer: Scorer = field(init=False)

    def __post_init__(self) -> None:
        # Made once: to make one takes as long as twenty comparisons.
        object.__setattr__(self, "sieve", Sieve(self.weights, self.thresholds.possible))
        object.__setattr__(self, "scorer", Scorer(self.weights, self.least_population))


@dataclass(frozen=True, slots=True)
class Held:
    """A known person held against the one who came, by the record that comes closest.

    Attributes:
        evidence: what is kept of the score; worked out for those alone of whom something follows.
    """

    person_id: PersonId
    record_id: RecordId
    person: Person
    levels: Levels
    rarity: Rarity
    score: Score
    evidence: dict[str, Any] = field(default_factory=dict)


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
    tx: AsyncSession,
    person: Person,
    limits: Limits,
    *,
    besides: ReferralId | None,
    apart: Collection[PersonId] = (),
) -> Judgement:
    """Hold somebody against all who are known and say what follows.

    Args:
        besides: the referral they stand in, whose other people they are not.
        apart: persons of whom somebody has said that it is not they, or that nobody can say.
    """
    narrow = narrow_keys_of(person)
    comparison = _Comparison(tx, person, limits, besides)
    found = await comparison.add(narrow, NARROW_CAP)
    if 2 * found.full > found.keys:
        await comparison.add_crowd(narrow, NARROW_CAP)
    judgement = comparison.decide(apart)
    if judgement.sure is not None:
        return judgement
    wide = wide_keys_of(person, narrow)
    found = await comparison.add(wide, WIDE_CAP)
    if found.full and comparison.is_empty:
        await comparison.add_crowd(wide, WIDE_CAP)
    return comparison.decide(apart)


async def hold(tx: AsyncSession, person: Person, known: Sequence[Known], limits: Limits) -> list[Held]:
    """Hold somebody against some who are known, however little speaks for it, likeliest first."""
    return await _Comparison(tx, person, limits, None).hold(known)


class _Comparison:
    """Somebody held against ever more of those known."""

    def __init__(self, tx: AsyncSession, person: Person, limits: Limits, besides: ReferralId | None) -> None:
        self._tx, self._person, self._limits, self._besides = tx, person, limits, besides
        self._terms = sorted(terms_of(person))
        self._hashes: dict[tuple[str, str], Term] = {}
        self._counts: dict[Term, int] = {}
        self._seen: set[RecordId] = set()
        self._best: dict[PersonId, Held] = {}
        self._scorer: Scorer | None = None
        self._sifting: Sifting | None = None
        self._persons = 0
        self._is_crowded = False

    @property
    def is_empty(self) -> bool:
        """Whether nobody was compared."""
        return not self._seen

    async def add(self, keys: Sequence[int], cap: int) -> Found:
        """Compare whoever these keys find and who was not compared before."""
        # How common all of it is was asked the first time.
        terms = self._hashed(self._terms) if self._sifting is None else None
        found = await candidates.find_candidates(self._tx, keys, terms, self._reach(cap))
        if found.counted is not None:
            self._note(found.counted)
        await self._compare(found.known)
        return found

    async def add_crowd(self, keys: Sequence[int], cap: int) -> None:
        """Compare the newest of those who are too many to compare: what is said of one is said of all."""
        known = await candidates.find_alike(self._tx, keys, self._reach(cap))
        # Many records of one person are no crowd: that is a child of whom the hub hears very often.
        self._is_crowded = len({one.person_id for one in known}) > 1
        await self._compare(known)

    def _reach(self, cap: int) -> Reach:
        return Reach(cap, _MOST_COMPARED, self._besides)

    async def hold(self, known: Sequence[Known]) -> list[Held]:
        """Compare some who are known, whatever the keys find, and return how alike they are, likeliest first.

        None of them is surely the same by what is compared here: a person is asked.
        """
        self._note(await candidates.count(self._tx, self._hashed(self._terms)))
        others = [(one, from_stored(one.compared)) for one in known]
        await self._weigh([(one, other, compare(self._person, other)) for one, other in others])
        held = sorted(self._best.values(), key=lambda one: (-one.score.bits, one.person_id))
        return [self._proven(one, self._decided(one)) for one in held]

    def _note(self, counted: Counted) -> None:
        self._persons = counted.persons
        self._counts |= counted.by_term

    async def _compare(self, known: Iterable[Known]) -> None:
        fresh = {one.record_id: one for one in known if one.record_id not in self._seen}
        self._seen.update(fresh)
        sifting = self._sift()
        read = [(one, from_stored(one.compared)) for one in fresh.values()]
        held = [(one, other, sifting.levels_of(other)) for one, other in read]
        # Nothing follows from the others: not even a doubt about who it is.
        await self._weigh([(one, other, levels) for one, other, levels in held if levels is not None])

    def _sift(self) -> Sifting:
        if self._sifting is None:
            own = self._frequencies(self._terms)
            population = self._score_among(self._persons).population
            self._sifting = self._limits.sieve.for_one(self._person, own, population)
        return self._sifting

    def _decided(self, held: Held) -> Decision:
        return decide(self._person, held.person, held.levels, held.score, self._limits.thresholds)

    def _may_follow(self, held: Held) -> bool:
        """Say whether anything may follow: nothing does from one who is unlikely and shares no number."""
        is_identified = SAME in (held.levels.number, held.levels.upn)
        return is_identified or held.score.probability >= self._limits.thresholds.possible

    async def _weigh(self, pairs: Sequence[tuple[Known, Person, Levels]]) -> None:
        if not pairs:
            return
        scorer = self._score_among(self._persons)
        frequencies = await self._count(pairs)
        for one, other, levels in pairs:
            rarity = rarity_of(self._person, other, levels, frequencies)
            held = Held(one.person_id, one.record_id, other, levels, rarity, scorer.score(levels, rarity))
            best = self._best.get(one.person_id)
            if best is None or self._rank(held) < self._rank(best):
                self._best[one.person_id] = held

    def _rank(self, held: Held) -> tuple[bool, float, RecordId]:
        """Return what the records of one person are ordered by: of those as close, the one known longest.

        One from which nothing follows stands behind all others: it may as well not have been compared.
        """
        return not self._may_follow(held), -held.score.bits, held.record_id

    def _score_among(self, known: int) -> Scorer:
        """Return what scores: the same for all who are compared, so that their scores can be."""
        if self._scorer is None:
            self._scorer = self._limits.scorer.among(max(known, self._limits.least_population))
        return self._scorer

    async def _count(self, pairs: Sequence[tuple[Known, Person, Levels]]) -> Frequencies:
        """Return how common that is on which a likeness rests; what is known of it is not asked again."""
        wanted = {*self._terms, *terms_compared((other, levels) for _, other, levels in pairs)}
        others = [
            term for term in self._hashed(sorted(wanted.difference(self._terms))) if term not in self._counts
        ]
        if others:
            self._counts |= (await candidates.count(self._tx, others)).by_term
        return self._frequencies(wanted)

    def _frequencies(self, wanted: Collection[tuple[str, str]]) -> Frequencies:
        counted: dict[str, dict[str, int]] = {"given": {}, "family": {}, "birth": {}, "home": {}}
        for (kind, word), term in zip(wanted, self._hashed(wanted), strict=True):
            counted[kind][word] = self._counts.get(term, 0)
        return Frequencies(self._persons, **counted)

    def _hashed(self, terms: Collection[tuple[str, str]]) -> list[Term]:
        """Return terms as they are counted; each is hashed once, however often it is asked about."""
        fresh = [term for term in terms if term not in self._hashes]
        self._hashes.update(zip(fresh, hashes_of(fresh), strict=True))
        return [self._hashes[term] for term in terms]

    def decide(self, apart: Collection[PersonId]) -> Judgement:
        """Say what follows from those compared so far."""
        thresholds = self._limits.thresholds
        held = sorted(self._best.values(), key=lambda one: (-one.score.bits, one.person_id))
        asked = [one for one in held if one.person_id not in apart]
        alone = [(self._decided(one) if self._may_follow(one) else _NONE, one.score) for one in asked]
        decisions = decide_among(alone, thresholds)
        if self._is_crowded:
            decisions = decide_in_a_crowd(decisions)
        among = list(zip(asked, decisions, strict=True))
        for one, decision in among:
            if decision.verdict is Verdict.SURE:
                return Judgement(sure=self._proven(one, decision))
        possible = [pair for pair in among if _is_asked(pair[1])]
        return Judgement(possible=tuple(self._proven(*pair) for pair in possible[:_MOST_ASKED]))

    def _proven(self, held: Held, decision: Decision) -> Held:
        """Return what is kept of a score: levels, rarity, population and weights give it once more."""
        scorer = self._score_among(self._persons)
        evidence = {
            "weights": scorer.weights.version,
            "population": scorer.population,
            "levels": list(held.levels),
            "rarity": list(held.rarity),
            "bits": held.score.bits,
            "probability": held.score.probability,
            "lines": [list(line) for line in explain(held.levels, held.rarity, scorer)],
            "hazards": list(decision.hazards),
        }
        return replace(held, evidence=evidence)


def _is_asked(decision: Decision) -> bool:
    # One number for two children is a fault in somebody's records, however unlike the two are.
    return decision.verdict is Verdict.POSSIBLE or Hazard.SHARED_NUMBER in decision.hazards
