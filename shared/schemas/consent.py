"""What the family was asked and told, as facts: not asked is not refused, and asked is not informed."""

from pydantic import Field

from shared.schemas.shapes import Form
from shared.schemas.text import Code, Narrative, ShortText
from shared.schemas.times import Instant
from shared.schemas.words import LawfulBasis, NotSoughtReason


class Consent(Form):
    """What was asked of the family and what they said. Not asked is not the same as refused."""

    sought: bool | None = Field(None, description="Whether anyone was asked.", examples=[True])
    given: bool | None = Field(
        None,
        description="What they said: false is a refusal. Leave out where nobody was asked.",
        examples=[True],
    )
    given_by: ShortText | None = Field(None, description="Who was asked.", examples=["Ms T Example, mother"])
    has_parental_responsibility: bool | None = Field(
        None, description="Whether that person has parental responsibility.", examples=[True]
    )
    informed_of: tuple[ShortText, ...] = Field(
        (),
        max_length=20,
        description=(
            "What was explained before they answered: `purpose`, `agencies_asked`, `what_is_shared`,"
            " `right_to_refuse`, or your own words."
        ),
        examples=[["purpose", "agencies_asked", "what_is_shared", "right_to_refuse"]],
    )
    how: Code | None = Field(
        None,
        description="`in_person`, `by_telephone`, `in_writing` or your own word.",
        examples=["in_person"],
    )
    asked_at: Instant | None = Field(None, description="When.", examples=["2026-11-20T15:10:00Z"])
    language: Code | None = Field(None, description="In which language, code or word.", examples=["en"])
    interpreter_used: bool | None = Field(
        None, description="Whether an interpreter took part, and not a child of the family.", examples=[False]
    )
    child_view: Narrative | None = Field(
        None, description="What the child thinks of telling the hub.", examples=["Wants her nan to know too."]
    )
    not_sought_reason: NotSoughtReason | None = Field(
        None, description="Why nobody was asked.", examples=["risk_of_harm"]
    )
    lawful_basis: LawfulBasis | None = Field(
        None, description="The ground on which you share this.", examples=["public_task"]
    )
    lawful_basis_reason: Narrative | None = Field(
        None,
        description="Why that ground holds here, in a sentence.",
        examples=["Asking would put the mother at risk tonight."],
    )
    authorised_by: ShortText | None = Field(
        None, description="Who decided to share without consent.", examples=["Sgt A Malik"]
    )


class FamilyTold(Form):
    """What the family knows of this referral, or why telling them is unsafe."""

    told: bool | None = Field(None, description="Whether anyone in the family knows of it.", examples=[False])
    who: tuple[ShortText, ...] = Field(
        (), max_length=20, description="Each person who was told.", examples=[["mother"]]
    )
    by: ShortText | None = Field(None, description="Who told them.", examples=["J Okafor"])
    told_at: Instant | None = Field(None, description="When.", examples=["2026-11-20T23:10:00Z"])
    what: Narrative | None = Field(
        None, description="What they were told.", examples=["That the hub will ask school and health."]
    )
    language: Code | None = Field(None, description="In which language, code or word.", examples=["en"])
    interpreter_used: bool | None = Field(
        None, description="Whether an interpreter took part, and not a child of the family.", examples=[False]
    )
    reason_not: Narrative | None = Field(
        None, description="Why they were not told.", examples=["It would increase the risk."]
    )
