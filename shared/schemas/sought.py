"""By what somebody is looked for in records that are not the hub's."""

from datetime import date

from pydantic import Field

from shared.schemas.shapes import Answer
from shared.schemas.words import Sex


class SoughtName(Answer):
    """A name that somebody is or was known by."""

    given_name: str | None = Field(None, examples=["Maisie"])
    family_name: str | None = Field(None, examples=["Example"])


class SoughtPerson(Answer):
    """By what an asked agency finds somebody in its own records: as far as the contact says, and no further.

    Numbers go to those whose records are kept by them. Where somebody stays for a while is left out: a refuge
    is no way to find anybody, and the fewer know of it the better.
    """

    names: list[SoughtName] = Field(description="The one they go by first.")
    date_of_birth: date | None = Field(None, examples=["2019-05-24"])
    expected_date_of_birth: date | None = Field(None, description="Of an unborn child.")
    sex: Sex | None = None
    address: str | None = Field(None, description="In one line.", examples=["1 Test Row, Doncaster, DN1 1AA"])
    nhs_number: str | None = Field(
        None, description="As written, without spaces; for health and social care.", examples=["9991234500"]
    )
    upn: str | None = Field(
        None, description="Unique pupil number; for education and social care.", examples=["P000000000001"]
    )
    school: str | None = Field(
        None, description="For education, health and social care.", examples=["Example Primary"]
    )
    practice: str | None = Field(
        None, description="Where they are registered with a GP; for health.", examples=["Test Street Surgery"]
    )
