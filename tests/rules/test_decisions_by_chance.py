"""Whatever happens to a child in whatever order: no step that is not allowed, and somebody who answers.

The rules are the hub's own, and so are the rows and who answers for them; only what the actions do with the
database stands here as lists.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.triage import rules, second_look
from services.triage.errors.deciding import LookedAtBefore, SelfApproval
from services.triage.evidence.decided import course_of
from services.triage.models import Decision
from services.triage.policy.facts import ChildFacts
from services.triage.policy.reading import default_policy
from services.triage.second_look import IN_FORCE, Course, Known
from services.triage.views.decisions import accountable_for
from shared.schemas.ids import DecisionId, new_id
from shared.schemas.policy import RecommendationView
from shared.schemas.words import ChildState, Pathway, Rag
from shared.schemas.words_deciding import DecisionStanding
from tests.rules.test_second_look import advises

RUNS, STEPS = 2000, 50
SCALE: Final = default_policy().steps
MONDAY: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
#: Every pathway with the level that belongs to it, and mixtures that people choose.
COURSES: Final = (
    Course(1, Pathway.UNIVERSAL, Rag.GREEN),
    Course(1, Pathway.ADVICE, Rag.GREEN),
    Course(2, Pathway.EARLY_HELP, Rag.GREEN),
    Course(3, Pathway.EARLY_HELP, Rag.AMBER),
    Course(3, Pathway.CHILD_IN_NEED, Rag.AMBER),
    Course(3, Pathway.OTHER_AUTHORITY, Rag.AMBER),
    Course(2, Pathway.ALLOCATED_WORKER, Rag.RED),
    Course(4, Pathway.STRATEGY_DISCUSSION, Rag.RED),
)
ADVISED: Final = (
    advises(None, None),
    *(
        advises(one.level, one.pathway, one.rag)
        for one in COURSES
        if one.pathway not in (Pathway.OTHER_AUTHORITY, Pathway.ALLOCATED_WORKER)
    ),
)
KNOWN: Final = (
    Known(ChildFacts(age_years=7), contacts_12m=1, seen=True, had_plan=False, same_day_discussion_owed=False),
    Known(ChildFacts(age_years=0), contacts_12m=4, seen=False, had_plan=True, same_day_discussion_owed=True),
)
PEOPLE: Final = ("dana", "marge", "priya")


class Child(RuleBasedStateMachine):
    """One child of one case, decided by some, looked at by others, heard of again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY
        self.state = ChildState.GATHERING
        self.advised = ADVISED[0]
        self.rows: list[Decision] = []
        self.made_on: dict[DecisionId, RecommendationView] = {}
        self.in_force: Decision | None = None
        self.is_back = False
        #: Whether whatever brought the child back was said.
        self.is_told = False

    @rule(to=st.sampled_from((ChildState.GATHERING, ChildState.READY)))
    def is_asked_about(self, to: ChildState) -> None:
        """An answer comes, or another question is asked."""
        if self.state not in (ChildState.DECIDED, to):
            self.state = rules.step(self.state, to)

    @rule(who=st.sampled_from(PEOPLE), course=st.sampled_from(COURSES), known=st.sampled_from(KNOWN))
    def is_decided(self, who: str, course: Course, known: Known) -> None:
        """Somebody decides, by naming what stands."""
        self._pass_time()
        self._overtake()
        because = second_look.why(course, self.advised, known, SCALE)
        own = self._write(who, course, DecisionStanding.PENDING if because else DecisionStanding.DECIDED)
        if not because:
            self._put_in_force(own)
            return
        stands = course_of(self.in_force) if self.in_force is not None else None
        higher = second_look.protect(course, self.advised, stands, SCALE)
        if higher is not None:
            self._put_in_force(self._write(who, higher, DecisionStanding.INTERIM))

    @rule(who=st.sampled_from(PEOPLE), approved=st.booleans(), which=st.integers(0, 3))
    def is_looked_at(self, who: str, approved: bool, which: int) -> None:
        """Somebody looks at one of the last decisions, whether it waits or not."""
        if which >= len(self.rows):
            return
        row = self.rows[-1 - which]
        self._pass_time()
        try:
            standing = second_look.look(
                DecisionStanding(row.standing), row.decided_by_id, who, approved=approved
            )
        except (LookedAtBefore, SelfApproval):
            assert row.standing != DecisionStanding.PENDING or row.decided_by_id == who
            return
        row.standing, row.looked_at, row.looked_by, row.looked_by_id = standing, self.now, who, who
        row.look_reason = "Looked at."
        if approved:
            self._put_in_force(row)

    @rule(advised=st.sampled_from(ADVISED))
    def is_heard_of(self, advised: RecommendationView) -> None:
        """Something is heard, and the policy answers anew."""
        self._pass_time()
        self.advised = advised
        if any(self._is_outgrown(row) for row in self._waiting()):
            self._overtake()
        if self.in_force is not None and not self.is_back and self._is_outgrown(self.in_force):
            self.is_back = self.is_told = True

    @rule()
    def is_taken_for_another(self) -> None:
        """A referral joins, or leaves."""
        self._pass_time()
        if self._waiting():
            self._overtake()
            self.is_back = self.is_told = self.in_force is not None

    def _pass_time(self) -> None:
        self.now += timedelta(minutes=1)

    def _waiting(self) -> list[Decision]:
        return [row for row in self.rows if row.standing == DecisionStanding.PENDING]

    def _overtake(self) -> None:
        for row in self._waiting():
            row.standing = second_look.settle(DecisionStanding(row.standing), DecisionStanding.OVERTAKEN)

    def _is_outgrown(self, row: Decision) -> bool:
        return second_look.has_risen(self.advised, on=self.made_on[row.decision_id], decided=course_of(row))

    def _write(self, who: str, course: Course, standing: DecisionStanding) -> Decision:
        row = Decision(
            decision_id=DecisionId(new_id()),
            level=course.level,
            pathway=course.pathway,
            rag=course.rag,
            rationale="In their own words.",
            decided_by=who,
            decided_by_id=who,
            decided_at=self.now,
            standing=standing,
        )
        self.rows.append(row)
        self.made_on[row.decision_id] = self.advised
        return row

    def _put_in_force(self, row: Decision) -> None:
        self.state = rules.step(self.state, ChildState.DECIDED)
        row.supersedes = self.in_force.decision_id if self.in_force is not None else None
        self.in_force, self.is_back, self.is_told = row, False, False

    @invariant()
    def all_is_as_it_must_be(self) -> None:
        """Check all that must hold after every step; one check, for it is made a hundred thousand times."""
        self._somebody_answers_for_it()
        self._what_waits_is_one_and_not_in_force()
        self._nothing_lower_stands_without_a_second_person()
        self._it_comes_back_only_with_a_reason()

    def _somebody_answers_for_it(self) -> None:
        """No child without a person, or the role that somebody holds."""
        who = accountable_for(self.in_force, "The hub's duty manager", since=MONDAY)
        assert who.name
        assert who.since <= self.now

    def _what_waits_is_one_and_not_in_force(self) -> None:
        """At most one waits, and what stands never does."""
        assert len(self._waiting()) <= 1
        assert self.in_force is None or self.in_force.standing in IN_FORCE
        assert (self.state is ChildState.DECIDED) is (self.in_force is not None)

    def _nothing_lower_stands_without_a_second_person(self) -> None:
        """What stands is no lower than what was recommended, unless another person agreed."""
        row = self.in_force
        if row is None:
            return
        advised = second_look.recommended_course(self.made_on[row.decision_id])
        if row.standing == DecisionStanding.APPROVED:
            assert row.looked_by_id not in (None, row.decided_by_id)
        else:
            assert advised is None or not course_of(row).is_below(advised)
            is_less = second_look.is_below_its_level(course_of(row), self.made_on[row.decision_id], SCALE)
            assert row.standing == DecisionStanding.INTERIM or not is_less
        assert row.rationale
        assert row.decided_by_id

    def _it_comes_back_only_with_a_reason(self) -> None:
        """A decided child that is open again says why, and its chain of decisions is whole."""
        assert not self.is_back or (self.is_told and self.in_force is not None)
        by_id = {row.decision_id: row for row in self.rows if row.in_force_from is not None}
        last, length = self.in_force, 0
        while last is not None:
            last, length = (by_id[last.supersedes] if last.supersedes else None), length + 1
        assert length == len(by_id)


def test_no_order_of_events_breaks_what_protects_a_child(
    record_property: Callable[[str, object], None],
) -> None:
    record_property("steps", RUNS * STEPS)
    run_state_machine_as_test(
        Child,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
