"""The plain code lists: a code and what it means in words; none is ever renamed or given a new meaning."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.codes.reading import read_code_list


def _words_of(name: str) -> Mapping[str, str]:
    """Return the words by code of the list in `name`.yaml, where it stands under its own name."""
    # YAML reads 4 and 10 as numbers; a code is text everywhere in the hub.
    entries = {str(code): words for code, words in read_code_list(f"{name}.yaml")[name].items()}
    return MappingProxyType(entries)


#: DfE ethnicity codes.
ETHNICITIES: Final = _words_of("ethnicities")
#: DfE disability codes; `NONE` stands alone.
DISABILITIES: Final = _words_of("disabilities")
#: Which of what a family has to hear was said before it answered.
INFORMED_OF: Final = _words_of("informed_of")
#: The councils of England by their three-digit number.
LOCAL_AUTHORITIES: Final = _words_of("local_authorities")
#: What kind of name another name is.
NAME_KINDS: Final = _words_of("name_kinds")
#: The plan a child is on.
PLAN_KINDS: Final = _words_of("plan_kinds")
#: Police forces by the code of their area.
POLICE_FORCES: Final = _words_of("police_forces")
#: DfE codes of who a contact came from, 1A to 10.
REFERRAL_SOURCES: Final = _words_of("referral_sources")
#: How a family was asked.
WAYS_OF_ASKING: Final = _words_of("ways_of_asking")
