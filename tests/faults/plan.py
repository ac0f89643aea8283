"""What the script does about each referral, by its number: so that it can be counted beforehand."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from tests.faults.people import Crowd
from tests.referrals import a_referral

#: The agencies whose systems send; each has a feed and a webhook.
SENDERS = ("northshire-police", "example-primary")

#: One referral in so many is sent once more after it was acknowledged.
_SENT_AGAIN = 10
#: One in so many, at that place among them, is first sent in a shape that the hub refuses.
_REFUSED, _REFUSED_AT = 10, 5
#: The same, of those about which the sender is asked for more.
_ASKED, _ASKED_AT = 20, 9
#: Of one in so many, a person looks whom the first child was taken for.
_LOOKED_AT = 4


class Moment(Enum):
    """When a referral is corrected."""

    AT_ONCE = "as soon as it is acknowledged"
    DECIDED = "once each of its children is decided"


#: One in ten is corrected. By the place among forty: when, once or twice.
_CORRECTED_EVERY = 40
_CORRECTED: dict[int, tuple[Moment, ...]] = {
    3: (Moment.AT_ONCE,),
    13: (Moment.DECIDED,),
    23: (Moment.AT_ONCE, Moment.DECIDED),
    33: (Moment.DECIDED,),
}
#: These name a child more than their first version did.
_NAMES_ANOTHER = 33


@dataclass(frozen=True)
class Parcel:
    """A referral to send, and what else comes of it.

    Attributes:
        key: the Idempotency-Key of the first version.
    """

    number: int
    sender: str
    key: str
    body: dict[str, Any]

    @property
    def is_sent_again(self) -> bool:
        """Whether it is sent once more after it was acknowledged."""
        return self.number % _SENT_AGAIN == 0

    @property
    def refusals(self) -> int:
        """How often it is first sent in a shape that the hub refuses: every other one once, then again."""
        return 1 + self.number // _REFUSED % 2 if self.number % _REFUSED == _REFUSED_AT else 0

    @property
    def is_asked_about(self) -> bool:
        """Whether its sender is asked for more, and answers with a version."""
        return self.number % _ASKED == _ASKED_AT

    @property
    def is_looked_at(self) -> bool:
        """Whether a person looks whom its first child was taken for."""
        return self.number % _LOOKED_AT == 0

    @property
    def corrections(self) -> Sequence[Moment]:
        """When it is corrected, one version each time."""
        return _CORRECTED.get(self.number % _CORRECTED_EVERY, ())

    @property
    def refused_body(self) -> dict[str, Any]:
        """What is sent first by mistake: it does not say why to worry."""
        return self.body | {"concerns": []}

    def key_of(self, version: int) -> str:
        """Return the Idempotency-Key of a later version."""
        return f"{self.key}-v{version}"

    def form_of(self, version: int, **more: Any) -> dict[str, Any]:
        """Return a later version as it is sent: each child is somewhere else now."""
        news = {"whereabouts": f"As told under {self.key_of(version)}."}
        children = [child | news for child in self.body["children"]]
        if self.number % _CORRECTED_EVERY == _NAMES_ANOTHER:
            another = {"sender_child_reference": "c9", "given_name": "Milo", "date_of_birth": "2026-05-17"}
            children.append(children[0] | another)
        return {"reason": "We know more now.", "referral": self.body | {"children": children}} | more


def make_parcels(count: int, dice: random.Random) -> list[Parcel]:
    """Return the referrals to send, each with one to three children, some of whom came before."""
    found, crowd = [], Crowd(dice)
    for number in range(count):
        body = a_referral(sender_reference=f"F-{number}", **crowd.next_household())
        body["concerns"][0]["children"] = [child["sender_child_reference"] for child in body["children"]]
        found.append(Parcel(number, dice.choice(SENDERS), f"key-{number}", body))
    return found


@dataclass(frozen=True)
class Plan:
    """How much the script does altogether.

    Attributes:
        versions: later ones, answers to requests for more included.
        refused: referrals that are first sent in a shape that the hub refuses.
        looked_at: referrals of whose first child a person looks whom it was taken for.
    """

    referrals: int
    versions: int
    requests: int
    refused: int
    looked_at: int


def plan_for(parcels: Sequence[Parcel]) -> Plan:
    """Return how much comes of these referrals."""
    requests = sum(parcel.is_asked_about for parcel in parcels)
    corrections = sum(len(parcel.corrections) for parcel in parcels)
    refused = sum(parcel.refusals > 0 for parcel in parcels)
    looked_at = sum(parcel.is_looked_at for parcel in parcels)
    return Plan(len(parcels), corrections + requests, requests, refused, looked_at)
