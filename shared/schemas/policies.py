"""The life of a threshold policy: submitted, tried on past cases, approved by a second person, in force."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from shared.schemas.ids import AgencyId, CaseId, ChildId, PolicyReplayId, PolicySubmissionId
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale, storable
from shared.schemas.words import Pathway, Rag, Sector

#: A whole policy as YAML; the hub's own has some 25,000 characters.
PolicyText = Annotated[str, StringConstraints(min_length=1, max_length=300_000), AfterValidator(storable)]


class SubmissionState(StrEnum):
    """Where a submitted policy stands."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class PolicyStanding(StrEnum):
    """Where a version of the policy stands now."""

    IN_FORCE = "in_force"
    PAST = "past"
    SUBMITTED = "submitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReplayState(StrEnum):
    """How far a replay is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


class Moved(StrEnum):
    """Which way a child moves; down as soon as anything falls, since that is what must be looked at."""

    UP = "up"
    DOWN = "down"


class PolicyForm(Form):
    """A threshold policy to put before a second person."""

    document: PolicyText = Field(
        description="The whole policy as YAML text. `version` in it must be new.",
        examples=["version: northshire-2026-2\ntitle: ..."],
    )
    note: Rationale = Field(
        description="What changes and why, for whoever approves it.",
        examples=["Level 3 from two contacts on, as the partnership agreed in October."],
    )


class PolicyApprovalForm(Form):
    """What the second person says of a submitted policy."""

    approved: bool = Field(description="true publishes it at once; false ends this submission.")
    reason: Rationale = Field(examples=["The replay moves eleven children up and none down."])


class PolicyWithdrawalForm(Form):
    """Why whoever submitted a policy takes it back."""

    reason: Rationale = Field(examples=["A rule on pre-birth worries is missing."])


class ReplayForm(Form):
    """Over which past children a policy is tried."""

    since: date | None = Field(
        None,
        # A date in JSON is a text; strict forms read it from one.
        description="Only children whose contact arrived on or after this London date; left out: all.",
        examples=["2026-01-01"],
    )


class SubmissionView(Answer):
    """Who put a policy forward, and what was said of it."""

    submission_id: PolicySubmissionId
    state: SubmissionState
    note: str = Field(examples=["Level 3 from two contacts on."])
    submitted_by: str = Field(examples=["Priya Nair"])
    submitted_at: datetime
    decided_by: str | None = Field(None, description="Or withdrawn by.", examples=["Marcus Bell"])
    decided_at: datetime | None = None
    reason: str | None = Field(None, examples=["The replay moves none down."])
    in_force_from: datetime | None = None
    row_version: int = Field(description="What `If-Match` must name in the answer to it.", examples=[1])
    is_yours: bool = Field(description="You submitted it, so another person must approve it.")


class PolicyLine(Answer):
    """A version of the policy, and where it stands."""

    version: str = Field(examples=["northshire-2026-2"])
    title: str = Field(examples=["Threshold policy of Northshire"])
    standing: PolicyStanding
    published_at: datetime | None = Field(None, description="It was in force from then on.")
    published_by: str | None = Field(None, examples=["Priya Nair, approved by Marcus Bell"])
    submission: SubmissionView | None = Field(
        None, description="The newest of this version; null: it came with the hub."
    )


class LevelView(Answer):
    """One step of the policy's own scale."""

    step: int = Field(description="As the partnership counts.", examples=[4])
    name: str = Field(examples=["Child in need"])
    words: str = Field(examples=["Social care assesses what help is needed"])
    level: int = Field(description="The hub's own level, 1 to 4, that it counts as.", examples=[3])
    pathway: Pathway


class WhenView(Answer):
    """A condition in words; with `parts`, it says how many of them must hold."""

    words: str = Field(examples=["one of these"])
    parts: list["WhenView"] = []


class RuleView(Answer):
    """One rule: when it speaks, what follows, and the examples that prove it."""

    rule_id: str = Field(examples=["grade-five"])
    words: str = Field(examples=["An agency gives its highest grade, 5."])
    source: str = Field(examples=["Threshold document, section 4"])
    when: WhenView
    then: list[str] = Field(examples=[["level 4 (Specialist) or higher", "Red"]])
    speaks_for: list[str] = Field(description="Children for whom it must speak.", examples=[["aged 6"]])
    silent_for: list[str] = Field(description="Children for whom it must not.", examples=[["aged 9"]])


class FloorView(Answer):
    """What no policy may go below; the hub checks it before any is published."""

    words: str = Field(examples=["a child in immediate danger"])
    least: list[str] = Field(examples=[["level 4 or higher", "Red"]])


class PolicyView(PolicyLine):
    """A policy as tables, and its text."""

    source: str = Field(examples=["Northshire threshold document, October 2026"])
    approved_by: str | None = Field(description="As the text itself says.", examples=["Partnership board"])
    levels: list[LevelView]
    core_sectors: list[Sector] = Field(
        description="Without an answer from each of these a recommendation is provisional."
    )
    rules: list[RuleView]
    floors: list[FloorView]
    document: str = Field(
        description="The YAML text as it was submitted or published.",
        examples=["version: northshire-2026-2\ntitle: ..."],
    )


class ReplaySum(Answer):
    """How many of some children would move."""

    key: str = Field(description="An agency's id, a level (0: none) or a locality.", examples=["DN1"])
    children: int = Field(examples=[1204])
    up: int = Field(examples=[180])
    down: int = Field(examples=[11])


class ReplayView(Answer):
    """A trial of a policy over past children: how far it is, and who would move."""

    replay_id: PolicyReplayId
    version: str = Field(description="The policy tried.", examples=["northshire-2026-2"])
    against: str = Field(description="The policy in force, over the same facts.", examples=["hub-2026-3"])
    state: ReplayState
    since: date | None
    asked_by: str = Field(examples=["Priya Nair"])
    asked_at: datetime
    finished_at: datetime | None
    total: int = Field(description="Children to go through, counted when it was asked for.", examples=[4210])
    done: int = Field(examples=[4210])
    not_read: int = Field(
        description="Children whose stored facts are of a form that cannot be read now.", examples=[0]
    )
    up: int = Field(examples=[214])
    down: int = Field(examples=[31])
    by_agency: list[ReplaySum] = Field(description="By who sent the contact.")
    by_level: list[ReplaySum] = Field(description="By the level of the policy in force; 0: none.")
    by_locality: list[ReplaySum] = Field(description="By postcode district or town; never nearer.")


class ReplayedAnswer(Answer):
    """What a policy says of a child, in short."""

    level: int | None = Field(examples=[3])
    pathway: Pathway | None
    rag: Rag
    discussion: str | None = Field(None, examples=["recorded"])


class ReplayedChild(Answer):
    """A child who would move, by what names nobody."""

    child_id: ChildId
    case_id: CaseId
    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    agency_id: AgencyId = Field(description="Who sent the contact.")
    locality: str = Field(description="Postcode district or town.", examples=["DN1"])
    moved: Moved
    before: ReplayedAnswer
    after: ReplayedAnswer
