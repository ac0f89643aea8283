"""The closed lists that decisions are made of: one spelling for every service, page and partner."""

from enum import IntEnum, StrEnum


class Rag(StrEnum):
    """How fast the hub must act for a child."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class Pathway(StrEnum):
    """Who acts next for a child."""

    ADVICE = "advice"
    UNIVERSAL = "universal"
    EARLY_HELP = "early_help"
    CHILD_IN_NEED = "child_in_need"
    STRATEGY_DISCUSSION = "strategy_discussion"
    OTHER_AUTHORITY = "other_authority"
    ALLOCATED_WORKER = "allocated_worker"


class Level(IntEnum):
    """Level of need, 1 (universal) to 4 (specialist, statutory)."""

    UNIVERSAL = 1
    ADDITIONAL = 2
    COMPLEX = 3
    SPECIALIST = 4


class GradeStatus(StrEnum):
    """What an agency said when asked for its level of concern. Silence is none of these, and none is a 0."""

    GRADED = "graded"
    NOTHING_KNOWN = "nothing_known"
    UNABLE = "unable"


class AnswerStatus(StrEnum):
    """What an agency said when asked for information."""

    INFORMATION = "information"
    NOTHING_KNOWN = "nothing_known"
    NOTHING_RELEVANT = "known_nothing_relevant"
    UNABLE = "unable"
    DECLINED = "declined"
    RING_ME = "ring_me"


class Handling(StrEnum):
    """How far the owner of a piece of information lets it travel."""

    HUB_ONLY = "hub_only"
    STRATEGY_MEETING = "strategy_meeting"
    FAMILY_MAY_SEE = "family_may_see"


class Sector(StrEnum):
    """The part of the partnership that an agency belongs to."""

    POLICE = "police"
    HEALTH = "health"
    EDUCATION = "education"
    SOCIAL_CARE = "social_care"
    OTHER = "other"


class Role(StrEnum):
    """What a member of staff may do."""

    DECISION_MAKER = "decision_maker"
    AGENCY_REPRESENTATIVE = "agency_representative"
    EARLY_HELP_COORDINATOR = "early_help_coordinator"
    MANAGER = "manager"
    PRACTICE_AUDITOR = "practice_auditor"
    INFORMATION_GOVERNANCE = "information_governance"
    ADMINISTRATOR = "administrator"


class Scope(StrEnum):
    """What a partner's client system may do."""

    REFERRAL_WRITE = "referral:write"
    REFERRAL_READ = "referral:read"
    INFORMATION_WRITE = "information:write"
    GRADE_WRITE = "grade:write"
    OUTCOME_READ = "outcome:read"
    WEBHOOK_MANAGE = "webhook:manage"


class ReferralKind(StrEnum):
    """Whether the sender asks the hub to act, or for advice."""

    REFERRAL = "referral"
    ENQUIRY = "enquiry"


class Stage(StrEnum):
    """Where a referral stands, in words its sender may know."""

    RECEIVED = "received"
    BEING_CONSIDERED = "being_considered"
    DECIDED = "decided"


class ChildState(StrEnum):
    """Where the hub's consideration of one child stands."""

    GATHERING = "gathering"
    READY = "ready"
    DECIDED = "decided"


class RoleInConcern(StrEnum):
    """What part an adult plays in the concern, as the sender sees it."""

    ALLEGED_PERPETRATOR = "alleged_perpetrator"
    VICTIM = "victim"
    CARER = "carer"
    OTHER = "other"
    UNKNOWN = "unknown"


class NotSoughtReason(StrEnum):
    """Why consent was not sought."""

    RISK_OF_HARM = "risk_of_harm"
    WOULD_PREJUDICE_INVESTIGATION = "would_prejudice_investigation"
    COULD_NOT_REACH = "could_not_reach"
    EMERGENCY = "emergency"
    OTHER = "other"


