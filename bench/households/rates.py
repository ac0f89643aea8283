"""How often each hazard comes: every one has a rate of its own, and at nought it does not come at all."""

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Rates:
    """Shares between 0 and 1; the comment says of what.

    What concerns people is drawn once, when they are invented. What concerns writing is drawn for each row
    that comes in; rows of known persons were written under the same hazards, each `KNOWN_SHARE` as often, and
    lack the NHS number as often.
    """

    # Of births.
    twin: float = 0.03
    close_sibling: float = 0.15
    junior: float = 0.03
    common_name: float = 0.04
    double_barrelled: float = 0.07
    other_father: float = 0.12
    # Of households.
    moved: float = 0.16
    new_occupant: float = 0.6
    same_surname: float = 0.1
    # Of children, and of women who married.
    changed_name: float = 0.07
    adopted: float = 0.012
    # Of children of under a year: known before they were born, or before they had a name.
    unborn: float = 0.4
    # Of rows.
    nickname: float = 0.3
    spelling: float = 0.22
    swapped_names: float = 0.02
    half_name: float = 0.4
    middle_name: float = 0.1
    unnamed_baby: float = 0.3
    typo_given: float = 0.06
    typo_family: float = 0.06
    typo_date: float = 0.025
    day_month: float = 0.03
    default_date: float = 0.02
    typo_address: float = 0.08
    short_address: float = 0.1
    upper_case: float = 0.25
    sibling_nhs: float = 0.012
    wrong_nhs: float = 0.01
    no_nhs: float = 0.4
    no_date: float = 0.04
    no_address: float = 0.07
    no_town: float = 0.12
    no_postcode: float = 0.1
    no_sex: float = 0.1
    no_given: float = 0.01

    def without(self, *names: str) -> "Rates":
        """Return the same rates with some hazards switched off; KeyError where there is no such hazard."""
        known = {each.name for each in fields(self)}
        if unknown := set(names) - known:
            raise KeyError(", ".join(sorted(unknown)))
        return replace(self, **dict.fromkeys(names, 0.0))


#: How much less often a row that is known was miswritten: somebody has looked at it before.
KNOWN_SHARE = 0.4
