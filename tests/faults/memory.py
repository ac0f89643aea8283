"""What the script was told and did: the hub must agree with every word of it afterwards."""

from collections import Counter, defaultdict
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
        referrals: how many the script is to send.
        acknowledged: by sender and Idempotency-Key, the answer that was a 201 or its replay.
        owed: by sender, the reference of each child's referral: an outcome is owed for each.
        graded: children for whom a grade was acknowledged.
        decided: by child, the decision that the script saw standing.
        fed: by sender, the feed as a reader saw it who read along all the time.
        called: by sender, how often each outcome was brought to its webhook.
        confirmed: by sender, the outcomes whose acknowledgement was acknowledged.
        retries: how often the script had to ask again, by reason.
    """

    referrals: int
    acknowledged: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    owed: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    graded: set[str] = field(default_factory=set)
    decided: dict[str, str] = field(default_factory=dict)
    fed: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    called: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    confirmed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    retries: Counter[str] = field(default_factory=Counter)

    def note_acknowledged(self, sender: str, key: str, answer: dict[str, Any]) -> None:
        """Note that a referral was taken, and what is owed for it."""
        self.acknowledged[sender, key] = answer
        self.owed[sender] |= {child["child_id"]: answer["reference"] for child in answer["children"]}

    @property
    def children(self) -> set[str]:
        """All children whose referral was acknowledged."""
        return {child for owed in self.owed.values() for child in owed}

    @property
    def all_decided(self) -> bool:
        """Whether every referral was acknowledged and every child of it was seen decided."""
        all_sent = len(self.acknowledged) == self.referrals
        return all_sent and len(self.decided) == sum(map(len, self.owed.values()))

    def all_told(self, sender: str) -> bool:
        """Whether as many outcomes as are owed to a sender were read from its feed."""
        return self.all_decided and len(self.fed[sender]) >= len(self.owed[sender])

    def all_confirmed(self, sender: str) -> bool:
        """Whether as many outcomes as are owed to a sender came to its webhook and were acknowledged."""
        return self.all_decided and len(self.confirmed[sender]) >= len(self.owed[sender])

    @property
    def is_complete(self) -> bool:
        """Whether the script has nothing left to do."""
        return all(self.all_told(sender) and self.all_confirmed(sender) for sender in SENDERS)

    @property
    def progress(self) -> dict[str, int]:
        """How far the script is."""
        return {
            "acknowledged": len(self.acknowledged),
            "children": sum(map(len, self.owed.values())),
            "graded": len(self.graded),
            "decided": len(self.decided),
            "told": sum(map(len, self.fed.values())),
            "confirmed": sum(map(len, self.confirmed.values())),
        }


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
    """Say whether the script has the first child of a case graded before it decides."""
    return int(case_id[-1], 16) % 8 == 0
