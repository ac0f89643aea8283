"""What the script was told and did: the hub must agree with every word of it afterwards."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

#: The agencies whose systems send; each has a feed and a webhook.
SENDERS = ("northshire-police", "example-primary")
#: Which of them grades, being asked about every child.
GRADER = "northshire-police"

#: Level, pathway and colour that the script chooses from.
_CHOICES = (
    (1, "advice", "green"),
    (2, "early_help", "green"),
    (3, "child_in_need", "amber"),
    (4, "strategy_discussion", "red"),
)


@dataclass
class Memory:
    """Kept by the script itself, apart from the hub.

    Attributes:
        acknowledged: by sender and Idempotency-Key, the answer that was a 201 or its replay.
        decided: by child, the decision that the script saw standing.
        graded: children for whom a grade was acknowledged.
        fed: by agency, the feed as a reader saw it who read along all the time.
        called: by agency, how often each outcome was brought to its webhook.
        confirmed: by agency, the outcomes whose acknowledgement was acknowledged.
    """

    referrals: int
    acknowledged: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)
    graded: set[str] = field(default_factory=set)
    fed: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in SENDERS})
    called: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in SENDERS})
    confirmed: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in SENDERS})
    retries: Counter[str] = field(default_factory=Counter)

    @property
    def all_sent(self) -> bool:
        """Whether every referral was acknowledged."""
        return len(self.acknowledged) == self.referrals

    def children_of(self, sender: str) -> dict[str, str]:
        """Return the reference by child, of the referrals of one sender."""
        return {
            child["child_id"]: answer["reference"]
            for (whose, _), answer in self.acknowledged.items()
            if whose == sender
            for child in answer["children"]
        }

    @property
    def children(self) -> set[str]:
        """All children whose referral was acknowledged."""
        return {child for sender in SENDERS for child in self.children_of(sender)}

    @property
    def all_decided(self) -> bool:
        """Whether every child of every referral was seen decided."""
        return self.all_sent and self.children <= self.decided.keys()

    def all_told(self, sender: str) -> bool:
        """Whether as many outcomes as are owed to a sender were read from its feed."""
        return self.all_decided and len(self.fed[sender]) >= len(self.children_of(sender))

    def all_confirmed(self, sender: str) -> bool:
        """Whether as many outcomes as are owed to a sender came to its webhook and were acknowledged."""
        return self.all_decided and len(self.confirmed[sender]) >= len(self.children_of(sender))

    @property
    def is_complete(self) -> bool:
        """Whether the script has nothing left to do."""
        return all(self.all_told(sender) and self.all_confirmed(sender) for sender in SENDERS)


def decision_for(child_id: str) -> dict[str, Any]:
    """Return what the script decides for a child: always the same, so that it knows its own again."""
    level, pathway, rag = _CHOICES[int(child_id[-2:], 16) % len(_CHOICES)]
    return {
        "level": level,
        "pathway": pathway,
        "rag": rag,
        "rationale": f"Decided by the script for {child_id}.",
        "different_decision_reason": "The script decides by the child's id.",
    }


def is_graded(case_id: str) -> bool:
    """Say whether the script grades the first child of a case before it decides."""
    return int(case_id[-1], 16) % 4 == 0
