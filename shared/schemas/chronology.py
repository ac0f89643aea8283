"""What has happened to one child, from all agencies and under all names; and what was not searched."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from shared.schemas.council_system import CouncilStatus
from shared.schemas.ids import AgencyId, CaseId, ChildId, ReferralId
from shared.schemas.shapes import Answer


class LineKind(StrEnum):
    """What a line tells of; lines of the same moment stand in this order."""

    CONTACT = "contact"
    CORRECTION = "correction"
    GRADE = "grade"
    QUESTION = "question"
    ANSWER = "answer"
    RECOMMENDATION = "recommendation"
    DECISION = "decision"
    SECOND_LOOK = "second_look"
    DISCUSSION = "discussion"
    OVERSIGHT = "oversight"
    JOIN = "join"
    JOIN_UNDONE = "join_undone"
    OTHER = "other"
    #: Something that only managers may read.
    RESTRICTED = "restricted"


class Significance(StrEnum):
    """How much a line weighs for whoever has to read quickly."""

    HIGH = "high"
    NORMAL = "normal"


class LineLink(StrEnum):
    """By what a line belongs to the child."""

    OWN = "own"
    #: A person has said that it is the same child.
    CONFIRMED = "confirmed"
    #: The machine alone takes it for the same child.
    PROVISIONAL = "provisional"


class HistorySourceView(Answer):
    """A place where a history may lie: searched as of a time, or not searched and why."""

    source: str = Field(description="Stable code.", examples=["council_case_system"])
    name: str = Field(examples=["The council's own case system"])
    searched: bool = Field(description="False: NOT SEARCHED. That is not the same as nothing there.")
    as_of: datetime | None = Field(description="Up to when it was searched; null: not at all.")
    why_not: str | None = Field(
        None, description="Why it was not searched.", examples=["Not connected to the hub."]
    )
    found: bool | None = Field(
        None, description="False: searched, and no such child found. Null: not searched, or not told."
    )
    note: str | None = Field(
        None,
        description="What the search left out, if anything.",
        examples=["Searched only as this case names the child."],
    )
    status: CouncilStatus | None = Field(
        None, description="How the child stands there now; null: not said, which is never no."
    )


class LineIncident(Answer):
    """The incident that a contact tells of together with others; each stays a line of its own."""

    incident_id: ReferralId = Field(
        description="The same on each of its lines: the first of these contacts to arrive."
    )
    words: str = Field(
        description="Why they are taken for one.", examples=["They give the same occurrence number."]
    )


class ChronologyLine(Answer):
    """One thing that happened."""

    line_id: str = Field(examples=["contact:0198f0a0-1c2d-7000-8000-3e4f5a6b7c8d"])
    at: datetime = Field(description="Of a restricted line the beginning of the day, London time.")
    kind: LineKind
    source: str | None = Field(
        description="Code of the source it comes from; null: restricted.", examples=["hub"]
    )
    agency_id: AgencyId | None = Field(
        description="Whose words or doing it was; null: the hub's own, or another source's."
    )
    agency_words: str | None = Field(
        None, description="Whose, as another source says it.", examples=["Northtown hospital"]
    )
    words: str = Field(description="What happened.", examples=["Referral. A child was there."])
    said: str | None = Field(
        None, description="In the words of whoever did it.", examples=["Third call in six weeks."]
    )
    significance: Significance
    case_id: CaseId | None
    reference: str | None = Field(
        description="Of another source its own reference.", examples=["SH-7K3QX9MA-9"]
    )
    child_id: ChildId | None = Field(
        description="The child of that case; another id of the same child. Null: restricted."
    )
    given_name: str | None = Field(description="The name it stands under.", examples=["Maisie"])
    family_name: str | None = Field(examples=["Example"])
    link: LineLink
    restricted: bool = Field(
        False, description="It comes from a restricted record; but for managers, all but the day is left out."
    )
    incident: LineIncident | None = Field(
        None, description="Null: not a contact, or the only one shown to you that tells of its incident."
    )


class Chronology(Answer):
    """What has happened to one child, oldest first, as this reader may see it.

    No lines is not no history: read `sources` first.
    """

    case_id: CaseId
    child_id: ChildId
    given_name: str | None = Field(examples=["Maisie"])
    family_name: str | None = Field(examples=["Example"])
    date_of_birth: date | None = Field(None, description="As told in the case that is read.")
    expected_date_of_birth: date | None = None
    sources: list[HistorySourceView]
    all_searched: bool = Field(description="Whether every source was searched.")
    contacts_12m: int = Field(
        description="Contacts in the twelve months before now, as far as shown to you.", examples=[3]
    )
    contacts_12m_provisional: int = Field(
        description="How many of them stand on a link that nobody has confirmed.", examples=[1]
    )
    incidents_12m: int = Field(
        description="How many incidents these contacts tell of: several notices of one incident are one.",
        examples=[2],
    )
    re_referral_12m: bool | None = Field(
        description="Referred again within twelve months of a decision that ended the hub's part. Null: not"
        " for this reader."
    )
    names_count: int = Field(description="Under how many different names.", examples=[2])
    items: list[ChronologyLine]
    next_cursor: str | None = Field(
        description="Pass it as `cursor` to read on. Opaque.", examples=["WyJvdXRjb21lcyIsNDJd"]
    )
    has_more: bool = Field(description="Whether another page is there to be read now.")
