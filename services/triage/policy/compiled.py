"""A policy made ready to answer quickly: worked out once for each version, and nothing added to its rules."""

from typing import Final, NamedTuple

from services.triage.policy.document import Discussion, Floors, PolicyDocument, Rule, urgency, weight
from services.triage.policy.facts import ChildFacts, Evidence, weigh
from services.triage.policy.plain_words import NOT_KNOWN
from services.triage.policy.recommendation import FiredRule, LocalStep, SingleFact
from services.triage.policy.scale import protection
from services.triage.policy.signals import Heard, Kept, Signals, Ways, fulfilled
from shared.schemas.words import Pathway, Rag

_MOST_POLICIES: Final = 32

#: What a rank stands for, for whatever a rule may name.
PATHWAYS: Final = {protection(pathway): pathway for pathway in reversed(Pathway)} | {3: Pathway.CHILD_IN_NEED}
RAGS: Final = {urgency(rag): rag for rag in Rag}
DISCUSSIONS: Final[dict[int, Discussion | None]] = {0: None} | {weight(one): one for one in Discussion}
AMBER: Final = urgency(Rag.AMBER)


class Reach(NamedTuple):
    """How far something reaches in each respect; -1 and 0 are nothing.

    Attributes:
        place: of the step on the policy's scale.
        pathway, rag, discussion: their ranks.
    """

    place: int = -1
    pathway: int = -1
    rag: int = 0
    discussion: int = 0


def highest(*reached: Reach) -> Reach:
    """Return the highest of each respect."""
    return Reach(*map(max, *reached)) if len(reached) > 1 else reached[0]


def settled(reach: Reach, *, leaves_open: bool) -> Reach:
    """Return how far an answer reaches once it is amber at least where something is left open."""
    return reach._replace(rag=AMBER) if leaves_open and reach.rag < AMBER else reach


class Spoken(NamedTuple):
    """What the rules make of some bits.

    Attributes:
        reach: of all rules that spoke; a rule that is only assumed to speak is amber at least.
        closed: of the answer, where every worry has a place on the list.
        opened: of the answer, where one has none.
        fired: places of the rules that spoke, and whether each was assumed to.
        is_assumed: whether any was.
    """

    reach: Reach
    closed: Reach
    opened: Reach
    fired: tuple[tuple[int, bool], ...]
    is_assumed: bool


#: Rules that spoke and whether each was assumed to, the answer, and whether that is amber anyway.
Told = tuple[tuple[tuple[int, bool], ...], Reach, bool]


class Look(NamedTuple):
    """What one set of facts is to a policy: the facts weighed, what they say, what the rules make of it."""

    evidence: Evidence
    heard: Heard
    spoken: Spoken

    @property
    def leaves_open(self) -> bool:
        """Whether green is out of the question: there is no level, or a worry that nobody can place."""
        return self.spoken.reach.place < 0 or self.evidence.unknown_count > 0

    @property
    def needs_person(self) -> bool:
        """Whether a person has to settle something that the policy could not."""
        return self.spoken.is_assumed or self.leaves_open

    @property
    def reach(self) -> Reach:
        """How far the answer to these facts reaches."""
        return self.spoken.opened if self.evidence.unknown_count else self.spoken.closed


class Compiled:
    """One policy, ready to answer."""

    def __init__(self, policy: PolicyDocument) -> None:
        self.policy = policy
        self.steps = policy.steps
        self.signals = Signals([rule.when for rule in policy.rules])
        self.ways: tuple[Ways, ...] = tuple(self.signals.ways(rule.when) for rule in policy.rules)
        self.reaches = tuple(self._reach(rule) for rule in policy.rules)
        self.locals = tuple(
            LocalStep(step=step.step, name=step.name, words=step.words) for step in self.steps
        )
        #: Facts that the policy asks for and that nobody may have said.
        self.may_be_untold = tuple(name for name in NOT_KNOWN if name in self.signals.plain)
        self._kept: Kept[Heard, Spoken] = Kept()
        self._said: dict[tuple[int, bool, bool], FiredRule] = {}
        #: Rules as they were told together before.
        self.told: Kept[Told, tuple[FiredRule, ...]] = Kept()
        #: Single facts as they were told before, by what would have to come and the answer to that.
        self.told_of_one: Kept[tuple[str, Reach], SingleFact] = Kept()

    def _reach(self, rule: Rule) -> Reach:
        floors = rule.then
        return Reach(
            place=self._place(floors),
            pathway=self._pathway(floors),
            rag=urgency(floors.rag) if floors.rag else 0,
            discussion=weight(floors.discussion) if floors.discussion else 0,
        )

    def _place(self, floors: Floors) -> int:
        if floors.step is None and floors.level is None:
            return -1
        step = self.policy.step_for(floors)
        # A step that is not on the scale is a fault of the policy; until it is mended the highest one counts.
        return len(self.steps) - 1 if step is None else self.steps.index(step)

    def _pathway(self, floors: Floors) -> int:
        named = -1 if floors.pathway is None else protection(floors.pathway)
        if floors.step is None:
            return named
        return max(named, protection(self.steps[self._place(floors)].pathway))

    def reach_of(self, place: int, assumed: bool) -> Reach:
        """Return how far a rule reaches that spoke; one that is assumed to is amber at least."""
        return settled(self.reaches[place], leaves_open=assumed)

    def said(self, place: int, *, assumed: bool, decides: bool) -> FiredRule:
        """Return a rule that spoke, as it is told."""
        key = (place, assumed, decides)
        if key not in self._said:
            rule, reach = self.policy.rules[place], self.reaches[place]
            self._said[key] = FiredRule(
                rule_id=rule.id,
                words=rule.words,
                source=rule.source,
                then=rule.then,
                level=self.steps[reach.place].level if reach.place >= 0 else None,
                pathway=PATHWAYS.get(reach.pathway),
                assumed=assumed,
                decides=decides,
            )
        return self._said[key]

    def look(self, facts: ChildFacts) -> Look:
        """Return what the facts are to this policy."""
        evidence = weigh(facts)
        heard = self.signals.heard(evidence)
        return Look(evidence, heard, self.speak(heard))

    def speak(self, heard: Heard) -> Spoken:
        """Return what the rules make of some bits."""
        kept = self._kept.get(heard)
        if kept is None:
            kept = self._kept[heard] = self._speak(heard)
        return kept

    def _speak(self, heard: Heard) -> Spoken:
        fired = [
            (place, not fulfilled(ways, heard.yes))
            for place, ways in enumerate(self.ways)
            if fulfilled(ways, heard.maybe)
        ]
        is_assumed = any(assumed for _, assumed in fired)
        floor = Reach(rag=AMBER) if is_assumed else Reach()
        reach = highest(floor, *(self.reaches[place] for place, _ in fired))
        opened = settled(reach, leaves_open=True)
        return Spoken(reach, opened if reach.place < 0 else reach, opened, tuple(fired), is_assumed)


_READY: dict[int, Compiled] = {}


def compiled(policy: PolicyDocument) -> Compiled:
    """Return a policy made ready. The same document is made ready once; it never changes."""
    # By identity: to compare whole documents would cost more than an answer does. Each is kept alive here, so
    # that no other can come to stand at its address.
    ready = _READY.get(id(policy))
    if ready is None or ready.policy is not policy:
        if len(_READY) >= _MOST_POLICIES:
            _READY.clear()
        ready = _READY[id(policy)] = Compiled(policy)
    return ready
