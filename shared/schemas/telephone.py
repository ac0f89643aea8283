"""A contact by telephone, written down in two minutes: everything else can follow."""

from pydantic import Field

from shared.schemas.ids import AgencyId, HeldCopyId
from shared.schemas.shapes import Form
from shared.schemas.text import Code, Narrative, Rationale, ShortText
from shared.schemas.times import Day


class CallBack(Form):
    """Who rang, and how to reach them without putting anyone at risk."""

    name: ShortText | None = Field(
        None, description="The caller, or nothing if they would not say.", examples=["T Example"]
    )
    role: ShortText | None = Field(
        None, description="Who they are to the child, or what they do.", examples=["Neighbour"]
    )
    telephone: Code | None = Field(None, description="A number to ring back.", examples=["01632 960321"])
    is_safe: bool | None = Field(
        None, description="Whether it is safe to ring it; null where nobody asked.", examples=[True]
    )
    note: ShortText | None = Field(
        None, description="How and when it is safe.", examples=["After six; say it is the library."]
    )


class TelephoneChild(Form):
    """A child as the caller names it."""

    given_name: ShortText | None = Field(None, examples=["Maisie"])
    family_name: ShortText | None = Field(None, examples=["Example"])
    date_of_birth: Day | None = Field(None, examples=["2019-04-02"])
    age_as_said: ShortText | None = Field(
        None, description="Where nobody knows the date.", examples=["about six"]
    )


class TelephoneContactForm(Form):
    """What a caller said, in the caller's words."""

    words: Rationale = Field(
        description="Verbatim: what the caller said.", examples=["He was shouting again and she was crying."]
    )
    immediate_danger: bool = Field(
        False, description="A child is in danger now: 999 comes first.", examples=[False]
    )
    child_now_with: Narrative | None = Field(
        None,
        description="Who is with the child at this moment.",
        examples=["Alone with the mother's partner."],
    )
    call_back: CallBack | None = Field(None, description="How to reach the caller safely.")
    children: tuple[TelephoneChild, ...] = Field(
        (), max_length=20, description="As far as the caller names them."
    )
    address: ShortText | None = Field(
        None, description="Where the family lives, as said.", examples=["12 Test Row, Northtown"]
    )
    source_code: Code | None = Field(None, description="DfE contact source code, 1A to 10.", examples=["1B"])
    agency_id: AgencyId | None = Field(
        None,
        description="The partner agency that rang: it is answered, and asked to follow up in writing.",
        examples=["0198f0a0-0000-7000-8000-000000000001"],
    )
    sender_reference: Code | None = Field(
        None, description="The caller's own reference.", examples=["SYP-2026-114226"]
    )
    held_copy_id: HeldCopyId | None = Field(
        None,
        description="The refused referral that this call takes up.",
        examples=["0198f0a0-0000-7000-8000-00000000f001"],
    )
