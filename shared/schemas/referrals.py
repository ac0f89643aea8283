"""A referral as an agency sends it: very little is required, because a child outranks a tidy field."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.schemas.children import ReferredChild
from shared.schemas.consent import Consent, FamilyTold
from shared.schemas.ids import CheckReceiptId
from shared.schemas.people import MAX_CHILDREN, Professional, ReferredAdult
from shared.schemas.shapes import Form
from shared.schemas.text import Code, Narrative, Rationale, ShortText
from shared.schemas.times import Day, Instant
from shared.schemas.words import ReferralKind


class Organisation(Form):
    """Where the referrer works, beside the agency that the token names."""

    name: ShortText | None = Field(
        None, description="As people call it.", examples=["Northtown police station"]
    )
    ods_code: Code | None = Field(
        None, description="Organisation code in the health service.", examples=["RX802"]
    )
    urn: Code | None = Field(None, description="For a school: its 6-digit reference.", examples=["100001"])
    police_force_code: Code | None = Field(
        None, description="For a force: the code of its area.", examples=["E23000011"]
    )


class Referrer(Form):
    """Who is worried: a name or a role, so that the hub can ring back."""

    name: ShortText | None = Field(None, description="Who wrote this.", examples=["J Okafor"])
    role: ShortText | None = Field(None, description="What they do.", examples=["Response officer"])
    organisation: Organisation | None = Field(
        None, description="Their place of work.", examples=[{"name": "Northtown police station"}]
    )
    telephone: Code | None = Field(None, description="A number the hub may ring.", examples=["0114 496 0000"])
    email: ShortText | None = Field(
        None,
        description="A work address, better one of a role than of a person.",
        examples=["ppu@force.example"],
    )
    safe_to_ring: bool | None = Field(
        None, description="Whether it is safe to ring it; leave out where nobody asked.", examples=[True]
    )
    ringing_note: ShortText | None = Field(
        None, description="How and when it is safe.", examples=["After six; say it is the library."]
    )
    source_code: Code | None = Field(None, description="DfE contact source code, 1A to 10.", examples=["6"])
    family_may_know: bool | None = Field(
        None, description="Whether the family may be told who said this.", examples=[True]
    )


class ConcernFields(Form):
    """What a concern carries beside its words."""

    indicator: Code | None = Field(
        None,
        description="One of the hub's indicator codes. An unknown code is accepted and goes to a person.",
        examples=["domestic_abuse.child_present"],
    )
    children: tuple[Code, ...] = Field(
        (),
        max_length=MAX_CHILDREN,
        description="`sender_child_reference` of each child it is about; none = all.",
        examples=[["c1"]],
    )
    occurred_at: Instant | None = Field(
        None, description="When it happened, for a single event.", examples=["2026-11-20T22:40:00Z"]
    )
    since_on: Day | None = Field(
        None, description="For what goes on: since when, as far as known.", examples=["2026-09-01"]
    )


class Concern(ConcernFields):
    """What happened or what is feared."""

    narrative: Rationale = Field(
        description="In your own words, what you saw, heard or were told.",
        examples=["Officers attended; child present throughout."],
    )


class DraftConcern(ConcernFields):
    """A concern that is still being written."""

    narrative: Narrative | None = Field(
        None, description="As far as it is written.", examples=["Officers attended."]
    )


class RiskAssessment(Form):
    """What a domestic abuse risk tool came to. The hub keeps its result, never its questions."""

    tool: Code | None = Field(
        None, description="`dash_2009`, `dash_ric` or the name of yours.", examples=["dash_2009"]
    )
    tool_version: Code | None = Field(None, description="Which edition.", examples=["2009"])
    score: int | None = Field(
        None, ge=0, le=1000, description="How many questions were answered yes.", examples=[15]
    )
    grade: Code | None = Field(None, description="`standard`, `medium` or `high`.", examples=["high"])
    professional_judgement: bool | None = Field(
        None, description="Whether the grade rests on judgement rather than on the score.", examples=[False]
    )


class PoliceMatters(Form):
    """What only a police notice carries."""

    occurrence_number: Code | None = Field(
        None, description="The force's number for the occurrence.", examples=["14/88213/26"]
    )
    risk_assessment: RiskAssessment | None = Field(
        None,
        description="The domestic abuse risk assessment, if one was made.",
        examples=[{"tool": "dash_2009", "score": 15, "grade": "high"}],
    )
    police_protection: bool | None = Field(
        None, description="Whether a child was taken into police protection.", examples=[False]
    )
    police_protection_began_at: Instant | None = Field(
        None, description="When; it lasts 72 hours at most.", examples=["2026-11-20T23:05:00Z"]
    )
    school_told: bool | None = Field(
        None, description="Whether the force has told the school of the incident.", examples=[True]
    )


class ReferralFields(Form):
    """What a referral may say; how much of it must be there depends on what it is for."""

    sender_reference: Code | None = Field(
        None,
        description="Your own reference: the hub's second guard against sending twice.",
        examples=["SYP-2026-114226"],
    )
    kind: ReferralKind | None = Field(
        None,
        description="`referral` asks the hub to act, `enquiry` asks for advice. Needed unless in danger.",
        examples=["referral"],
    )
    immediate_danger: bool = Field(
        False,
        description="A child is in danger now. Ring 999 first; the hub never refuses these for detail.",
        examples=[False],
    )
    referrer: Referrer | None = Field(
        None,
        description="Who is worried. A name or a role is needed unless in danger.",
        examples=[{"name": "J Okafor", "role": "Response officer"}],
    )
    children: tuple[ReferredChild, ...] = Field(
        (),
        max_length=MAX_CHILDREN,
        description="Every child you are worried about. One is needed unless in danger.",
        examples=[[{"sender_child_reference": "c1", "given_name": "Maisie"}]],
    )
    adults: tuple[ReferredAdult, ...] = Field(
        (),
        max_length=40,
        description="The household and any other adult who matters.",
        examples=[[{"given_name": "Dean", "role_in_concern": "alleged_perpetrator"}]],
    )
    professionals: tuple[Professional, ...] = Field(
        (),
        max_length=40,
        description="Who else works with the family.",
        examples=[[{"name": "S Moyo", "role": "Health visitor"}]],
    )
    police: PoliceMatters | None = Field(
        None, description="For police notices.", examples=[{"occurrence_number": "14/88213/26"}]
    )
    consent: Consent | None = Field(
        None, description="What the family was asked and said.", examples=[{"sought": True, "given": True}]
    )
    family_told: FamilyTold | None = Field(
        None, description="What the family knows of this.", examples=[{"told": True, "who": ["mother"]}]
    )
    actions_taken: Narrative | None = Field(
        None,
        description="What you have done already, and what you will do next.",
        examples=["The house was made safe for the night."],
    )
    check_receipt_id: CheckReceiptId | None = Field(
        None,
        description="The receipt of a check you made before sending, if you made one.",
        examples=["0198f0a0-0000-7000-8000-00000000d001"],
    )


def what_is_needed(form: ReferralFields) -> dict[str, str]:
    """Return what is missing without which a referral is not one, in words by JSON pointer.

    A child in danger needs none of it: then the words about the worry are enough.
    """
    needed: dict[str, str] = {}
    if form.kind is None:
        needed["#/kind"] = "Say whether this is a referral or an enquiry."
    if form.referrer is None:
        needed["#/referrer"] = "Say who is worried: a name or a role."
    elif not (form.referrer.name or "").strip() and not (form.referrer.role or "").strip():
        needed["#/referrer/name"] = "Give the referrer's name or role."
    if not form.children:
        needed["#/children"] = "Name at least one child; its fields may be empty."
    return needed


class ReferralIn(ReferralFields):
    """A worry about one or more children, as complete as you can make it now."""

    concerns: tuple[Concern, ...] = Field(
        max_length=50,
        min_length=1,
        description="What happened or is feared; one with your own words is always needed.",
        examples=[[{"indicator": "neglect.early", "narrative": "No breakfast on twelve of twenty days."}]],
    )

    @model_validator(mode="after")
    def _enough_to_act_on(self) -> Self:
        if not self.immediate_danger and (missing := what_is_needed(self)):
            raise PydanticCustomError("not_enough", "Too little to act on.", {"missing": missing})
        return self


class ReferralDraft(ReferralFields):
    """A referral that is still being written; nothing in it is needed yet."""

    concerns: tuple[DraftConcern, ...] = Field(
        (),
        max_length=50,
        description="What happened or is feared, as far as it is written.",
        examples=[[{"indicator": "neglect.early"}]],
    )
