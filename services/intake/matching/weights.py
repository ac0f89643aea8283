"""The versioned document of weights: how often each level is seen, by whom the other may be."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.intake.matching.levels import LEVELS

Share = Annotated[float, Field(gt=0, le=1)]
Tables = dict[str, dict[str, Share]]
#: What scores unless a deployment has weights of its own. Earlier versions stay, for stored scores.
SHIPPED: Final = "hub-2026-3"
#: Levels that came later than the first weights, and what those weights take them for.
_LATER: Final = {
    ("given", "alike"): "different",
    ("given", "unnamed"): "initial",
    ("birth", "babies_same"): "same",
    ("birth", "babies_due"): "due",
    ("birth", "baby"): "due_roughly",
    ("birth", "no_baby"): "different",
}


class Classes(BaseModel):
    """Who the other may be: the share of each level, by evidence.

    `swapped` of a family name is asked only where the given name is swapped too, so it is 1 in all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    same: Tables
    stranger: Tables
    relative: Tables
    twin: Tables


class Weights(BaseModel):
    """A version of the weights. Stored scores name it; a version that was used is never edited.

    Attributes:
        match_share: how many descriptions of the same person are known, for one who comes.
        relatives: how many known persons live, or lived, with one who comes.
        twins: how many of those are a twin.
        fellows: the share of people among whom one's own names are common. Given and family names go together
            by language and faith, so that two that agree say less than the one and the other alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(min_length=1, max_length=60)
    source: str
    match_share: float = Field(gt=0, le=100)
    relatives: float = Field(ge=0, le=100)
    twins: float = Field(ge=0, le=10)
    fellows: float = Field(gt=0, le=1)
    classes: Classes

    @model_validator(mode="before")
    @classmethod
    def _takes_earlier_weights(cls, told: Any) -> Any:
        for tables in _tables_in(told):
            for (evidence, level), instead in _LATER.items():
                levels = tables.get(evidence)
                if isinstance(levels, dict) and instead in levels:
                    levels.setdefault(level, levels[instead])
        return told

    @model_validator(mode="after")
    def _has_every_level(self) -> "Weights":
        for name, tables in dict(self.classes).items():
            for evidence, levels in LEVELS.items():
                if set(tables.get(evidence, ())) != set(levels):
                    raise ValueError(f"{name}: {evidence} must have just these levels: {', '.join(levels)}")
        return self


def _tables_in(told: Any) -> list[dict[str, Any]]:
    classes = told.get("classes") if isinstance(told, dict) else None
    return [each for each in classes.values() if isinstance(each, dict)] if isinstance(classes, dict) else []


def read_weights(text: str) -> Weights:
    """Return the weights that a YAML document holds.

    Raises:
        ValueError: it is no such document (a pydantic ValidationError is one).
    """
    try:
        return Weights.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as fault:
        raise ValueError("not YAML") from fault


def write_weights(weights: Weights) -> str:
    """Return the document of weights, as `read_weights` reads it."""
    told: dict[str, Any] = weights.model_dump()
    for tables in told["classes"].values():
        for levels in tables.values():
            levels.update({level: float(f"{share:.6g}") for level, share in levels.items()})
    return yaml.safe_dump(told, sort_keys=False, width=110, default_flow_style=None)


@cache
def shipped_weights(version: str = SHIPPED) -> Weights:
    """Return a version of the weights that the hub comes with; those of today unless told otherwise.

    Raises:
        FileNotFoundError: the hub never came with such a version.
    """
    return read_weights(
        files("services.intake.matching").joinpath(f"data/{version}.yaml").read_text(encoding="utf-8")
    )


def weights_from(path: Path) -> Weights:
    """Return the weights of a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it holds no weights.
    """
    return read_weights(path.read_text(encoding="utf-8"))
