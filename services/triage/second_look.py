"""When a second person looks at a decision, and what protects the child until then: pure.

Protection never waits for a signature. What is as recommended or higher is in force at once;
what is lower waits, and meanwhile what the policy recommends is in force.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.triage.errors.deciding import LookedAtBefore, SelfApproval
from services.triage.policy.document import urgency
from services.triage.policy.facts import ChildFacts
from services.triage.policy.scale import ScaleStep, least_of, protection, reaches_above
from shared.schemas.policy import RecommendationView
from shared.schemas.words import GradeStatus, Pathway, Rag, Sector
from shared.schemas.words_deciding import DecisionStanding, Misfit, SecondLook

#: Pathways by which social care does nothing further.
NO_ACTION: Final = frozenset({Pathway.ADVICE, Pathway.UNIVERSAL})
#: What is in force, or was.
IN_FORCE: Final = frozenset({DecisionStanding.DECIDED, DecisionStanding.INTERIM, DecisionStanding.APPROVED})

#: What may become of a decision. Only one that waits can change, and only once.
STEPS: Final[Mapping[DecisionStanding, frozenset[DecisionStanding]]] = {
    standing: frozenset(
        {DecisionStanding.APPROVED, DecisionStanding.REFUSED, DecisionStanding.OVERTAKEN}
        if standing is DecisionStanding.PENDING
        else ()
    )
    for standing in DecisionStanding
}

_MANY_CONTACTS: Final = 3
_SERIOUS_GRADE: Final = 3
#: From this level on what a child needs is not for the family alone to take or leave.
_NOT_A_CHOICE: Final = 3
_TOLD: Final = frozenset({GradeStatus.GRADED, GradeStatus.NOTHING_KNOWN})


@dataclass(frozen=True, slots=True)
class Course:
    """Level of need, who acts next and how fast."""

    level: int
    pathway: Pathway
    rag: Rag

    def is_below(self, other: "Course") -> bool:
        """Say whether this is of a lower level, protects less, or lets go of a Red."""
        lower = self.level < other.level or protection(self.pathway) < protection(other.pathway)
        return lower or self.is_slower_than(other)

    def is_slower_than(self, other: "Course | RecommendationView") -> bool:
        """Say whether a Red becomes less: it alone runs through the night, and reaches a person at once.

        Every floor under the colour is Red, that of a 5 among them. Amber and green differ in no clock that
        follows a decision.
        """
        return other.rag is Rag.RED and self.rag is not Rag.RED


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a child when it is decided, beside what the policy recommends.

    Attributes:
        contacts_12m: the most that any of the referrals about it counts.
        seen: whether anybody who referred it says that it was seen.
        had_plan: whether a plan is known, now or before.
        same_day_discussion_owed: whether one is called for today, and none was concluded.
    """

    facts: ChildFacts
    contacts_12m: int
    seen: bool
    had_plan: bool
    same_day_discussion_owed: bool


#: More than this nobody can recommend.
_MOST: Final = Course(4, Pathway.STRATEGY_DISCUSSION, Rag.RED)


def settle(now: DecisionStanding, to: DecisionStanding) -> DecisionStanding:
    """Return `to` if a decision that is `now` may become it.

    Raises:
        LookedAtBefore: only one that waits may, and only once.
    """
    if to not in STEPS[now]:
        raise LookedAtBefore
    return to


def look(now: DecisionStanding, author_id: str, looker_id: str, *, approved: bool) -> DecisionStanding:
    """Return what becomes of a decision when somebody looks at it.

    Raises:
        LookedAtBefore: it does not wait.
        SelfApproval: it is the looker's own.
    """
    to = settle(now, DecisionStanding.APPROVED if approved else DecisionStanding.REFUSED)
    if author_id == looker_id:
        raise SelfApproval
    return to


def recommended_course(view: RecommendationView) -> Course | None:
    """Return what was recommended; None where the policy cannot say and a person must."""
    if view.level is None or view.pathway is None:
        return None
    return Course(view.level, view.pathway, view.rag)


def misfit_of(decided: Course, recommended: RecommendationView, steps: Sequence[ScaleStep]) -> Misfit | None:
    """Return in which way level and pathway do not belong together by a scale; None: they do.

    What the policy itself recommends for the child fits; so does what it says to do until a family agrees.
    """
    if _is_as_recommended(decided, recommended):
        return None
    if protection(decided.pathway) < protection(least_of(steps, decided.level)):
        waits = {one.until_then for one in recommended.conditions}
        is_until_then = decided.level == recommended.level and decided.pathway in waits
        return None if is_until_then else Misfit.PATHWAY_BELOW_LEVEL
    is_above = reaches_above(steps, decided.level, decided.pathway)
    return Misfit.PATHWAY_ABOVE_LEVEL if is_above else None


