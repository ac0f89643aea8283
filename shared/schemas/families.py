"""Finding a family, the family on one page, and what other services are told of a child's links."""

from datetime import datetime
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.schemas.chronology import HistorySourceView
from shared.schemas.ids import AgencyId, ChildId, MatchId, PeopleSearchId, PersonId, RecordId, ReferralId
from shared.schemas.people_index import NameGiven, PersonRecord
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Code, Rationale, ShortText
from shared.schemas.words import LinkState, PersonKind, SearchPurpose


class PeopleSearchForm(Form):
    """Look for a family by anything you know; all that you give must fit."""

    name: ShortText | None = Field(
        None,
        description="Given or family name or both, in any order; however it is spelt, or an alias.",
        examples=["Kathryn Exampel"],
    )
    telephone: Code | None = Field(
        None, description="The whole number, or its last six digits.", examples=["960001"]
    )
    address: ShortText | None = Field(
        None, description="Part of an address: street, town or postcode.", examples=["Test Row, DN1"]
    )
    reference: Code | None = Field(
        None, description="The hub's, the sender's or the force's.", examples=["14/88213/26"]
    )
    purpose: SearchPurpose = Field(description="Why you look; it is kept.", examples=["new_contact"])
    reason: Rationale = Field(
        description="In your own words; kept beside the search.", examples=["Call from the grandmother."]
    )

    @model_validator(mode="after")
    def _looks_for_something(self) -> Self:
        if not any(
            (term or "").strip() for term in (self.name, self.telephone, self.address, self.reference)
        ):
            raise PydanticCustomError(
                "nothing_to_look_for", "Give a name, a telephone number, part of an address or a reference."
            )
        return self


class PersonFound(Answer):
    """A person that a search has found, with the records that fit."""

    person_id: PersonId
    records: list[PersonRecord]


class PeopleFound(Answer):
    """What a search has found, those last heard of first."""

    search_id: PeopleSearchId
    items: list[PersonFound]
    has_more: bool = Field(description="More fit than are shown: say more of whom you look for.")
    sources: list[HistorySourceView] = Field(
        default=[], description="Where was looked, and where not: nobody found is not nobody known."
    )
    restricted_searched: bool = Field(
        False,
        description="Whether restricted records were looked through; only managers look there. Where false,"
        " nobody found is not nobody known.",
    )


class PeopleSearchMade(Answer):
    """That somebody looked for a family: by what, why, and how many were found; never for whom."""

    search_id: PeopleSearchId
    searched_at: datetime
    searched_by: str = Field(examples=["Dana Reid"])
    purpose: SearchPurpose
    reason: str | None = Field(
        description="In their words; null for whoever sees metadata only.",
        examples=["Call from the grandmother."],
    )
    terms: list[str] = Field(
        description="By which terms: name, telephone, address, reference.", examples=[["name"]]
    )
    found_count: int = Field(description="Persons found.", examples=[2])


class Household(Answer):
    """The people of one referral, as another household an adult belongs to."""

    referral_id: ReferralId | None = Field(
        description="Null, with the reference, where somebody there is restricted and you are no manager."
    )
    reference: str | None = Field(examples=["SH-7K3QX9MA-9"])
    received_at: datetime
    records: list[PersonRecord]


class FamilyMember(Answer):
    """Somebody who stands in a referral with the person, under every name."""

    person_id: PersonId
    kind: PersonKind = Field(description="Adult where any referral has them as one.")
    link_state: LinkState = Field(
        description="Provisional where any record of theirs in this family is linked by the machine alone."
    )
    names: list[NameGiven]
    records: list[PersonRecord] = Field(description="Of referrals of this family.")
    other_households: list[Household] = Field(
        description="Of an adult: other referrals they stand in, with everyone there."
    )


class Family(Answer):
    """Everyone who stands in a referral with a person, adults first."""

    person_id: PersonId
    members: list[FamilyMember] = Field(
        description="Of a restricted person everybody but managers is shown that one alone, redacted."
    )


