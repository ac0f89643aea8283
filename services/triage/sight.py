"""Who sees what of a case: pure, so that it can be read and tested row by row.

Blind to grades, never to information: until an agency has graded a child itself, it sees nobody else's
grade, nor anything that leaks one (recommendation, colour, level, version, the order of the work list).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from shared.problems import NotPermitted
from shared.schemas.ids import AgencyId
from shared.schemas.words import Handling, Role

DECIDERS = frozenset({Role.DECISION_MAKER, Role.MANAGER, Role.PRACTICE_AUDITOR})


class View(StrEnum):
    """The three ways to look at a case."""

    ALL = "all"
    ASKED = "asked"
    ROUTED = "routed"


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader sees.

    Attributes:
        agency_id: for an asked agency's reader, the one whose questions and grades are its own.
        stays_blind: of a restricted case an agency sees its own part alone, whatever it graded.
    """

    view: View
    agency_id: AgencyId | None
    stays_blind: bool = False

    def within(self, *, restricted: bool) -> "Sight":
        """Return how the reader looks at one case."""
        return replace(self, stays_blind=restricted)

    def sees_child(self, *, routed_to_early_help: bool) -> bool:
        """Say whether a child of a case it may read is shown at all."""
        return self.view is not View.ROUTED or routed_to_early_help

    @property
    def sees_whole_referral(self) -> bool:
        """Whether all that a referral says is shown, and not only what a coordinator needs."""
        return self.view is not View.ROUTED

    def sees_grades(self, *, own_grade_given: bool) -> bool:
        """Say whether grades, recommendation and decisions of a child are shown."""
        if self.view is View.ASKED:
            return own_grade_given and not self.stays_blind
        return self.view is View.ALL

    def reads_answer(self, owner: AgencyId, handling: Handling | None) -> bool:
        """Say whether the words of an agency's answer are shown."""
        if self.view is View.ALL or owner == self.agency_id:
            return True
        return handling is Handling.FAMILY_MAY_SEE and not self.stays_blind


def sight_of(roles: frozenset[Role], agency_id: AgencyId | None) -> Sight:
    """Return how a member of staff with these roles looks at cases: the widest that any of them gives.

    Raises:
        NotPermitted: none of the roles reads cases.
    """
    if roles & DECIDERS:
        return Sight(View.ALL, agency_id)
    if Role.AGENCY_REPRESENTATIVE in roles:
        return Sight(View.ASKED, agency_id)
    if Role.EARLY_HELP_COORDINATOR in roles:
        return Sight(View.ROUTED, agency_id)
    raise NotPermitted
