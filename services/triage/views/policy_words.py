"""A policy's conditions, floors and examples in plain words, for those who approve it and those who ask."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from services.triage.policy import circumstances as by
from services.triage.policy import conditions as on
from services.triage.policy.document import Discussion, Floors, PolicyDocument
from services.triage.policy.facts import AgencyGrade, ChildFacts
from shared.codes import INDICATORS
from shared.schemas.policies import WhenView
from shared.schemas.words import GradeStatus, Pathway, Rag, Sector

_SECTORS: Final = {
    Sector.POLICE: "police",
    Sector.HEALTH: "health",
    Sector.EDUCATION: "education",
    Sector.SOCIAL_CARE: "children's social care",
    Sector.OTHER: "another agency",
}
PATHWAY_WORDS: Final = {
    Pathway.UNIVERSAL: "universal services",
    Pathway.ADVICE: "advice",
    Pathway.EARLY_HELP: "early help",
    Pathway.CHILD_IN_NEED: "child in need",
    Pathway.STRATEGY_DISCUSSION: "strategy discussion",
    Pathway.OTHER_AUTHORITY: "another authority",
    Pathway.ALLOCATED_WORKER: "allocated worker",
}
_COLOURS: Final = {Rag.RED: "Red", Rag.AMBER: "Amber or faster", Rag.GREEN: "Green or faster"}
_TALKS: Final = {
    Discussion.SAME_DAY: "manager and police discuss it the same day",
    Discussion.RECORDED: "a discussion that is recorded",
}
_PLANS: Final = {
    "none": "no plan",
    "early_help": "early help plan",
    "child_in_need": "child in need plan",
    "child_protection": "child protection plan",
}
_NO_GRADE: Final = {GradeStatus.NOTHING_KNOWN: "knows nothing", GradeStatus.UNABLE: "is unable to say"}

#: What a single question asks, by its kind.
_ASKS: Final[Mapping[type[Any], Callable[[Any], str]]] = {
    on.IndicatorLevelAtLeast: lambda one: (
        f"a sign is named that points at level {one.indicator_level_at_least} or higher"
    ),
    on.AnyGradeAtLeast: lambda one: f"an agency grades its concern {_or_more(one.any_grade_at_least)}",
    on.GradesAtLeast: lambda one: (
        f"{one.grades_at_least.agencies} different agencies grade their concern"
        f" {_or_more(one.grades_at_least.grade)}"
    ),
    on.GradeSpreadAtLeast: lambda one: (
        f"the agencies' grades lie {one.grade_spread_at_least} or more steps apart"
    ),
    on.ImmediateDanger: lambda _one: "someone says that the child is in danger now",
    on.AgeUnderYears: lambda one: f"the child is under {one.age_under_years}, unborn, or of unknown age",
    on.Unborn: lambda _one: "the child is not born yet",
    on.ContactsAtLeast: lambda one: (
        f"there were {one.contacts_12m_at_least} or more contacts about the child in twelve months"
    ),
    on.ReReferral: lambda _one: (
        "the child came back within twelve months of a decision that ended the hub's part"
    ),
    by.ReturnsAtLeast: lambda one: (
        "the child was passed on or closed, and came back,"
        f" {one.returns_12m_at_least} or more times in twelve months"
    ),
    by.HotSpot: lambda _one: (
        "several other families from where the child lives or learns were referred lately with signs of"
        " exploitation or of going missing"
    ),
    by.LookedAfter: lambda _one: "a council looks after the child, or nobody has said",
    by.PlanAtLeast: lambda one: (
        f"the child is on a {_PLANS[one.plan_at_least]} or one that goes further, or nobody has said"
    ),
    by.PrivateFostering: lambda _one: "the child is privately fostered, or nobody has said",
    by.HasAllocatedWorker: lambda _one: "a social worker has the child already, or nobody has said",
    by.PreviousPlan: lambda _one: "the child is known to have been on a plan before",
    by.ConsentRefused: lambda _one: "the family was asked and said no, or nobody has said",
    by.NotSeen: lambda _one: "nobody has seen the child about this, or nobody has said",
    by.NotHeardAny: lambda one: (
        f"one of these has not said what it knows: {', '.join(_SECTORS[each] for each in one.not_heard_any)}"
    ),
}


def when(condition: on.Condition) -> WhenView:
    """Return a condition in words, its parts below it."""
    match condition:
        case on.AllOf():
            return WhenView(words="all of these hold", parts=[when(part) for part in condition.all_of])
        case on.AnyOf():
            return WhenView(words="one of these holds", parts=[when(part) for part in condition.any_of])
        case on.IndicatorsAny():
            parts = [WhenView(words=_sign(code)) for code in condition.indicators_any]
            return parts[0] if len(parts) == 1 else WhenView(words="one of these signs is named", parts=parts)
        case _:
            ask = _ASKS.get(type(condition))
            # A question newer than these words is shown as it is written, rather than not at all.
            return WhenView(words=ask(condition) if ask else str(condition.model_dump(mode="json")))


def then(policy: PolicyDocument | None, floors: Floors) -> list[str]:
    """Return what follows from floors, in a few words each.

    Args:
        policy: whose scale a step belongs to; None where the floors speak of the hub's own levels.
    """
    return list(_then(policy, floors))


def _then(policy: PolicyDocument | None, floors: Floors) -> Iterator[str]:
    step = policy.step_for(floors) if policy else None
    if step is not None:
        yield f"level {step.step} ({step.name}) or higher"
    elif floors.level is not None:
        yield f"level {int(floors.level)} or higher"
    pathway = floors.pathway or (step.pathway if step else None)
    if pathway is not None:
        yield f"{PATHWAY_WORDS[pathway]} or more protective"
    if floors.rag is not None:
        yield _COLOURS[floors.rag]
    if floors.discussion is not None:
        yield _TALKS[floors.discussion]


def example(facts: ChildFacts) -> str:
    """Return a child of an example in one line: only what is said of it."""
    said = [*_who(facts), *map(_sign, facts.indicators), *_grades(facts), *_standing(facts)]
    said += [f"{_SECTORS[sector]} has not answered" for sector in facts.not_answered]
    said += [f"{_SECTORS[sector]} has answered" for sector in facts.answered]
    said += [f"{_SECTORS[sector]} could not say" for sector in facts.could_not_say]
    said += ["a concern that is not on the hub's list"] * bool(facts.unknown_indicators)
    return "; ".join(said) or "a child of whom nothing is known"


def _who(facts: ChildFacts) -> Iterator[str]:
    if facts.unborn:
        yield "unborn"
    elif facts.age_years is not None:
        yield f"aged {facts.age_years}"
    if facts.immediate_danger:
        yield "in danger now"
    if facts.contacts_12m:
        yield f"{facts.contacts_12m} contacts in twelve months"
    if facts.re_referral_12m:
        yield "came back within twelve months"
    if facts.returns_12m:
        yield f"passed on and back {facts.returns_12m} times in twelve months"
    if facts.hot_spot:
        yield "lives or learns where others were drawn in"


def _grades(facts: ChildFacts) -> Iterator[str]:
    if facts.sender_grade is not None:
        yield f"the sender {_graded(facts.sender_grade)}"
    for given in facts.grades:
        yield f"{_SECTORS[given.sector] if given.sector else 'an agency'} {_graded(given)}"


def _graded(given: AgencyGrade) -> str:
    return f"grades {given.grade}" if given.grade is not None else _NO_GRADE[given.status]


def _standing(facts: ChildFacts) -> Iterator[str]:
    told = {
        "looked_after": ("looked after", "not looked after"),
        "private_fostering": ("privately fostered", "not privately fostered"),
        "allocated_worker": ("has a social worker", "has no social worker"),
        "previous_plan": ("was on a plan before", "was never on a plan"),
        "child_seen": ("has been seen", "nobody has seen the child"),
    }
    for name, (yes, no) in told.items():
        value = getattr(facts, name)
        if value is not None:
            yield yes if value else no
    if facts.plan is not None:
        yield _PLANS[facts.plan]
    if facts.consent is not None:
        yield f"the family's word: {facts.consent.replace('_', ' ')}"


def _or_more(grade: int) -> str:
    return str(grade) if grade == 5 else f"{grade} or higher"


def _sign(code: str) -> str:
    indicator = INDICATORS.get(code)
    return f"{indicator.words} ({code})" if indicator else code
