"""What the script was told and did: the hub must agree with every word of it afterwards."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.faults.plan import SENDERS, Plan

#: Which of the agencies that send grades, being asked about every child.
GRADER = "northshire-police"

_RATIONALE = "Decided by the script for "
#: Level, pathway and colour that the script chooses from.
_CHOICES = (
    (3, "other_authority", "amber"),
    (3, "allocated_worker", "amber"),
    (3, "child_in_need", "amber"),
    (4, "strategy_discussion", "red"),
    (4, "strategy_discussion", "red"),
    (3, "child_in_need", "red"),
    (3, "child_in_need", "amber"),
    # Less than is recommended as a rule: it waits for a second look.
    (2, "early_help", "green"),
)
#: How a decision stands that is in force, or was.
IN_FORCE = ("decided", "interim", "approved")


@dataclass
class Refused:
    """How often a referral in a shape that the hub refuses was sent, and how often it was answered so."""

    sent: int = 0
    answered: int = 0


@dataclass
class Memory:
    """Kept by the script itself, apart from the hub.

    Attributes:
        plan: how much the script is to do.
        acknowledged: by sender and Idempotency-Key, the answer that was a 201 or its replay.
        versions: the same, of later versions.
        newest: by reference, the newest version that was acknowledged.
        seen: by reference, the newest version that the script decided upon.
        asked: by sender, the requests for more that were made of it, each with the reference it is about.
        refused: by the sender's reference, what became of the one in the wrong shape.
        owed: by sender, the reference of each child's referral: an outcome is owed for each.
        graded: children for whom a grade was acknowledged.
        decided: by child, every decision that the script saw come into force, the standing one last.
        interim: those of them that the hub wrote, for as long as a lower one waited.
        approved: those that waited until the manager had looked.
        fed: by sender, the feed as a reader saw it who read along all the time.
        noticed: the same, of the feed of notices.
        said_of_people: by its id, each decision on who is who that was acknowledged.
        to_look_at: the references of those referrals whose first child a person looks at.
        looked_at: those of them that were looked at.
        to_join: those of them that were confirmed to be about somebody known.
        joined: by its id, each join that was seen to stand, with the referral that joined.
        undone: those that were taken back.
        joined_up: the references that have joined, or may not.
        to_and_fro: the references that join and leave again for as long as anything dies.
        joint_cases: every case that a contact joined or left.
        is_calm: whether nothing dies any more.
        all_joined: whether there is nothing more to join: what is joined is decided anew.
        is_settled: whether the work list was empty once there was nothing more to join.
        called: by sender, how often each outcome and notice was brought to its webhook.
        confirmed: by sender, the outcomes whose acknowledgement was acknowledged.
        retries: how often the script had to ask again, by reason.
    """

    plan: Plan
    acknowledged: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    versions: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    newest: dict[str, int] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    refused: dict[str, Refused] = field(default_factory=lambda: defaultdict(Refused))
    owed: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    graded: set[str] = field(default_factory=set)
    decided: dict[str, list[str]] = field(default_factory=dict)
    interim: set[str] = field(default_factory=set)
    approved: set[str] = field(default_factory=set)
    fed: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    noticed: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    said_of_people: dict[str, dict[str, Any]] = field(default_factory=dict)
    to_look_at: list[str] = field(default_factory=list)
    looked_at: set[str] = field(default_factory=set)
    to_join: set[str] = field(default_factory=set)
    joined: dict[str, str] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
    joined_up: set[str] = field(default_factory=set)
    to_and_fro: set[str] = field(default_factory=set)
    joint_cases: set[str] = field(default_factory=set)
    is_calm: bool = False
    all_joined: bool = False
    is_settled: bool = False
    called: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    confirmed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    retries: Counter[str] = field(default_factory=Counter)

    def note_acknowledged(self, sender: str, key: str, answer: dict[str, Any]) -> None:
        """Note that a referral was taken, and what is owed for it."""
        self.acknowledged[sender, key] = answer
        self._note_owed(sender, answer)

    def note_version(self, sender: str, key: str, answer: dict[str, Any]) -> None:
        """Note that a later version was taken; an outcome is owed for a child that it adds, too."""
        self.versions[sender, key] = answer
        self._note_owed(sender, answer)

    def _note_owed(self, sender: str, answer: dict[str, Any]) -> None:
        self.newest[answer["reference"]] = answer["version"]
        self.owed[sender] |= {child["child_id"]: answer["reference"] for child in answer["children"]}

    def note_decided(self, child: dict[str, Any]) -> None:
        """Note what came into force for a child, as a case shows it."""
        stood = [made for made in child["decisions"] if made["standing"] in IN_FORCE]
        after = {made["supersedes"]: made["decision_id"] for made in stood}
        chain: list[str] = []
        while (following := after.get(chain[-1] if chain else None)) is not None:
            chain.append(following)
        noted = self.decided.get(child["child_id"], [])
        assert [each for each in chain if each in noted] == noted, "a decision that was seen is gone"
        self.decided[child["child_id"]] = chain
        self.interim |= {made["decision_id"] for made in stood if made["standing"] == "interim"}
        self.approved |= {made["decision_id"] for made in stood if made["standing"] == "approved"}

    def are_decided(self, children: Iterable[str]) -> bool:
        """Whether each of these children was seen decided."""
        return self.decided.keys() >= set(children)

    def has_heard(self, sender: str, request_id: str) -> bool:
        """Whether a sender read in its feed of notices that it is asked for more."""
        return any(_request_in(notice) == request_id for notice in reversed(self.noticed[sender]))

    @property
    def children(self) -> set[str]:
        """All children whose referral was acknowledged."""
        return {child for owed in self.owed.values() for child in owed}

    @property
    def all_sent(self) -> bool:
        """Whether every referral and every later version was acknowledged."""
        done = (len(self.acknowledged), len(self.versions))
        return done == (self.plan.referrals, self.plan.versions)

    @property
    def all_decided(self) -> bool:
        """Whether all was acknowledged, and every child seen decided upon the newest version."""
        return (
            self.all_sent
            and self.is_settled
            and len(self.decided) == sum(map(len, self.owed.values()))
            and all(self.seen.get(reference) == newest for reference, newest in self.newest.items())
        )

    @property
    def all_looked_at(self) -> bool:
        """Whether a person has looked at everybody whom the plan names."""
        return len(self.looked_at) == self.plan.looked_at

    def all_told(self, sender: str) -> bool:
        """Whether as many outcomes as are owed to a sender were read from its feed."""
        return self.all_decided and len(self.fed[sender]) >= self._outcomes_owed(sender)

    def all_confirmed(self, sender: str) -> bool:
        """Whether as many outcomes as are owed to a sender came to its webhook and were acknowledged."""
        return self.all_decided and len(self.confirmed[sender]) >= self._outcomes_owed(sender)

    def _outcomes_owed(self, sender: str) -> int:
        return sum(len(self.decided[child]) for child in self.owed[sender])

    @property
    def is_complete(self) -> bool:
        """Whether the script has nothing left to do."""
        return all(self.all_told(sender) and self.all_confirmed(sender) for sender in SENDERS)

    @property
    def progress(self) -> dict[str, int]:
        """How far the script is."""
        return {
            "acknowledged": len(self.acknowledged),
            "versions": len(self.versions),
            "requests": sum(map(len, self.asked.values())),
            "refused": sum(each.answered for each in self.refused.values()),
            "children": sum(map(len, self.owed.values())),
            "looked at": len(self.looked_at),
            "joined": len(self.joined),
            "undone": len(self.undone),
            "said of people": len(self.said_of_people),
            "graded": len(self.graded),
            "decided": len(self.decided),
            "decisions": sum(map(len, self.decided.values())),
            "approved": len(self.approved),
            "told": sum(map(len, self.fed.values())),
            "noticed": sum(map(len, self.noticed.values())),
            "confirmed": sum(map(len, self.confirmed.values())),
        }


def requests_in(notices: Iterable[dict[str, Any]]) -> Counter[str]:
    """Return the requests for more that notices tell of."""
    return Counter(request_id for notice in notices if (request_id := _request_in(notice)))


def _request_in(notice: dict[str, Any]) -> str | None:
    asked = notice["further_information"]
    return asked["request_id"] if asked else None


def decision_for(child_id: str) -> dict[str, Any]:
    """Return what the script decides for a child: always the same, so that it knows its own again."""
    level, pathway, rag = _CHOICES[int(child_id[-2:], 16) % len(_CHOICES)]
    return {
        "level": level,
        "pathway": pathway,
        "rag": rag,
        "rationale": _RATIONALE + child_id,
        "different_decision_reason": "The script decides by the child's id.",
    }


def child_named_in(rationale: str) -> str:
    """Return the child for whom the script decided."""
    return rationale.removeprefix(_RATIONALE)


def is_graded(case_id: str) -> bool:
    """Say whether the script has the first child of a case graded before it decides."""
    return int(case_id[-1], 16) % 8 == 0
