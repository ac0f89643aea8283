"""What a sender reads who checks a referral before sending it: words as data, for practitioners to review."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.codes.reading import read_code_list
from shared.schemas.words import Pathway

Words = Annotated[str, Field(min_length=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SafetyWords(_Frozen):
    """What is read before anything else; `{telephone}` is the hub's."""

    danger: Words
    ring_first: Words
    urgent: Words
    if_it_is: Words


class GapQuestions(_Frozen):
    """What a referral would gain most from."""

    narrative: Words
    whereabouts: Words
    voice: Words
    address: Words
    age: Words
    household: Words
    actions_taken: Words
    consent: Words
    grade: Words


class Step(_Frozen):
    """One thing to do now.

    Attributes:
        talks_with_family: left out where the hub is to be rung before the family is told anything.
    """

    words: Words
    talks_with_family: bool = False


class BeforeSending(_Frozen):
    """Everything that a check may say.

    Attributes:
        steps: by the pathway that would probably come of it.
        not_known: the steps where nothing says which pathway that is.
    """

    safety: SafetyWords
    gaps: GapQuestions
    steps: Mapping[Pathway, tuple[Step, ...]]
    not_known: tuple[Step, ...]
    away: Words
    send_anyway: Words


def _read() -> BeforeSending:
    document = read_code_list("before_sending.yaml")
    steps = document["steps"]
    return BeforeSending(
        not_known=steps.pop("not_known"),
        **{key: value for key, value in document.items() if key not in {"version", "source"}},
    )


BEFORE_SENDING: Final = _read()