def is_below_its_level(decided: Course, recommended: RecommendationView, steps: Sequence[ScaleStep]) -> bool:
    """Say whether a child of level 3 or 4 is given less than the policy gives that level.

    What level 2 calls for is the family's choice, so that advice may be all there is.
    """
    if decided.level < _NOT_A_CHOICE or _is_as_recommended(decided, recommended):
        return False
    return protection(decided.pathway) < protection(least_of(steps, decided.level))


def _is_as_recommended(decided: Course, recommended: RecommendationView) -> bool:
    return (decided.level, decided.pathway) == (recommended.level, recommended.pathway)


def why(
    decided: Course, recommended: RecommendationView, known: Known, steps: Sequence[ScaleStep]
) -> tuple[SecondLook, ...]:
    """Return why a second person looks at a decision before it is in force; nothing: it is in force at once.

    What goes up needs nobody, unless it names a level without what the policy gives that level. A fact that
    is not known counts as the worse one.

    Args:
        steps: of the policy in force.

    Source:
        docs/adr/0030-the-second-look.md and, about the colour, 0036-what-follows-a-decision.md
    """
    course = recommended_course(recommended)
    lower = course is not None and decided.level < course.level
    less = course is not None and protection(decided.pathway) < protection(course.pathway)
    slower = decided.is_slower_than(recommended)
    found = (
        (SecondLook.LOWER_LEVEL, lower),
        (SecondLook.LESS_PROTECTIVE, less),
        (SecondLook.LESS_URGENT, slower),
        (SecondLook.BELOW_ITS_LEVEL, is_below_its_level(decided, recommended, steps)),
    )
    downward = tuple(reason for reason, holds in found if holds)
    if decided.pathway not in NO_ACTION:
        return downward
    return downward + tuple(reason for reason, holds in _NO_ACTION_REASONS.items() if holds(known))


def protect(
    decided: Course,
    recommended: RecommendationView,
    in_force: Course | None,
    steps: Sequence[ScaleStep],
) -> Course | None:
    """Return what is put in force while a lower decision waits; None: nothing has to be.

    It is no lower than what is recommended, what stands and what was decided, each for itself. What is no
    lower than recommended, but less than its own level calls for, protects at once while somebody asks
    whether it is enough; by which nobody acts, it protects nobody, and the child stays undecided.

    Args:
        steps: of the policy in force.
    """
    course = recommended_course(recommended)
    if course is None or not decided.is_below(course):
        if decided.pathway in NO_ACTION or not is_below_its_level(decided, recommended, steps):
            return None
        course = decided
    if in_force is not None and not in_force.is_below(course):
        return None
    every = [course, decided, *([in_force] if in_force else [])]
    return Course(
        level=max(one.level for one in every),
        pathway=max((one.pathway for one in every), key=protection),
        rag=max((one.rag for one in every), key=urgency),
    )


def has_risen(now: RecommendationView, *, on: RecommendationView, decided: Course) -> bool:
    """Say whether more is recommended than was decided, and than was recommended when it was decided.

    A lower decision with a good reason is not asked about again by whatever is heard: only by what would
    have been news to whoever made it.
    """
    return any(
        new > max(was, done) for new, was, done in zip(_of(now), _of(on), _ranks(decided), strict=True)
    )


def may_be_too_little(decided: Course) -> bool:
    """Say whether what somebody tells could still call for more than was decided."""
    return decided.is_below(_MOST)


def _of(view: RecommendationView) -> tuple[int, int, int]:
    pathway = protection(view.pathway) if view.pathway is not None else -1
    return view.level or 0, pathway, urgency(view.rag)


def _ranks(course: Course) -> tuple[int, int, int]:
    return course.level, protection(course.pathway), urgency(course.rag)


def _has_serious_grade(known: Known) -> bool:
    return any((given.grade or 0) >= _SERIOUS_GRADE for given in known.facts.all_grades)


def _may_be_under_one(known: Known) -> bool:
    return known.facts.unborn or not known.facts.age_years


def _health_is_silent(known: Known) -> bool:
    facts = known.facts
    if Sector.HEALTH in (*facts.not_answered, *facts.could_not_say):
        return True
    said = any(given.sector is Sector.HEALTH and given.status in _TOLD for given in facts.all_grades)
    return not said and Sector.HEALTH not in facts.answered


_NO_ACTION_REASONS: Final[Mapping[SecondLook, Callable[[Known], bool]]] = {
    SecondLook.GRADE_OF_THREE: _has_serious_grade,
    SecondLook.THREE_CONTACTS: lambda known: (
        max(known.contacts_12m, known.facts.contacts_12m) >= _MANY_CONTACTS
    ),
    SecondLook.UNDER_ONE: _may_be_under_one,
    SecondLook.PREVIOUS_PLAN: lambda known: known.had_plan,
    SecondLook.HEALTH_NOT_ANSWERED: _health_is_silent,
    SecondLook.NOT_SEEN: lambda known: not known.seen,
    SecondLook.SAME_DAY_DISCUSSION_OWED: lambda known: known.same_day_discussion_owed,
}
