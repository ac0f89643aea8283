"""The index of persons: who may be the same child or adult, why it is thought so, and what was decided."""

from datetime import datetime

from pydantic import Field

from shared.schemas.ids import (
    AgencyId,
    LinkDecisionId,
    MatchId,
    PersonId,
    RecordId,
    ReferralId,
    RestrictionId,
)
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale
from shared.schemas.words import (
    LinkState,
    LinkVerdict,
    MatchState,
    MatchVerdict,
    PersonKind,
    RoleInConcern,
)


class NameGiven(Answer):
    """A name as it was written."""

    given_name: str | None = Field(None, examples=["Maisie"])
    family_name: str | None = Field(None, examples=["Example"])
    kind: str | None = Field(
        None, description="Of another name: `former`, `alias` or the sender's own word.", examples=["former"]
    )


class Told(Answer):
    """What a referral says of somebody, as it was written; nothing is put right."""

    name: NameGiven = NameGiven()
    other_names: list[NameGiven] = []
    date_of_birth: str | None = Field(None, examples=["2019-04-02"])
    expected_date_of_birth: str | None = Field(
        None, description="Of an unborn child.", examples=["2027-02-14"]
    )
    sex: str | None = Field(None, examples=["F"])
    nhs_number: str | None = Field(None, examples=["999 123 4500"])
    upn: str | None = Field(None, examples=["P000000000001"])
    address_lines: list[str] = Field(default=[], examples=[["1 Test Row"]])
    town: str | None = Field(None, examples=["Doncaster"])
    postcode: str | None = Field(None, examples=["DN1 1AA"])
    telephone: str | None = Field(None, description="Of an adult.", examples=["01632 960001"])
    role_in_concern: RoleInConcern | None = Field(None, description="Of an adult.")
    relationships: list[str] = Field(
        default=[], description="Of an adult: what they are to the children.", examples=[["father"]]
    )
    safe_to_contact: bool | None = Field(
        None, description="Of an adult; null is not said: ask first.", examples=[False]
    )
    safe_contact_note: str | None = Field(
        None, description="Of an adult: how and when contact is safe.", examples=["Text only, before 3pm."]
    )
    first_language: str | None = Field(None, examples=["pl"])
    interpreter_needed: bool | None = Field(None, description="To speak with them; null is not said.")
    worker_safety: str | None = Field(
        None, description="Of an adult: what a worker who visits must know.", examples=["Large dog, loose."]
    )


class FieldAgreement(Answer):
    """How far two agree in one piece of evidence."""

    evidence: str = Field(examples=["birth"])
    level: str = Field(description="Stable code.", examples=["day_month_swapped"])
    words: str = Field(examples=["Same date of birth with day and month swapped"])
    bits: float = Field(
        description="What it adds: each bit doubles the odds that they are the same.", examples=[9.4]
    )


class Likeness(Answer):
    """How alike two records are, and by which version of the weights."""

    probability: float = Field(
        description="That they are the same person, 0 to 1; at the best as good as the weights.",
        examples=[0.974],
    )
    bits: float = Field(description="All that speaks for and against, added up.", examples=[21.3])
    weights_version: str = Field(examples=["hub-2026-1"])
    fields: list[FieldAgreement]
    hazards: list[str] = Field(
        default=[],
        description="What could make two people look like one, in words: each kept the machine from linking.",
        examples=[["Could be a twin: same family and date of birth, another given name."]],
    )


class PersonRecord(Answer):
    """A child or an adult of one referral.

    Of a restricted record everybody but managers gets `kind`, `person_id`, `link_state` and `restricted`;
    what else is required is null.
    """

    record_id: RecordId | None = Field(description="Of a child its `child_id`.")
    kind: PersonKind
    referral_id: ReferralId | None
    reference: str | None = Field(examples=["SH-7K3QX9MA-9"])
    sender_reference: str | None = Field(None, examples=["SYP-2026-114226"])
    agency_id: AgencyId | None = Field(description="Who sent the referral.")
    received_at: datetime | None = Field(description="When the first version of it came.")
    version: int | None = Field(description="The newest version that describes them.", examples=[1])
    told: Told
    person_id: PersonId
    link_state: LinkState
    linked_at: datetime | None
    restricted: bool = Field(
        False, description="Only managers may read what it says; for others all of it is left out."
    )
    likened_to: RecordId | None = Field(None, description="The record of the same person it is linked by.")
    likeness: Likeness | None = Field(
        None, description="Why it is linked, where the machine scored it: what it was then."
    )


class LinkDecision(Answer):
    """One line of the history of links."""

    decision_id: LinkDecisionId
    record_id: RecordId | None
    person_id: PersonId | None = Field(description="The person it was held against, or taken from.")
    verdict: LinkVerdict
    moved_record_ids: list[RecordId] = Field(description="The records that changed person with it.")
    moved_to: PersonId | None = None
    reason: str | None = Field(
        None, description="None where the machine linked.", examples=["The school knows the family."]
    )
    decided_at: datetime
    decided_by: str = Field(examples=["Dana Reid"])
    by_machine: bool
    restricted: bool = Field(
        False, description="It speaks of somebody restricted: but for managers, of whom and why is left out."
    )


