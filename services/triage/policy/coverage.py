"""What a policy makes of each sign on the hub's list, named alone, and of the catalogue behind it."""

from dataclasses import dataclass

from services.triage.policy.document import PolicyDocument
from services.triage.policy.evaluate import recommend
from services.triage.policy.floors import but_for
from services.triage.policy.recommendation import LocalStep
from shared.codes import INDICATORS
from shared.schemas.words import Level, Pathway, Rag


@dataclass(frozen=True, slots=True)
class Covered:
    """One sign, named alone for a child of sixteen.

    Attributes:
        stands_for: entries of the catalogue.
        points_at: the level that the list places it at.
        level, local, pathway, rag: the answer.
        rules: ids of those that decide it.
    """

    code: str
    stands_for: tuple[str, ...]
    points_at: int
    level: Level | None
    local: LocalStep | None
    pathway: Pathway | None
    rag: Rag
    rules: tuple[str, ...]


def coverage_of(document: PolicyDocument) -> list[Covered]:
    """Return what the policy makes of each sign, in the order of the list."""
    return [_covered(document, code) for code in INDICATORS]


def _covered(document: PolicyDocument, code: str) -> Covered:
    indicator = INDICATORS[code]
    answer = recommend(document, but_for(indicators=(code,)))
    return Covered(
        code=code,
        stands_for=indicator.stands_for,
        points_at=indicator.level,
        level=answer.level,
        local=answer.local,
        pathway=answer.pathway,
        rag=answer.rag,
        rules=tuple(rule.rule_id for rule in answer.fired if rule.decides),
    )