class LawfulBasis(StrEnum):
    """On what ground information is shared."""

    CONSENT = "consent"
    PUBLIC_TASK = "public_task"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"


class Sex(StrEnum):
    """Sex as the statutory returns code it; U also for an unborn child."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"
    INDETERMINATE = "I"


class Channel(StrEnum):
    """How a version of a referral reached the hub."""

    API = "api"
    TELEPHONE = "telephone"


class QualityVerdict(StrEnum):
    """What an agency's own representative makes of what the agency sent."""

    CONTENT = "content"
    FURTHER_INFORMATION = "further_information"


class QualityState(StrEnum):
    """Where the look at the quality of one version stands. None of these holds a child back."""

    WAITING = "waiting"
    CONTENT = "content"
    FURTHER_INFORMATION_REQUESTED = "further_information_requested"
    #: A later version came before anyone looked at this one.
    OVERTAKEN = "overtaken"


class FurtherInformationState(StrEnum):
    """What became of a request to the sender for more."""

    ASKED = "asked"
    ANSWERED = "answered"
    #: Asked, and the time ran out: the child's clock did not wait for it.
    NOT_ANSWERED = "not_answered"


class WithdrawalState(StrEnum):
    """What became of a sender's wish to take a referral back. The hub decides, and nothing is deleted."""

    REQUESTED = "requested"
    AGREED = "agreed"
    DECLINED = "declined"


class HeldCopyState(StrEnum):
    """What became of the copy of a referral that was refused."""

    WAITING = "waiting"
    #: A member of staff has read it and is dealing with it.
    OPENED = "opened"
    #: It lives on as a referral.
    TAKEN_UP = "taken_up"
    #: Nothing in it needed the hub; the reason is kept.
    SET_ASIDE = "set_aside"


class PersonKind(StrEnum):
    """What somebody is in a referral; the same person may be a child in one and an adult in another."""

    CHILD = "child"
    ADULT = "adult"


class LinkState(StrEnum):
    """How sure it is that a record is of the person it stands with."""

    #: The person was made from this very record.
    OWN = "own"
    #: The machine is sure; nobody has looked yet. It may raise what is done for a child, never lower it.
    PROVISIONAL = "provisional"
    #: A person has said so.
    CONFIRMED = "confirmed"


class MatchState(StrEnum):
    """What became of the question whether two are one."""

    OPEN = "open"
    DECIDED = "decided"
    #: A later version, or a link made elsewhere, left nothing to ask.
    OVERTAKEN = "overtaken"


class MatchVerdict(StrEnum):
    """What a person makes of a record and a person."""

    LINKED = "linked"
    NOT_THE_SAME = "not_the_same"
    UNSURE = "unsure"


class LinkVerdict(StrEnum):
    """What was decided about a record and a person, in the history of links."""

    LINKED = "linked"
    NOT_THE_SAME = "not_the_same"
    UNSURE = "unsure"
    UNLINKED = "unlinked"


class SearchPurpose(StrEnum):
    """Why somebody looks for a family."""

    NEW_CONTACT = "new_contact"
    OPEN_CASE = "open_case"
    POSSIBLE_MATCH = "possible_match"
    CALL = "call"
    STRATEGY_DISCUSSION = "strategy_discussion"
    AUDIT = "audit"
    OTHER = "other"


class RelationKind(StrEnum):
    """Why cases of several households belong together, with nothing of one in the other."""

    PEER_GROUP = "peer_group"
    INSTITUTION = "institution"
    SAME_INCIDENT = "same_incident"
    OTHER = "other"


class BirthFound(StrEnum):
    """What was found out about a child who was expected."""

    #: Born, and in another area's records or under a name that no contact has.
    BORN_ELSEWHERE = "born_elsewhere"
    #: The pregnancy ended without a birth. Nothing more is asked for.
    NOT_CONTINUED = "not_continued"
    #: The child is still expected, on another day.
    WRONG_DATE = "wrong_date"