class AdultTie(Answer):
    """By which adult of a referral somebody else belongs to its family."""

    person_id: PersonId
    name: NameGiven = Field(description="As this referral writes it.")
    relationships: list[str] = Field(
        description="What the adult is said to be to the children there.", examples=[["father"]]
    )
    reference: str | None = Field(
        description="Where both stand; null where somebody restricted stands there too.",
        examples=["SH-7K3QX9MA-9"],
    )
    #: False: the machine alone takes the two adults for one. Nothing leaves the hub on it.
    is_confirmed: bool


class OtherChild(Answer):
    """A child known with an adult of a referral, and not in it."""

    person_id: PersonId
    record: PersonRecord = Field(description="The newest that stands with one of the adults.")
    last_heard_at: datetime | None = Field(
        description="When the last contact about the child came; null of one restricted."
    )
    ties: list[AdultTie] = Field(description="Confirmed ones first.")


class OtherChildren(Answer):
    """Children whom the hub knows with the adults of a referral, and who are not in it."""

    items: list[OtherChild] = Field(description="Those heard of last first.")
    #: False: its people have not been held against those known yet, so nobody can be named.
    is_matched: bool
    adults_count: int = Field(
        description="Adults named in the referral: with none, ask who cares for them.", examples=[2]
    )


class LinkedRecord(Answer):
    """Another record of the same person."""

    record_id: RecordId = Field(description="Of a child its `child_id`.")
    kind: PersonKind
    referral_id: ReferralId
    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    agency_id: AgencyId
    received_at: datetime
    #: Confirmed only where a person has confirmed the links on both sides.
    is_confirmed: bool
    #: The record that stands for all that people have confirmed to be one with this one.
    confirmed_as: RecordId | None = None
    #: It counts in full; what it says is for managers.
    is_restricted: bool = False


class RecordStanding(Answer):
    """Somebody in a referral, with whom the index of persons takes them for."""

    record: PersonRecord
    linked: list[LinkedRecord] = Field(
        description="Other records of the same person, the newest first; left out where they are restricted"
        " and you are no manager."
    )
    open_match_ids: list[MatchId] = Field(description="Questions about this record that wait for a person.")


class ReferralPeople(Answer):
    """Everyone in a referral, children first; nobody until they have been held against those known."""

    items: list[RecordStanding]


class ChildLinks(Answer):
    """What triage must know of a child's links: what a person confirmed, and what the machine alone says."""

    child_id: ChildId
    referral_id: ReferralId
    #: None where the child has not been held against those known yet.
    person_id: PersonId | None = None
    link_state: LinkState | None = None
    #: As in `LinkedRecord`; two children are confirmed to be one where it is the same for both.
    confirmed_as: RecordId | None = None
    #: Whether the person is: while any of their records is marked, all are, those linked since as well.
    is_restricted: bool = False
    linked: list[LinkedRecord] = []
    #: Questions that wait for a person: until then the child may be one who is known.
    open_match_ids: list[MatchId] = []
    #: Questions about others who may be this child, that wait as well.
    asked_about_match_ids: list[MatchId] = []


class NamedRecord(LinkedRecord):
    """Another record of somebody, or of somebody whom they may be, with the name it stands under."""

    name: str | None = Field(None, examples=["Maisie Example"])


class OpenQuestion(Answer):
    """A question that waits for a person: whether somebody is one of these."""

    match_id: MatchId
    records: list[NamedRecord] = Field(description="Of those who are asked about; none of them is confirmed.")


class RecordLinks(Answer):
    """Somebody in a referral: their other records, and the questions about who they are."""

    record_id: RecordId
    kind: PersonKind
    name: str | None = Field(None, examples=["Maisie Example"])
    #: As in `LinkedRecord`.
    confirmed_as: RecordId
    linked: list[NamedRecord]
    questions: list[OpenQuestion]
    #: As in `ChildLinks`: only a manager has their referral join another case.
    is_restricted: bool = False


class ReferralLinks(Answer):
    """What triage must know of everyone in a referral, to find the cases that stand beside its own."""

    referral_id: ReferralId
    items: list[RecordLinks] = Field(description="Nobody until they have been held against those known.")
