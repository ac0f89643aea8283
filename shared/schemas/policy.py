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
    decides: bool = Field(
        False,
        description=(
            "It reaches as far as the answer in level, pathway, colour or discussion. Where several rules "
            "do, each alone is enough; without the facts of all of them the answer would be another."
        ),
    )


class LocalLevel(Answer):
    """The level of need as the partnership counts and calls it in its own threshold document."""

    step: int = Field(examples=[4])
    name: str = Field(examples=["Child in need"])
    words: str = Field(examples=["Social care assesses with the family what help is needed"])


class RouteCondition(Answer):
    """Something that has to hold before the pathway can be taken. It lowers nothing."""

    code: str = Field(
        description=(
            "`consent_needed`, `consent_refused`, `refused_again`, `open_to_social_care` or "
            "`green_not_final`."
        ),
        examples=["consent_needed"],
    )
    words: str = Field(examples=["Early help is the family's choice: ask them first."])
    until_then: Pathway | None = Field(
        None, description="What is done as long as it does not hold; null: the pathway itself."
    )


class SingleFact(Answer):
    """The one fact that would most change the answer, and what the answer would become."""

    words: str = Field(examples=["If health graded 4: level 4, strategy discussion, Red."])
    level: int | None = Field(description="1 to 4, or null: a person must say.", examples=[4])
    pathway: Pathway | None
    rag: Rag
    discussion: str | None = Field(
        None, description="`same_day` or `recorded`, if one would be called for.", examples=["recorded"]
    )


class RecommendationView(Answer):
    """The policy's view; a named person decides."""

    policy_version: str = Field(examples=["hub-2026-1"])
    level: int | None = Field(
        description="1 to 4, or null: the policy cannot say, a person must.", examples=[3]
    )
    local_level: LocalLevel | None = Field(
        None, description="The same on the partnership's own scale; null where there is no level."
    )
    pathway: Pathway | None
    rag: Rag
    fired: list[FiredRule]
    conditions: list[RouteCondition] = Field(
        [], description="What has to hold before the pathway can be taken, and what else goes with it."
    )
    missing: list[str] = Field(
        description="What is not known, in plain words.", examples=[["health has not answered"]]
    )
    single_fact: SingleFact | None = Field(
        None, description="Null: no single fact that could still come would change the answer."
    )
    provisional: bool = Field(description="A core agency has not answered yet.")
    needs_person: bool = Field(description="A person has to settle something that the policy could not.")
    discussion: str | None = Field(
        None,
        description="A discussion the policy calls for: `same_day` or `recorded`.",
        examples=["Police and manager talk today."],
    )
