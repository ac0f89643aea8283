"""Who a contact came from, as the statutory returns code it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.codes.reading import read_code_list

#: Words by code, 1A to 10. YAML reads 4 and 10 as numbers; a code is text everywhere in the hub.
REFERRAL_SOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {str(code): words for code, words in read_code_list("referral_sources.yaml")["referral_sources"].items()}
)
