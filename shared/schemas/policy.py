"""What the threshold policy says about a child, as it is stored, shown and explained."""

from pydantic import Field

from shared.schemas.shapes import Answer
from shared.schemas.words import Pathway, Rag


class FiredRule(Answer):
    """A rule that spoke for this child, in plain words, with the passage it comes from."""

    rule_id: str
    words: str
    source: str
    level: int | None = None
    pathway: Pathway | None = None
    rag: Rag | None = None
    assumed: bool = Field(
        False, description="It spoke because a fact is missing and the worse case is assumed."
    )


class RecommendationView(Answer):
    """The policy's view; a named person decides."""

    policy_version: str
    level: int | None = Field(description="1 to 4, or null: the policy cannot say, a person must.")
    pathway: Pathway | None
    rag: Rag
    fired: list[FiredRule]
    missing: list[str] = Field(description="What is not known, in plain words.")
    provisional: bool = Field(description="A core agency has not answered yet.")
    needs_person: bool = Field(description="A person has to settle something that the policy could not.")
    discussion: str | None = Field(
        None, description="A discussion the policy calls for: `same_day` or `recorded`."
    )
