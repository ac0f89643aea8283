"""What a decision records beside level and pathway; all of it may be left out, and what is left out shows."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from shared.schemas.ids import AgencyId
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Narrative, Rationale, ShortText, says_something
from shared.schemas.words import Sector

#: The key of one heading of the frame for a risk analysis.
FrameKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=60)]
Plan = Literal["none", "early_help", "child_in_need", "child_protection"]


class FramePart(Form):
    """One heading of the frame in which risk is analysed; a deployment has its own."""

    key: FrameKey = Field(examples=["worried_about"])
    heading: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        examples=["What are we worried about?"]
    )


class RiskPart(Form):
    """What was said under one heading of the frame."""

    key: FrameKey = Field(description="A key of the hub's frame.", examples=["worried_about"])
    text: Rationale = Field(examples=["He has come back to the house twice since the order."])


class RiskPartView(Answer):
    """One heading as it was called when the decision was made, and what was said under it."""

    key: str = Field(examples=["worried_about"])
    heading: str = Field(examples=["What are we worried about?"])
    text: str | None = Field(
        description="Null: nothing was said.", examples=["He has come back to the house twice."]
    )


class ChildStatus(Form):
    """Where the child stands with children's services, as the decider found out. Null is not known."""

    looked_after: bool | None = None
    plan: Plan | None = Field(None, description="The plan now.", examples=["child_in_need"])
    previous_plan: bool | None = Field(
        None, description="Whether there was a plan, or time in care, before now.", examples=[False]
    )
    placing_authority: ShortText | None = Field(None, examples=["Doncaster"])
    private_fostering: bool | None = None
    cpis_flag: bool | None = Field(None, description="Whether CP-IS, the NHS alert, is flagged.")
    allocated_worker: ShortText | None = Field(None, examples=["K Brandt, Assessment team 2"])
    looked_up_in: ShortText | None = Field(
        None, description="Where this was looked up.", examples=["The council's case system, 10:40"]
    )


class Consulted(Form):
    """Somebody whom the decider asked."""

    who: ShortText = Field(examples=["Ms Lowe, head teacher"])
    said: Narrative | None = Field(None, examples=["She has not been in since Tuesday."])


class FamilyTold(Form):
    """What one parent or child was told of the decision, or why telling them is unsafe."""

    who: ShortText = Field(examples=["Mother"])
    told: bool
    what: Narrative | None = Field(None, examples=["That a social worker will ring today."])
    by: ShortText | None = Field(None, description="Who told them.", examples=["Dana Reid"])
    language: ShortText | None = Field(None, examples=["Polish"])
    interpreter: ShortText | None = Field(None, examples=["A Nowak, by telephone"])
    why_not: Narrative | None = Field(
        None, description="Required where they were not told.", examples=["He would know who rang."]
    )

    @model_validator(mode="after")
    def _says_why_not(self) -> Self:
        if not self.told and not says_something(self.why_not):
            raise PydanticCustomError("why_not_required", "Say why it is not safe, or not yet done.")
        return self


class NotAnswered(Answer):
    """Who was asked about the child and had not answered when it was decided."""

    agency_id: AgencyId
    sector: Sector | None = Field(description="The core sector it was asked for, if any.")


#: No decision needs more of any list than this.
Consultations = Annotated[list[Consulted], Field(max_length=20)]
Tellings = Annotated[list[FamilyTold], Field(max_length=20)]
RiskParts = Annotated[list[RiskPart], Field(max_length=20)]


class DecisionRecord(Form):
    """What a decider writes down beside the decision itself."""

    risk_analysis: RiskParts | None = Field(
        None, description="Under the headings of the hub's own frame; see its configuration."
    )
    child_voice: Narrative | None = Field(
        None, description="What the child says or shows, in its own words.", examples=["I want to stay here."]
    )
    identity: Narrative | None = Field(
        None,
        description="What of the child's identity and culture matters for this.",
        examples=["Speaks Polish with her grandmother, who cares for her after school."],
    )
    child_status: ChildStatus | None = None
    consulted: Consultations | None = None
    family_told: Tellings | None = Field(
        None, description="Each parent and child: what they were told, or why telling them is unsafe."
    )
    proceed_now_reason: Rationale | None = Field(
        None,
        description="Urgent: why it is handed over now, while the checks still run. A late answer that would"
        " have changed the recommendation brings the child back.",
        examples=["She cannot go home tonight."],
    )
