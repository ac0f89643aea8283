"""The two kinds of data: a form that comes in is read strictly, an answer that goes out may grow."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")


class Form(BaseModel):
    """What someone sends us: strict types, and a field we do not know is refused, never ignored."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Answer(BaseModel):
    """What we say: readers ignore fields they do not know, so that one side can be upgraded first."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Page(Answer, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = Field(
        description="Pass it as `after` (or `cursor`) to read on. Opaque: do not take it apart.",
        examples=["WyJvdXRjb21lcyIsNDJd"],
    )
    has_more: bool = Field(description="Whether another page is there to be read now.")


class ProblemError(Answer):
    """One thing that is wrong with what was sent; the value itself is never repeated."""

    pointer: str | None = Field(
        None, description="Where in the body, as a JSON pointer.", examples=["#/children/0"]
    )
    parameter: str | None = Field(
        None, description="Which path or query parameter or header.", examples=["limit"]
    )
    code: str = Field(
        description="Stable: program against this, not against the sentence.", examples=["missing"]
    )
    detail: str = Field(description="What is wrong, for a person.", examples=["This is required."])


class ProblemAnswer(Answer):
    """RFC 9457 problem details, sent as `application/problem+json`."""

    type: str = Field(examples=["urn:safeguarding-hub:problem:invalid"])
    title: str = Field(examples=["Not acceptable"])
    status: int = Field(examples=[422])
    code: str = Field(description="Stable: program against this.", examples=["invalid"])
    detail: str = Field(examples=["Some fields are not acceptable; see errors."])
    request_id: str = Field(
        description="Quote it when you ask the hub for help.",
        examples=["0198f0a0-1c2d-7000-8000-3e4f5a6b7c8d"],
    )
    advice: str | None = Field(
        None,
        description="Where a child may be in danger: what to do now, and whether the hub has kept what you"
        " sent. Show it to whoever is at the screen.",
        examples=["The hub has kept what you sent and staff will see it. Put it right and send it again."],
    )
    errors: list[ProblemError] = []
