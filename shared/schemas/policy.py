"""What the threshold policy says about a child, as it is stored, shown and explained."""

from pydantic import Field

from shared.schemas.shapes import Answer
from shared.schemas.words import Pathway, Rag


class FiredRule(Answer):
    """A rule that spoke for this child, in plain words, with the passage it comes from."""

    rule_id: str = Field(examples=["grade-five"])
    words: str = Field(examples=["An agency gave grade 5."])
    source: str = Field(examples=["Threshold document, section 4"])
    level: int | None = Field(None, examples=[3])
    pathway: Pathway | None = None
    rag: Rag | None = None
    assumed: bool = Field(
        False, description="It spoke because a fact is missing and the worse case is assumed."
    )


class RecommendationView(Answer):
    """The policy's view; a named person decides."""

    policy_version: str = Field(examples=["hub-2026-1"])
    level: int | None = Field(
        description="1 to 4, or null: the policy cannot say, a person must.", examples=[3]
    )
    pathway: Pathway | None
    rag: Rag
    fired: list[FiredRule]
    missing: list[str] = Field(
        description="What is not known, in plain words.", examples=[["health has not answered"]]
    )
    provisional: bool = Field(description="A core agency has not answered yet.")
    needs_person: bool = Field(description="A person has to settle something that the policy could not.")
    discussion: str | None = Field(
        None,
        description="A discussion the policy calls for: `same_day` or `recorded`.",
        examples=["Police and manager talk today."],
    )
