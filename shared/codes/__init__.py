"""Code lists as data, each with its source and version; a list is read once, when it is imported."""

from shared.codes.indicators import (
    INDICATORS,
    INDICATORS_VERSION,
    LEFT_TO_PERSONS,
    NOT_CODED,
    Indicator,
    split_known,
)
from shared.codes.lists import (
    DISABILITIES,
    ETHNICITIES,
    INFORMED_OF,
    LOCAL_AUTHORITIES,
    NAME_KINDS,
    PLAN_KINDS,
    POLICE_FORCES,
    REFERRAL_SOURCES,
    WAYS_OF_ASKING,
)
from shared.codes.risk_tools import RISK_GRADES, RISK_TOOLS

__all__ = [
    "DISABILITIES",
    "ETHNICITIES",
    "INDICATORS",
    "INDICATORS_VERSION",
    "INFORMED_OF",
    "LEFT_TO_PERSONS",
    "LOCAL_AUTHORITIES",
    "NAME_KINDS",
    "NOT_CODED",
    "PLAN_KINDS",
    "POLICE_FORCES",
    "REFERRAL_SOURCES",
    "RISK_GRADES",
    "RISK_TOOLS",
    "WAYS_OF_ASKING",
    "Indicator",
    "split_known",
]
