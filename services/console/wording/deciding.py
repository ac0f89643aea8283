"""How decisions stand, why somebody looks a second time, how deep the hub goes: in the sector's words."""

from datetime import datetime
from typing import Final

from services.console.wording.codes import SECTORS
from services.console.wording.times import when
from shared.schemas.decisions import Reopened
from shared.schemas.words_deciding import Accountability, DecisionStanding, Depth, SecondLook, WhatCame

STANDINGS: Final = {
    DecisionStanding.INTERIM: "In force until the second look",
    DecisionStanding.PENDING: "Waits for a second look",
    DecisionStanding.APPROVED: "Approved by a second person",
    DecisionStanding.REFUSED: "Not approved",
    DecisionStanding.OVERTAKEN: "Overtaken before anybody looked",
}
SECOND_LOOKS: Final = {
    SecondLook.LOWER_LEVEL: "A lower level of need than the policy recommends.",
    SecondLook.LESS_PROTECTIVE: "Whoever acts next protects less than the policy recommends.",
    SecondLook.LESS_URGENT: "Not Red, though the policy recommends it: what follows would be slower.",
    SecondLook.BELOW_ITS_LEVEL: "Level 3 or 4, with less than the policy gives a child of that level.",
    SecondLook.GRADE_OF_THREE: "No social care action, and an agency graded 3 or more.",
    SecondLook.THREE_CONTACTS: "No social care action, and three contacts or more in twelve months.",
    SecondLook.UNDER_ONE: "No social care action, and the child is under one, unborn, or of unknown age.",
    SecondLook.PREVIOUS_PLAN: "No social care action, and a plan or time in care is known.",
    SecondLook.HEALTH_NOT_ANSWERED: "No social care action, and health has not been heard.",
    SecondLook.NOT_SEEN: "No social care action, and nobody says that the child was seen.",
    SecondLook.SAME_DAY_DISCUSSION_OWED: "No social care action, and a discussion is owed today.",
}
DEPTHS: Final = {
    Depth.FULL: "Full",
    Depth.LIGHT: "Light",
    Depth.STRAIGHT: "Straight to allocated worker",
}
DEPTH_HINTS: Final = {
    Depth.FULL: "Every core agency is heard before the decision.",
    Depth.LIGHT: "Only what this child needs; say why.",
    Depth.STRAIGHT: "To the worker who has the child already; a manager sets this, and says why.",
}
DEPTH_MEANINGS: Final = {
    Depth.FULL: "The core agencies are asked before the decision.",
    Depth.LIGHT: "Only what the child needs.",
    Depth.STRAIGHT: "To the worker who has the child already.",
}
ACCOUNTABLE: Final = {
    Accountability.DUTY_MANAGER: "until it is decided",
    Accountability.DECIDER: "who decided",
    Accountability.APPROVER: "who approved the decision",
}
PLANS: Final = {
    "": "Not known",
    "none": "None",
    "early_help": "Early help",
    "child_in_need": "Child in need",
    "child_protection": "Child protection",
}


def reopened_words(came: Reopened, now: datetime) -> str:
    """Return what was heard after a decision, and why somebody looks again."""
    whose = f"{SECTORS[came.sector]}'s" if came.sector else "An agency's"
    match came.what:
        case WhatCame.ANSWER:
            said = f"{whose} answer"
        case WhatCame.ANSWER_TO_READ:
            return f"{whose} answer, {when(came.at, now)}, came after the decision: read what it says."
        case WhatCame.GRADE:
            said = f"{whose} grade"
        case WhatCame.OTHER:
            said = "What was heard"
    return f"{said}, {when(came.at, now)}, would have changed the recommendation."
