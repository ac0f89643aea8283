"""The index of persons: who is behind the children and adults of referrals, and how that came to be known."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, CheckConstraint, Double, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.models.schema import Table
from shared.schemas.ids import (
    LinkDecisionId,
    MatchId,
    PeopleSearchId,
    PersonId,
    RecordId,
    ReferralId,
    RestrictionId,
)

#: A child who is expected, as far as one record says.
UNBORN: Final = (
    "kind = 'child' AND told ->> 'expected_date_of_birth' IS NOT NULL AND told ->> 'date_of_birth' IS NULL"
)


class Person(Table):
    """One person, whatever names they go by. Rows are only ever added."""

    __tablename__ = "person"
    __table_args__ = ({"comment": "Persons; what is known of one stands in records. Retention: referral."},)

    person_id: Mapped[PersonId] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]


class PersonRecord(Table):
    """A child or an adult of one referral, as its newest version describes them.

    The records of one person are a tree: each but the first is likened to another, and to cut that one link
    restores what was before it.
    """

    __tablename__ = "person_record"
    __table_args__ = (
        CheckConstraint("kind IN ('child', 'adult')", name="kind"),
        CheckConstraint("link_state IN ('own', 'provisional', 'confirmed')", name="link_state"),
        CheckConstraint("(link_state = 'own') = (likened_to IS NULL)", name="likened_or_own"),
        Index("ix_person_record_person", "person_id"),
        Index("ix_person_record_own_person", "own_person_id"),
        Index("ix_person_record_referral", "referral_id"),
        Index("ix_person_record_keys_version", "keys_version", "record_id"),
        Index("ix_person_record_unborn", "person_id", postgresql_where=text(UNBORN)),
        # Few are: who is restricted is asked wherever people are shown.
        Index("ix_person_record_restricted", "person_id", postgresql_where=text("is_restricted")),
        {"comment": "Children and adults of referrals as they are compared. Retention: referral."},
    )

    record_id: Mapped[RecordId] = mapped_column(primary_key=True, comment="Of a child its child_id.")
    referral_id: Mapped[ReferralId]
    version: Mapped[int] = mapped_column(comment="The newest version of the referral that describes them.")
    kind: Mapped[str] = mapped_column(Text)
    told: Mapped[dict[str, Any]] = mapped_column(comment="What the version says of them, shown to people.")
    compared: Mapped[list[Any]] = mapped_column(comment="The same, normalised: what is compared.")
    person_id: Mapped[PersonId] = mapped_column(comment="Whose record it is taken to be.")
    own_person_id: Mapped[PersonId | None] = mapped_column(
        comment="The person that was made from it, where one was; it is theirs again when a link is undone."
    )
    link_state: Mapped[str] = mapped_column(
        Text, comment="own: the person was made from it. provisional: by the machine. confirmed: by a person."
    )
    likened_to: Mapped[RecordId | None] = mapped_column(comment="The record of the person it is linked by.")
    evidence: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True),
        comment="For a link that was scored: the score, and all that gives it once more.",
    )
    linked_at: Mapped[datetime] = mapped_column(comment="Since when it stands where it stands.")
    is_restricted: Mapped[bool] = mapped_column(
        server_default="false",
        default=False,
        comment="Marked by a manager. While any record of a person is, managers alone see all of them.",
    )
    keys_version: Mapped[int] = mapped_column(
        server_default="0",
        comment="In which way its keys were made; 0: before that was kept. A sweep makes old ones anew.",
    )


class PersonKey(Table):
    """The hashed keys by which records are found again. Its primary key is the one covering index."""

    __tablename__ = "person_key"
    __table_args__ = ({"comment": "Hashed keys of records. Retention: referral."},)

    k: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, comment="Hash of a key."
    )
    record_id: Mapped[RecordId] = mapped_column(primary_key=True)


class PersonTerm(Table):
    """How many persons a name, a date of birth or a home was first seen with."""

    __tablename__ = "person_term"
    __table_args__ = (
        CheckConstraint("persons_count >= 0", name="counted"),
        {"comment": "How common names, dates and homes are; terms hashed. Retention: measures."},
    )

    kind: Mapped[str] = mapped_column(Text, primary_key=True, comment="given, family, birth, home or all.")
    k: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, comment="Hash of the term."
    )
    persons_count: Mapped[int]


class LinkDecision(Table):
    """What a person, or the machine, made of a record and a person. Rows are only ever added."""

    __tablename__ = "link_decision"
    __table_args__ = (
        CheckConstraint("verdict IN ('linked', 'not_the_same', 'unsure', 'unlinked')", name="verdict"),
        Index("ix_link_decision_record", "record_id", "decided_at"),
        Index("ix_link_decision_person", "person_id", "decided_at"),
        {"comment": "History of links; nothing in it is changed or taken away. Retention: referral."},
    )

    decision_id: Mapped[LinkDecisionId] = mapped_column(primary_key=True)
    record_id: Mapped[RecordId]
    of_person_id: Mapped[PersonId] = mapped_column(comment="Whose record it was when this was decided.")
    person_id: Mapped[PersonId] = mapped_column(comment="The person it was held against, or taken from.")
    verdict: Mapped[str] = mapped_column(Text)
    moved: Mapped[list[Any]] = mapped_column(comment="Ids of the records that changed person with it.")
    moved_to: Mapped[PersonId | None] = mapped_column(comment="Whose they have been since.")
    reason: Mapped[str | None] = mapped_column(Text, comment="In a person's words; none for the machine.")
    evidence: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="As in person_record, as it was then."
    )
    match_id: Mapped[MatchId | None] = mapped_column(comment="The task it answers.")
    decided_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(Text, comment="Staff id, or the service: the machine.")
    decided_by_name: Mapped[str] = mapped_column(Text)


class Match(Table):
    """A task: is this record one of these persons?"""

    __tablename__ = "match"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'decided', 'overtaken')", name="state"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="open_or_closed"),
        Index("uq_match_open", "record_id", unique=True, postgresql_where="state = 'open'"),
        Index("ix_match_list", "state", "raised_at", "match_id"),
        {"comment": "Possible matches, for a person to decide. Retention: referral."},
    )

    match_id: Mapped[MatchId] = mapped_column(primary_key=True)
    record_id: Mapped[RecordId]
    state: Mapped[str] = mapped_column(
        Text, comment="overtaken: a later version, or a link made elsewhere, left nothing to ask."
    )
    raised_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class MatchCandidate(Table):
    """A person who may be the one of the task, and what was decided of it."""

    __tablename__ = "match_candidate"
    __table_args__ = (
        CheckConstraint("verdict IN ('linked', 'not_the_same', 'unsure')", name="verdict"),
        Index("ix_match_candidate_person", "person_id"),
        {"comment": "Who a task asks about. Retention: referral."},
    )

    match_id: Mapped[MatchId] = mapped_column(primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(primary_key=True)
    likened_to: Mapped[RecordId] = mapped_column(comment="Their record that comes closest.")
    probability: Mapped[float] = mapped_column(Double)
    evidence: Mapped[dict[str, Any]] = mapped_column(comment="As in person_record.")
    verdict: Mapped[str | None] = mapped_column(Text, comment="Null until a person has said.")


class Restriction(Table):
    """That a manager restricted a person, or lifted it. Rows are only ever added."""

    __tablename__ = "restriction"
    __table_args__ = (
        Index("ix_restriction_person", "person_id", "decided_at"),
        Index("ix_restriction_record_ids", "record_ids", postgresql_using="gin"),
        {"comment": "History of who may be read by managers only. Retention: referral."},
    )

    restriction_id: Mapped[RestrictionId] = mapped_column(primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(comment="Whose records they were when this was decided.")
    is_restricted: Mapped[bool]
    record_ids: Mapped[list[Any]] = mapped_column(comment="Ids of the records whose mark it changed.")
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(Text, comment="Staff id.")
    decided_by_name: Mapped[str] = mapped_column(Text)


class PeopleSearch(Table):
    """That a member of staff looked for a family, and why: the audit takes no words."""

    __tablename__ = "people_search"
    __table_args__ = (
        Index("ix_people_search_searched", "searched_at", "search_id"),
        {"comment": "Searches for families and their purposes; not what was typed. Retention: audit."},
    )

    search_id: Mapped[PeopleSearchId] = mapped_column(primary_key=True)
    searched_at: Mapped[datetime]
    searched_by: Mapped[str] = mapped_column(Text, comment="Staff id.")
    searched_by_name: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    terms: Mapped[list[Any]] = mapped_column(comment="By which terms: name, telephone, address, reference.")
    found_count: Mapped[int] = mapped_column(SmallInteger)
