"""What a case shows of its referrals beside the worry: as sent, and unknown where nothing was said."""

from datetime import date, datetime

from pydantic import Field

from shared.schemas.ids import ReferralId
from shared.schemas.shapes import Answer


class OtherNameView(Answer):
    """Another name someone goes by or went by."""

    given_name: str | None = Field(None, examples=["Masie"])
    family_name: str | None = Field(None, examples=["Sample"])
    kind: str | None = Field(None, examples=["former"])


class SchoolView(Answer):
    """Where a child learns."""

    name: str | None = Field(None, examples=["Example Primary"])
    urn: str | None = Field(None, examples=["100001"])
    year_group: str | None = Field(None, examples=["Year 2"])


class GeneralPracticeView(Answer):
    """The practice a child is registered with."""

    name: str | None = Field(None, examples=["Test Street Surgery"])
    ods_code: str | None = Field(None, examples=["A81001"])


class AllocatedWorkerView(Answer):
    """A social worker or lead practitioner who already has the child."""

    name: str | None = Field(None, examples=["K Brandt"])
    team: str | None = Field(None, examples=["Assessment team 2"])
    telephone: str | None = Field(None, examples=["01632 960555"])


class KnownStatusView(Answer):
    """The child's standing with children's services, as its sender knows it. Unknown is not no."""

    looked_after: bool | None = None
    plan: str | None = Field(None, examples=["child_in_need"])
    placing_authority: str | None = Field(None, examples=["371"])
    private_fostering: bool | None = None
    allocated_worker: AllocatedWorkerView | None = None


class ChildDetails(Answer):
    """What the sender knows of a child beside the worry."""

    other_names: list[OtherNameView] = []
    status: KnownStatusView | None = Field(None, description="Null: the sender said nothing of it.")
    seen_alone: bool | None = None
    seen_at: datetime | None = None
    school: SchoolView | None = None
    gp: GeneralPracticeView | None = None
    first_language: str | None = Field(None, examples=["en"])
    interpreter_needed: bool | None = None
    communication: str | None = Field(None, examples=["Uses Makaton."])
    disabilities: list[str] = Field([], examples=[["NONE"]])
    identity: str | None = Field(None, examples=["Speaks Polish with her grandmother."])


class TakenBack(Answer):
    """What an earlier version said otherwise. It counts in the recommendation until a person decides."""

    fact: str = Field(
        description=(
            "`immediate_danger`, `date_of_birth`, `unborn`, `given_name`, `family_name`, `looked_after`,"
            " `private_fostering` or `plan`."
        ),
        examples=["date_of_birth"],
    )
    said: str = Field(description="What it said.", examples=["2026-06-01"])
    version: int = Field(description="The last version that said it.", examples=[1])
    taken_back_in: int = Field(description="The version that no longer did.", examples=[2])


class ConcernView(Answer):
    """A concern as the sender put it, with the indicator in words."""

    indicator: str | None = Field(examples=["domestic_abuse.child_present"])
    indicator_words: str | None = Field(examples=["Domestic abuse with the child present"])
    narrative: str = Field(examples=["Officers attended; child present throughout."])
    occurred_at: datetime | None
    since_on: date | None = Field(None, description="For what goes on: since when.")
    version: int = Field(1, description="The version of the referral that brought it.", examples=[1])
    taken_back_in: int | None = Field(
        None,
        description="The version that no longer says it; it counts until a person decides.",
        examples=[2],
    )


class AdultView(Answer):
    """An adult of the household or in the child's life, as one referral names them."""

    referral_id: ReferralId | None = Field(None, description="The referral that named this adult.")
    place: int | None = Field(
        None,
        description="Which of its adults, counted from 0: by both, agencies are asked about one.",
        examples=[0],
    )
    given_name: str | None = Field(examples=["Dean"])
    family_name: str | None = Field(examples=["Example"])
    role_in_concern: str = Field(examples=["alleged_perpetrator"])
    safe_to_contact: bool | None
    relationships: list[str] = Field(examples=[["father of Maisie, lives in the household"]])
    other_names: list[OtherNameView] = []
    first_language: str | None = Field(None, examples=["pl"])
    interpreter_needed: bool | None = None
    safe_contact_note: str | None = Field(None, examples=["Text only, before 3pm."])
    worker_safety: str | None = Field(
        None, description="What a worker who visits must know.", examples=["Large dog, loose."]
    )


