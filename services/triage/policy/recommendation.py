"""What a policy recommends for a child: the answer with its reasons, as it is stored, and as it is shown."""

from typing import Final

from pydantic import BaseModel, ConfigDict

from services.triage.policy.document import Discussion, Floors
from shared.schemas import policy as shown
from shared.schemas.words import Level, Pathway, Rag

_KEPT: Final = ConfigDict(frozen=True)


class FiredRule(BaseModel):
    """A rule that spoke for the child."""

    model_config = _KEPT

    rule_id: str
    words: str
    source: str
    then: Floors
    #: The hub's own level that its floors come to, where they set one.
    level: Level | None
    pathway: Pathway | None
    #: It spoke because a fact is missing and the worse case is assumed.
    assumed: bool
    #: It reaches as far as the answer in some respect. Where several do, each alone is enough; without the
    #: facts of all of them the answer would be another.
    decides: bool


class LocalStep(BaseModel):
    """The answer's level as the partnership counts and calls it."""

    model_config = _KEPT

    step: int
    name: str
    words: str


class RouteCondition(BaseModel):
    """Something that has to hold before the pathway can be taken; it lowers nothing."""

    model_config = _KEPT

    #: Stable, for programs: consent_needed, consent_refused, ...
    code: str
    words: str
    #: What is done as long as it does not hold; None: the pathway itself.
    until_then: Pathway | None = None


class SingleFact(BaseModel):
    """The one fact that would most change the answer, and what that would become."""

    model_config = _KEPT

    words: str
    level: Level | None
    pathway: Pathway | None
    rag: Rag
    discussion: Discussion | None


class Recommendation(BaseModel):
    """What the policy recommends; never a decision. Stored as it is, beside the facts it was made from."""

    model_config = _KEPT

    policy_version: str
    indicators_version: str
    #: None: the policy cannot say, a person must. It never means that all is well.
    level: Level | None
    local: LocalStep | None
    pathway: Pathway | None
    rag: Rag
    discussion: Discussion | None
    fired: tuple[FiredRule, ...]
    conditions: tuple[RouteCondition, ...]
    #: What is not known, in plain words, without anything that was sent.
    missing: tuple[str, ...]
    #: None: no single fact that could still come would change anything.
    single_fact: SingleFact | None
    #: A core sector has not said what it knows.
    provisional: bool
    #: A person has to settle something that the policy could not.
    needs_person: bool

    def view(self) -> shown.RecommendationView:
        """Return it as the API shows it."""
        return shown.RecommendationView(
            policy_version=self.policy_version,
            level=self.level,
            local_level=_local(self.local),
            pathway=self.pathway,
            rag=self.rag,
            fired=[_shown(rule) for rule in self.fired],
            conditions=[
                shown.RouteCondition(code=one.code, words=one.words, until_then=one.until_then)
                for one in self.conditions
            ],
            missing=list(self.missing),
            single_fact=_single(self.single_fact),
            provisional=self.provisional,
            needs_person=self.needs_person,
            discussion=self.discussion,
        )


def _shown(rule: FiredRule) -> shown.FiredRule:
    return shown.FiredRule(
        rule_id=rule.rule_id,
        words=rule.words,
        source=rule.source,
        level=rule.level,
        pathway=rule.pathway,
        rag=rule.then.rag,
        assumed=rule.assumed,
        decides=rule.decides,
    )


def _local(step: LocalStep | None) -> shown.LocalLevel | None:
    return shown.LocalLevel(step=step.step, name=step.name, words=step.words) if step else None


def _single(fact: SingleFact | None) -> shown.SingleFact | None:
    if fact is None:
        return None
    return shown.SingleFact(
        words=fact.words,
        level=fact.level,
        pathway=fact.pathway,
        rag=fact.rag,
        discussion=fact.discussion,
    )