class MatchSummary(Answer):
    """A question on the work list: may these be one?"""

    match_id: MatchId
    state: MatchState
    raised_at: datetime
    closed_at: datetime | None = None
    record: PersonRecord
    candidates_count: int = Field(examples=[2])
    best_probability: float | None = Field(
        description="Null where somebody in it is restricted and you are no manager.", examples=[0.91]
    )
    restricted: bool = Field(False, description="Somebody in it is restricted: only a manager answers it.")


class MatchCandidate(Answer):
    """A person who may be the one that the task asks about."""

    person_id: PersonId
    likeness: Likeness | None = Field(description="Null where they are restricted and you are no manager.")
    likened_to: RecordId | None = Field(description="Their record that comes closest; null likewise.")
    birth: str | None = Field(
        None,
        description="Where one of the two was expected and the other is born: how the dates and mothers fit.",
        examples=["An unborn child expected 14 February 2027, born 16 February 2027 to the same mother."],
    )
    records: list[PersonRecord] = Field(description="All that is known of them, the newest first.")
    referrals_count: int = Field(examples=[3])
    first_received_at: datetime | None = None
    last_received_at: datetime | None = None
    verdict: MatchVerdict | None = Field(None, description="None until someone has said.")
    restricted: bool = Field(False, description="A manager can open it.")


class Match(Answer):
    """A task: is this record one of these persons?"""

    match_id: MatchId
    state: MatchState
    raised_at: datetime
    closed_at: datetime | None = None
    record: PersonRecord
    candidates: list[MatchCandidate] = Field(description="Likeliest first.")
    history: list[LinkDecision] = Field(description="What was decided about the record so far, newest first.")
    restricted: bool = Field(False, description="Somebody in it is restricted: only a manager answers it.")


class OpenQuestionCount(Answer):
    """How many questions about the people of one referral wait for a person."""

    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    open_count: int = Field(examples=[1])


class OpenQuestionCounts(Answer):
    """How much of some referrals waits to be answered; nobody is shown, and nobody's record is looked at."""

    items: list[OpenQuestionCount] = Field(
        description="None of a referral without an open question, nor of one that restricted people stand in"
        " and you are no manager."
    )


class MatchDecisionForm(Form):
    """What you make of one candidate; it is remembered, and not asked again."""

    verdict: MatchVerdict = Field(examples=["linked"])
    person_id: PersonId = Field(
        description="Which candidate.", examples=["0198f0a0-0000-7000-8000-00000000e001"]
    )
    reason: Rationale = Field(examples=["Same mother and address; the school confirmed the change of name."])


class MatchDecided(Answer):
    """What was noted of a candidate, and where the record stands now."""

    match_id: MatchId
    state: MatchState
    record: PersonRecord
    decision: LinkDecision


class LinkForm(Form):
    """A record that is of this person, and why."""

    record_id: RecordId = Field(examples=["0198f0a0-0000-7000-8000-00000000c001"])
    reason: Rationale = Field(examples=["The health visitor knows the child under both names."])


class UnlinkForm(Form):
    """Why a record is not of the person it stands with."""

    reason: Rationale = Field(examples=["They are cousins; the grandmother confirmed it."])


class OpenMatch(Answer):
    """A question about one of somebody's records that nobody has answered."""

    match_id: MatchId
    record_id: RecordId
    raised_at: datetime


class RestrictionForm(Form):
    """Whether only managers may read what is known of a person, and why."""

    restricted: bool = Field(examples=[True])
    reason: Rationale = Field(examples=["The father works in the hub's front office."])


class Restriction(Answer):
    """One line of the history of who may read a person: restricted, or open again."""

    restriction_id: RestrictionId
    person_id: PersonId = Field(description="Whose records they were then.")
    restricted: bool
    record_ids: list[RecordId] = Field(description="The records that were marked, or that lost the mark.")
    reason: str = Field(examples=["The father works in the hub's front office."])
    decided_at: datetime
    decided_by: str = Field(examples=["Priya Nair"])


class PersonDetail(Answer):
    """A person: every record of every referral, under every name."""

    person_id: PersonId
    names: list[NameGiven] = Field(description="Every name in any record, each once.")
    records: list[PersonRecord] = Field(description="The newest first.")
    history: list[LinkDecision] = Field(description="The newest first.")
    open_matches: list[OpenMatch]
    restricted: bool = Field(
        False, description="Only managers may read what is known: names, history and questions are left out."
    )
    restrictions: list[Restriction] = Field([], description="For managers alone; the newest first.")


class RecordLinked(Answer):
    """Where a record stands after it was linked or unlinked."""

    record: PersonRecord
    decision: LinkDecision
