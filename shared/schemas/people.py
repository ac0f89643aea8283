"""Names and addresses, and the adults of a referral, as its sender knows them: none is guessed."""

from pydantic import Field

from shared.schemas.shapes import Form
from shared.schemas.text import Code, Narrative, ShortText
from shared.schemas.times import Day
from shared.schemas.words import RoleInConcern

MAX_CHILDREN = 20


class OtherName(Form):
    """Another name someone goes by or went by: histories are often scattered over several."""

    given_name: ShortText | None = Field(
        None, description="The given name, where it differs.", examples=["Masie"]
    )
    family_name: ShortText | None = Field(
        None, description="The family name, where it differs.", examples=["Sample"]
    )
    kind: Code | None = Field(
        None,
        description="`former`, `preferred`, `alias`, `adopted`, `spelling` or your own word.",
        examples=["former"],
    )


class Address(Form):
    """Where someone lives or stays; every part may be left out."""

    lines: tuple[ShortText, ...] = Field(
        (), max_length=5, description="House and street, one line each.", examples=[["1 Test Row"]]
    )
    town: ShortText | None = Field(None, description="Town or village.", examples=["Doncaster"])
    postcode: Code | None = Field(
        None, description="With or without its space; an odd one is kept.", examples=["DN1 1AA"]
    )
    uprn: Code | None = Field(
        None, description="Unique property reference number, up to 12 digits.", examples=["100050000001"]
    )
    is_temporary: bool | None = Field(
        None,
        description="A refuge, a hostel, someone's sofa: not where they live for good.",
        examples=[False],
    )


class Relationship(Form):
    """How an adult is tied to one of the children."""

    child: Code | None = Field(
        None, description="The child's `sender_child_reference`; left out, every child.", examples=["c1"]
    )
    relationship: ShortText | None = Field(
        None, description="What the adult is to the child.", examples=["father"]
    )
    parental_responsibility: bool | None = Field(
        None, description="In law; leave out what you do not know.", examples=[True]
    )
    in_household: bool | None = Field(None, description="Whether they live with the child.", examples=[True])


class ReferredAdult(Form):
    """An adult in the child's life, in the household or outside it."""

    given_name: ShortText | None = Field(None, description="As far as known.", examples=["Dean"])
    family_name: ShortText | None = Field(None, description="As far as known.", examples=["Example"])
    other_names: tuple[OtherName, ...] = Field(
        (), max_length=10, description="Aliases, former names.", examples=[[{"given_name": "Deano"}]]
    )
    date_of_birth: Day | None = Field(None, description="YYYY-MM-DD.", examples=["1990-01-31"])
    telephone: Code | None = Field(
        None, description="See `safe_to_contact` before anyone rings it.", examples=["01632 960001"]
    )
    address: Address | None = Field(
        None, description="Where they live, if known.", examples=[{"postcode": "DN1 1AA"}]
    )
    first_language: Code | None = Field(None, description="Code or word.", examples=["pl"])
    interpreter_needed: bool | None = Field(
        None, description="Whether to speak with them takes an interpreter.", examples=[False]
    )
    role_in_concern: RoleInConcern = Field(
        RoleInConcern.UNKNOWN,
        description="Their part in the worry, as you see it.",
        examples=["alleged_perpetrator"],
    )
    safe_to_contact: bool | None = Field(
        None, description="Whether a call or letter could put anyone at risk.", examples=[False]
    )
    safe_contact_note: ShortText | None = Field(
        None, description="How and when contact is safe.", examples=["Text only, before 3pm."]
    )
    worker_safety: ShortText | None = Field(
        None,
        description="What a worker who visits must know: weapons, dogs, violence to staff.",
        examples=["Large dog, loose."],
    )
    same_as_child: Code | None = Field(
        None,
        description="Where this adult is one of the children too, as a girl who expects a child is: her"
        " `sender_child_reference`. She is considered as a child, and named as the mother.",
        examples=["c1"],
    )
    relationships: tuple[Relationship, ...] = Field(
        (),
        max_length=MAX_CHILDREN,
        description="What they are to each child.",
        examples=[[{"child": "c1", "relationship": "father", "parental_responsibility": True}]],
    )


class Professional(Form):
    """Someone who works with the family and may know more."""

    name: ShortText | None = Field(None, description="Who it is.", examples=["S Moyo"])
    role: ShortText | None = Field(None, description="What they do.", examples=["Health visitor"])
    organisation: ShortText | None = Field(
        None, description="For whom they work.", examples=["Northshire Health Trust"]
    )
    telephone: Code | None = Field(None, description="A work number.", examples=["01632 960777"])
    email: ShortText | None = Field(None, description="A work address.", examples=["s.moyo@health.example"])
    involvement: Narrative | None = Field(
        None, description="Since when, and with whom in the family.", examples=["Visits monthly since May."]
    )
    knows_of_referral: bool | None = Field(
        None, description="Whether they know that you write to the hub.", examples=[True]
    )
