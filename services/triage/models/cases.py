"""The tables of a case of a household, each child in it apart."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.schema import Table
from shared.schemas.ids import (
    AgencyId,
    CaseId,
    ChildId,
    DecisionId,
    RecommendationId,
    RecordId,
    ReferralId,
)


class Case(Table):
    """The hub's consideration of one household."""

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_work_list", "is_open", "urgency", "decide_by", "case_id"),
        {"comment": "One case of a household. Retention: case."},
    )

    case_id: Mapped[CaseId] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(comment="Moves with every change to the case; the ETag.")
    opened_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(comment="When its first referral arrived.")
    is_open: Mapped[bool] = mapped_column(comment="Whether any child in it waits for a decision.")
    urgency: Mapped[int] = mapped_column(
        comment="0 red, 1 amber, 2 green: of its most urgent undecided child."
    )
    decide_by: Mapped[datetime] = mapped_column(comment="The earliest decision due in it.")


class Contact(Table):
    """A referral that joined a case, with what triage needs of it."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_case", "case_id"),
        Index("ix_contact_reference", "reference"),
        {"comment": "Referrals considered in a case; a referral is in one case at a time. Retention: case."},
    )

    referral_id: Mapped[ReferralId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    reference: Mapped[str] = mapped_column(Text)
    agency_id: Mapped[AgencyId] = mapped_column(comment="Who sent it.")
    referrer: Mapped[str | None] = mapped_column(Text, comment="Name and role of the person who is worried.")
    received_at: Mapped[datetime]
    respond_by: Mapped[datetime]
    immediate_danger: Mapped[bool]
    consent: Mapped[dict[str, Any] | None] = mapped_column(comment="What was asked of the family.")
    family_told: Mapped[dict[str, Any] | None] = mapped_column(comment="What the family knows.")
    actions_taken: Mapped[str | None] = mapped_column(Text, comment="What the sender has done already.")
    adults: Mapped[list[Any]] = mapped_column(comment="Adults as the sender named them.")
    version: Mapped[int] = mapped_column(
        server_default="1", comment="The newest version the case goes by; an older one changes nothing."
    )
    corrected_at: Mapped[datetime | None] = mapped_column(
        comment="When that version arrived; null: the first."
    )
    kind: Mapped[str | None] = mapped_column(Text, comment="referral or enquiry.")
    said_by: Mapped[dict[str, Any] | None] = mapped_column(comment="The referrer as sent.")
    professionals: Mapped[list[Any]] = mapped_column(
        server_default="[]", comment="Who else works with the family."
    )
    police: Mapped[dict[str, Any] | None] = mapped_column(comment="What only a police notice carries.")
    sender_reference: Mapped[str | None] = mapped_column(
        Text, comment="The sender's own reference; it may quote the police's occurrence number."
    )


class ContactVersion(Table):
    """A later version of a referral that a case was brought up to. Rows are only ever added."""

    __tablename__ = "contact_version"
    __table_args__ = ({"comment": "When later versions of a referral arrived. Retention: case."},)

    referral_id: Mapped[ReferralId] = mapped_column(ForeignKey(Contact.referral_id), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    received_at: Mapped[datetime]


class CaseChild(Table):
    """One child of a case, apart from its siblings."""

    __tablename__ = "case_child"
    __table_args__ = (
        CheckConstraint("state IN ('gathering', 'ready', 'decided')", name="state"),
        CheckConstraint("depth IN ('full', 'light', 'straight')", name="depth"),
        Index("ix_case_child_case", "case_id"),
        Index("ix_case_child_referral", "referral_id"),
        Index("ix_case_child_confirmed_as", "confirmed_as"),
        Index("ix_case_child_places", "places", postgresql_using="gin"),
        {"comment": "A child in a case: what was said, where it stands. Retention: case."},
    )

    child_id: Mapped[ChildId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    referral_id: Mapped[ReferralId] = mapped_column(
        ForeignKey(Contact.referral_id), comment="The referral that named it; it goes where that goes."
    )
    same_child_as: Mapped[ChildId | None] = mapped_column(
        ForeignKey("case_child.child_id"),
        comment="The child of this case that it is, the one first heard of; null: itself, or alone.",
    )
    confirmed_as: Mapped[RecordId | None] = mapped_column(
        comment="The record that stands for all that people have confirmed to be this child; null: not asked."
    )
    linked_at: Mapped[datetime | None] = mapped_column(
        comment="When the index of persons was asked for that."
    )
    before_grouped: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True),
        comment="What stood for it alone, given back when a wrong join is undone; null: never grouped.",
    )
    place: Mapped[int] = mapped_column(comment="Order in which the sender named the children.")
    state: Mapped[str] = mapped_column(Text)
    given_name: Mapped[str | None] = mapped_column(Text)
    family_name: Mapped[str | None] = mapped_column(Text)
    date_of_birth: Mapped[date | None]
    expected_date_of_birth: Mapped[date | None]
    whereabouts: Mapped[str | None] = mapped_column(Text)
    seen: Mapped[bool | None]
    views: Mapped[str | None] = mapped_column(Text, comment="The child's own words, or what was observed.")
    views_not_obtained_reason: Mapped[str | None] = mapped_column(Text)
    immediate_danger: Mapped[bool] = mapped_column(comment="Whether any version of a referral said so.")
    concerns: Mapped[list[Any]] = mapped_column(
        comment="[{indicator, narrative, occurred_at, since_on, version, taken_back_in}] about this child."
    )
    details: Mapped[dict[str, Any]] = mapped_column(
        server_default="{}", comment="What the sender knows of the child that no rule reads."
    )
    taken_back: Mapped[list[Any]] = mapped_column(
        server_default="[]",
        comment="[{fact, said, version, taken_back_in}]: what an earlier version said otherwise.",
    )
    left_out_in: Mapped[int | None] = mapped_column(comment="The version that no longer names this child.")
    changed_at: Mapped[datetime | None] = mapped_column(
        comment="When a correction arrived after the decision that stands; null once a person decided anew."
    )
    clock_from: Mapped[datetime | None] = mapped_column(
        comment="From when its clock runs, where a later version started it; null: since the case's."
    )
    decide_by: Mapped[datetime] = mapped_column(comment="When this child must be decided; never paused.")
    rag: Mapped[str] = mapped_column(
        Text, comment="The colour in force: working it out anew never lowers it."
    )
    recommendation_id: Mapped[RecommendationId | None] = mapped_column(comment="The newest recommendation.")
    decision_id: Mapped[DecisionId | None] = mapped_column(comment="The decision that stands.")
    depth: Mapped[str] = mapped_column(
        Text, server_default="full", comment="How deep the hub goes: full, light, or straight to its worker."
    )
    reopened_because: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True),
        comment="{what, sector, agency_id, at}: what was heard after the decision and raised what is"
        " recommended; null: nothing, or a person decided anew.",
    )
    contacts_12m: Mapped[int] = mapped_column(
        server_default="1", comment="Contacts about it in a year, under all its ids, when last looked at."
    )
    re_referral_12m: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether it came back within a year of a decision that ended it."
    )
    returns_12m: Mapped[int] = mapped_column(
        server_default="0",
        comment="How often in a year it was passed on or closed and came back, when last looked at.",
    )
    earlier_plan: Mapped[bool] = mapped_column(
        server_default="false",
        comment="Whether decisions record a plan, or time in care, before its contact.",
    )
    council_said: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True),
        comment="{previous_plan, looked_after, child_protection_plan, child_in_need_plan, allocated_worker,"
        " as_of}: what the council's case system says of plans and care; null: nothing yet.",
    )
    hot_spot: Mapped[bool] = mapped_column(
        server_default="false",
        comment="Whether others were drawn in where it lives or learns, when looked at; once found it stays.",
    )
    places: Mapped[list[str]] = mapped_column(
        ARRAY(Text),
        server_default="{}",
        comment="Postcode district and school, only of a child with signs of exploitation or going missing.",
    )
    history_at: Mapped[datetime | None] = mapped_column(
        comment="When all these were worked out from its links; null: not yet."
    )
    prepared: Mapped[list[Any] | None] = mapped_column(
        JSONB(none_as_null=True),
        comment="Questions to core agencies that wait for a lawful basis; null: none wait.",
    )


class Recommendation(Table):
    """What the policy said of a child at one moment, with all it looked at."""

    __tablename__ = "recommendation"
    __table_args__ = (
        Index("ix_recommendation_child", "child_id", "made_at"),
        {"comment": "Every recommendation with its inputs and the rules that fired. Retention: case."},
    )

    recommendation_id: Mapped[RecommendationId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    child_id: Mapped[ChildId] = mapped_column(ForeignKey(CaseChild.child_id))
    policy_version: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(comment="Inputs, so that it can be worked out again.")
    alone: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="The facts of the child's own referral alone; null: as `facts`."
    )
    view: Mapped[dict[str, Any]] = mapped_column(
        comment="Level, pathway, RAG, fired rules, what was missing."
    )
    made_at: Mapped[datetime]
