"""Findings about who each child is: names, numbers, codes, and whether one child stands here twice."""

import re
from collections import Counter
from collections.abc import Hashable, Iterator

import nhs_number

from services.intake.findings.people import ENGLISH, is_ods_code, is_urn
from services.intake.findings.saying import Moment, Said, say
from shared.codes import DISABILITIES, ETHNICITIES
from shared.schemas.children import ReferredChild
from shared.schemas.people import ReferredAdult
from shared.schemas.progress import Finding

#: The letters of a pupil number, in the order that its check counts them: no I, O or S.
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = re.compile(rf"[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}]")
_LANGUAGE = re.compile(r"[^\W\d_][^\d_]*")
#: Joiners are part of how some languages are written; between two Latin letters they hide something.
_JOINERS = re.compile("(?<=[^\x00-\x7f])[\u200c\u200d](?=[^\x00-\x7f])")
_NO_DISABILITY = "NONE"


def identity(form: Said, _moment: Moment) -> Iterator[Finding]:
    """Yield what is odd about the names, numbers and codes of the children, and about anyone's name."""
    if not form.children:
        yield say("children", "child_not_named", "No child is named: ring the hub with what you learn.")
    for place, child in enumerate(form.children):
        at = f"children/{place}"
        if child.child_id is not None:
            yield say(f"{at}/child_id", "not_used_here", "A first version is given its ids by the hub.")
        if not (child.given_name or child.family_name):
            yield say(
                f"{at}/given_name", "name_missing", "No name: anything that helps to find the child helps."
            )
        yield from _numbers(at, child)
        yield from _codes(at, child)
        yield from _names(at, child)
    for place, adult in enumerate(form.adults):
        yield from _names(f"adults/{place}", adult)
    if len(form.children) > 1:
        yield from _given_twice(form)


def _numbers(at: str, child: ReferredChild) -> Iterator[Finding]:
    if child.nhs_number is not None and not nhs_number.is_valid(child.nhs_number):
        yield say(f"{at}/nhs_number", "check_digit", "Not a valid NHS number: kept, but not used to match.")
    if child.upn is not None:
        upn = child.upn.strip().upper()
        if not _UPN.fullmatch(upn):
            yield say(f"{at}/upn", "odd_upn", "A pupil number is a letter and 12 digits: kept, not matched.")
        elif upn[0] != upn_check_letter(upn[1:]):
            yield say(f"{at}/upn", "check_letter", "Not a valid pupil number: kept, but not used to match.")
    if child.school is not None and child.school.urn is not None and not is_urn(child.school.urn):
        yield say(f"{at}/school/urn", "odd_urn", "A school's URN has six digits.")
    if child.gp is not None and child.gp.ods_code is not None and not is_ods_code(child.gp.ods_code):
        yield say(f"{at}/gp/ods_code", "odd_ods_code", "An ODS code has 3 to 9 letters and digits.")


def upn_check_letter(rest: str) -> str:
    """Return the letter a pupil number starts with.

    Args:
        rest: its other twelve characters, capital letters.

    Source:
        UK Government Data Standards Catalogue, unique pupil number 2.0; census rule 1510.
    """
    values = (int(letter) if letter.isdigit() else _UPN_LETTERS.index(letter) for letter in rest)
    total = sum(weight * value for weight, value in enumerate(values, start=2))
    return _UPN_LETTERS[total % len(_UPN_LETTERS)]


def _codes(at: str, child: ReferredChild) -> Iterator[Finding]:
    if child.ethnicity is not None and child.ethnicity not in ETHNICITIES:
        yield say(f"{at}/ethnicity", "code_not_known", "Not a DfE ethnicity code; NOBT says: not asked yet.")
    if child.disabilities:
        yield from _disabilities(at, child.disabilities)
    language = child.first_language
    if language is not None:
        if not _LANGUAGE.fullmatch(language.strip()):
            yield say(f"{at}/first_language", "odd_language", "Name the language, or give its ISO 639 code.")
        elif child.interpreter_needed is None and language.strip().lower() not in ENGLISH:
            yield say(f"{at}/interpreter_needed", "interpreter_unclear", "Does talking take an interpreter?")


def _disabilities(at: str, codes: tuple[str, ...]) -> Iterator[Finding]:
    for place, code in enumerate(codes):
        if code not in DISABILITIES:
            yield say(f"{at}/disabilities/{place}", "code_not_known", "Not a DfE disability code.")
    if _NO_DISABILITY in codes and len(codes) > 1:
        yield say(f"{at}/disabilities", "none_with_others", "NONE stands alone: take it out, or the others.")
    elif len(set(codes)) < len(codes):
        yield say(f"{at}/disabilities", "given_twice", "A code stands here twice.")


def _names(at: str, someone: ReferredChild | ReferredAdult) -> Iterator[Finding]:
    if _unusual(someone.given_name):
        yield _unusual_finding(f"{at}/given_name")
    if _unusual(someone.family_name):
        yield _unusual_finding(f"{at}/family_name")
    for place, other in enumerate(someone.other_names):
        if not (other.given_name or other.family_name):
            yield say(f"{at}/other_names/{place}", "name_missing", "This other name is empty.")
        elif _unusual(other.given_name) or _unusual(other.family_name):
            yield _unusual_finding(f"{at}/other_names/{place}")


def _unusual(name: str | None) -> bool:
    """Say whether a name holds what cannot be seen: control characters, or marks that turn or split text."""
    if name is None or name.isprintable():
        return False
    return not _JOINERS.sub("", name).isprintable()


def _unusual_finding(at: str) -> Finding:
    return say(at, "unusual_characters", "Kept as sent, but it holds characters that cannot be seen.")


def _given_twice(form: Said) -> Iterator[Finding]:
    references = Counter(child.sender_child_reference for child in form.children)
    people = Counter(key for child in form.children for key in _keys(child))
    for place, child in enumerate(form.children):
        reference = child.sender_child_reference
        if reference and references[reference] > 1:
            yield say(
                f"children/{place}/sender_child_reference",
                "given_twice",
                "Two children carry this reference.",
            )
        if any(people[key] > 1 for key in _keys(child)):
            yield say(
                f"children/{place}", "same_child_twice", "This child seems to stand here twice: kept as sent."
            )


def _keys(child: ReferredChild) -> Iterator[Hashable]:
    """Yield what two entries for one child would share."""
    if child.nhs_number is not None and nhs_number.is_valid(child.nhs_number):
        yield "".join(filter(str.isdigit, child.nhs_number))
    if child.given_name and child.date_of_birth is not None:
        yield (child.given_name.casefold(), (child.family_name or "").casefold(), child.date_of_birth)
