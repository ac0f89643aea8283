"""Code lists as data, each with its source and version; a list is read once, when it is imported."""

from shared.codes.indicators import INDICATORS, INDICATORS_VERSION, NOT_CODED, Indicator, split_known
from shared.codes.referral_sources import REFERRAL_SOURCES

__all__ = [
    "INDICATORS",
    "INDICATORS_VERSION",
    "NOT_CODED",
    "REFERRAL_SOURCES",
    "Indicator",
    "split_known",
]
