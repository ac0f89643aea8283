"""The closed lists of how a decision comes to stand, and of how deep the hub goes for a child."""

from enum import StrEnum


class DecisionStanding(StrEnum):
    """How a decision came to stand, or did not. Whether it stands now is for the child to say."""

    #: Made by one person, and in force from then on.
    DECIDED = "decided"
    #: Written by the hub, so that the child is protected until somebody has looked at a lower decision.
    INTERIM = "interim"
    #: It waits for a second look, and is not in force.
    PENDING = "pending"
    #: A second person looked at it and agreed; in force from then on.
    APPROVED = "approved"
    #: A second person looked at it and did not agree; it never was in force.
    REFUSED = "refused"
    #: Somebody decided anew, or more was heard, before anybody looked at it; it never was in force.
    OVERTAKEN = "overtaken"


class SecondLook(StrEnum):
    """Why a second person looks at a decision before it is in force."""

    LOWER_LEVEL = "lower_level"
    LESS_PROTECTIVE = "less_protective"
    #: Red was recommended, for a floor or otherwise, and another colour decided: its clocks would be slower.
    LESS_URGENT = "less_urgent"
    #: Level 3 or 4, with less than the policy in force gives a child of that level.
    BELOW_ITS_LEVEL = "below_its_level"
    #: No social care action although...
    GRADE_OF_THREE = "grade_of_three"
    THREE_CONTACTS = "three_contacts"
    UNDER_ONE = "under_one"
    PREVIOUS_PLAN = "previous_plan"
    HEALTH_NOT_ANSWERED = "health_not_answered"
    NOT_SEEN = "not_seen"
    SAME_DAY_DISCUSSION_OWED = "same_day_discussion_owed"


class Misfit(StrEnum):
    """Level and pathway of a decision do not belong together by the scale of the policy in force."""

    #: The pathway belongs to a higher level. It is taken all the same: protection is never refused.
    PATHWAY_ABOVE_LEVEL = "pathway_above_level"
    #: The level calls for more than the pathway gives.
    PATHWAY_BELOW_LEVEL = "pathway_below_level"


class Depth(StrEnum):
    """How deep the hub's process goes for a child."""

    FULL = "full"
    LIGHT = "light"
    #: To the worker who has the child already.
    STRAIGHT = "straight"


class WhatCame(StrEnum):
    """What was heard after a decision: it would have changed the recommendation, or nobody has read it."""

    ANSWER = "answer"
    #: An answer in words, which no policy can weigh: somebody reads it before the decision stays.
    ANSWER_TO_READ = "answer_to_read"
    GRADE = "grade"
    OTHER = "other"


class Accountability(StrEnum):
    """As what somebody answers for a child."""

    #: Nothing is decided yet: the hub's manager on duty.
    DUTY_MANAGER = "duty_manager"
    #: Who decided what stands.
    DECIDER = "decider"
    #: Who looked at a decision as the second person and put it in force.
    APPROVER = "approver"