class OrganisationView(Answer):
    """Where a referrer works."""

    name: str | None = Field(None, examples=["Northtown police station"])
    ods_code: str | None = Field(None, examples=["RX802"])
    urn: str | None = Field(None, examples=["100001"])
    police_force_code: str | None = Field(None, examples=["E23000011"])


class ReferrerView(Answer):
    """Who is worried, and how to reach them."""

    name: str | None = Field(None, examples=["J Okafor"])
    role: str | None = Field(None, examples=["Response officer"])
    organisation: OrganisationView | None = None
    telephone: str | None = Field(None, examples=["0114 496 0000"])
    email: str | None = Field(None, examples=["ppu@force.example"])
    source_code: str | None = Field(None, examples=["6"])
    family_may_know: bool | None = Field(
        None, description="Whether the family may be told who said this. Null: ask first."
    )


class ProfessionalView(Answer):
    """Someone who works with the family and may know more."""

    name: str | None = Field(None, examples=["S Moyo"])
    role: str | None = Field(None, examples=["Health visitor"])
    organisation: str | None = Field(None, examples=["Northshire Health Trust"])
    telephone: str | None = Field(None, examples=["01632 960777"])
    email: str | None = Field(None, examples=["s.moyo@health.example"])
    involvement: str | None = Field(None, examples=["Visits monthly since May."])
    knows_of_referral: bool | None = None


class RiskAssessmentView(Answer):
    """What a domestic abuse risk tool came to; its grade is no level of concern for a child."""

    tool: str | None = Field(None, examples=["dash_2009"])
    tool_version: str | None = Field(None, examples=["2009"])
    score: int | None = Field(None, examples=[15])
    grade: str | None = Field(None, examples=["high"])
    professional_judgement: bool | None = None


class PoliceMattersView(Answer):
    """What only a police notice carries."""

    occurrence_number: str | None = Field(None, examples=["14/88213/26"])
    risk_assessment: RiskAssessmentView | None = None
    police_protection: bool | None = None
    police_protection_began_at: datetime | None = Field(None, description="It lasts 72 hours at most.")
    school_told: bool | None = None


class ContactDetails(Answer):
    """What a referral says beside its children, its adults and its concerns."""

    kind: str | None = Field(None, description="Null: the sender did not say.", examples=["referral"])
    referrer: ReferrerView | None = None
    professionals: list[ProfessionalView] = []
    police: PoliceMattersView | None = None


class ConsentView(Answer):
    """What was asked of the family and what it said. Not asked is not the same as refused."""

    sought: bool | None = None
    given: bool | None = None
    given_by: str | None = Field(None, examples=["Ms T Example, mother"])
    has_parental_responsibility: bool | None = None
    informed_of: list[str] = Field([], examples=[["That the hub was told."]])
    how: str | None = Field(None, examples=["in_person"])
    asked_at: datetime | None = None
    language: str | None = Field(None, examples=["en"])
    interpreter_used: bool | None = None
    child_view: str | None = Field(None, examples=["Wants her nan to know too."])
    not_sought_reason: str | None = Field(None, examples=["risk_of_harm"])
    lawful_basis: str | None = Field(None, examples=["public_task"])
    lawful_basis_reason: str | None = Field(None, examples=["Asking would put the mother at risk."])
    authorised_by: str | None = Field(None, examples=["Sgt A Malik"])


class FamilyToldView(Answer):
    """What the family knows, or why telling it is unsafe."""

    told: bool | None = None
    who: list[str] = Field([], examples=[["mother"]])
    by: str | None = Field(None, examples=["J Okafor"])
    told_at: datetime | None = None
    what: str | None = Field(None, examples=["That the hub will ask school and health."])
    language: str | None = Field(None, examples=["en"])
    interpreter_used: bool | None = None
    reason_not: str | None = Field(None, examples=["It would increase the risk."])
