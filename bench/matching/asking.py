"""Two ways to ask who somebody is: as the hub asks, and the least that the same rules can cost."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions.judging import Limits, judge
from services.intake.matching.comparing import compare
from services.intake.matching.deciding import DEFAULT_THRESHOLDS, Decision, Verdict, decide, decide_among
from services.intake.matching.frequencies import Frequencies
from services.intake.matching.keys import NARROW_CAP, WIDE_CAP, keys_of
from services.intake.matching.person import Person, from_stored
from services.intake.matching.scoring import Score, Scorer, rarity_of
from services.intake.matching.weights import shipped_weights
from shared.schemas.ids import PersonId, ReferralId, new_id

_MOST_COMPARED = 150
_CANDIDATES = """
WITH hit AS MATERIALIZED (
    SELECT wanted.k, sharing.record_id
    FROM unnest($1::bigint[]) AS wanted(k)
    CROSS JOIN LATERAL (
        SELECT record_id FROM intake.person_key WHERE k = wanted.k LIMIT $2::int + 1
    ) AS sharing
), found AS (
    SELECT record_id, count(*) AS shared FROM hit
    WHERE k IN (SELECT k FROM hit GROUP BY k HAVING count(*) <= $2::int)
    GROUP BY record_id ORDER BY shared DESC LIMIT $3::int
)
SELECT record_id, person_id, compared FROM found JOIN intake.person_record USING (record_id)
"""


class Answer(NamedTuple):
    """Whom the row is linked to, None where a person must look; and all whom it may be, likeliest first."""

    sure: PersonId | None
    possible: list[PersonId]


Ask = Callable[[AsyncSession, Person], Awaitable[Answer]]
_LIMITS = Limits(weights=shipped_weights(), thresholds=DEFAULT_THRESHOLDS, least_population=1)
_NO_REFERRAL = ReferralId(new_id())


async def as_the_hub(tx: AsyncSession, person: Person) -> Answer:
    """Ask in the hub's own way, with all that it reads and keeps."""
    judgement = await judge(tx, person, _LIMITS, besides=_NO_REFERRAL)
    if judgement.sure:
        return Answer(judgement.sure.person_id, [judgement.sure.person_id])
    return Answer(None, [held.person_id for held in judgement.possible])


def barely(connection: Any, counted: Frequencies) -> Ask:
    """Return the way of the same keys and rules with nothing around them, and how common names are in memory.

    Args:
        connection: asyncpg's own.
    """
    scorer = Scorer(shipped_weights(), counted.persons)

    async def ask(_tx: AsyncSession, person: Person) -> Answer:
        keys = keys_of(person)
        found = await connection.fetch(_CANDIDATES, keys.narrow, NARROW_CAP, _MOST_COMPARED)
        answer = _answer(person, found, counted, scorer)
        if answer.sure:
            return answer
        wide = await connection.fetch(_CANDIDATES, keys.wide, WIDE_CAP, _MOST_COMPARED)
        seen = {row["record_id"] for row in found}
        return _answer(
            person, [*found, *(row for row in wide if row["record_id"] not in seen)], counted, scorer
        )

    return ask


def _answer(person: Person, rows: list[Any], counted: Frequencies, scorer: Scorer) -> Answer:
    held: list[tuple[Score, PersonId, Decision]] = []
    for row in rows:
        other = from_stored(json.loads(row["compared"]))
        levels = compare(person, other)
        score = scorer.score(levels, rarity_of(person, other, levels, counted))
        held.append((score, row["person_id"], decide(person, other, levels, score)))
    held.sort(key=lambda one: -one[0].bits)
    decisions = decide_among([(decision, score) for score, _, decision in held])
    told = [(decision.verdict, one[1]) for decision, one in zip(decisions, held, strict=True)]
    sure = next((person_id for verdict, person_id in told if verdict == Verdict.SURE), None)
    return Answer(sure, [person_id for verdict, person_id in told if verdict != Verdict.NONE])
