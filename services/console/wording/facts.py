"""What a contact says, part by part: what is said in words, and what is not said by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.console.wording.codes import SEXES
from services.console.wording.people import and_words
from services.console.wording.times import day_words, when
from shared.codes.lists import (
    DISABILITIES,
    ETHNICITIES,
    LOCAL_AUTHORITIES,
    NAME_KINDS,
    PLAN_KINDS,
    REFERRAL_SOURCES,
)
from shared.codes.risk_tools import RISK_GRADES, RISK_TOOLS
from shared.schemas.case_details import KnownStatusView
from shared.schemas.children import GeneralPractice, KnownStatus, ReferredChild, School, Voice
from shared.schemas.people import Address, OtherName, Professional, ReferredAdult, Relationship
from shared.schemas.referrals import PoliceMatters, Referrer


@dataclass(frozen=True, slots=True)
class Facts:
    """A part of a contact.

    Attributes:
        rows: each thing that is said, with its name.
        unsaid: the names of the things that are not said.
    """

    rows: list[tuple[str, str]]
    unsaid: list[str]


def facts(pairs: Iterable[tuple[str, str | None]]) -> Facts:
    """Return named things parted into what is said and what is not."""
    named = [(name, (value or "").strip()) for name, value in pairs]
    return Facts([pair for pair in named if pair[1]], [name for name, value in named if not value])


def yes_or_no(value: bool | None, yes: str = "Yes", no: str = "No") -> str | None:
    """Return an answer in words; None where nobody answered, which is neither."""
    return None if value is None else yes if value else no


def in_words(code: str | None) -> str | None:
    """Return a code as plain words: "child_protection" as "Child protection"."""
    words = (code or "").replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else None


def listed(code: str | None, words: Mapping[str, str]) -> str | None:
    """Return the words of a code; one that is not on its list is shown as it was sent."""
    return words.get(code.strip(), in_words(code)) if code else None


def joined(*parts: str | None, by: str = ", ") -> str | None:
    """Return the parts that say something, in one line."""
    return by.join(part.strip() for part in parts if part and part.strip()) or None


def voice_facts(voice: Voice | None, now: datetime) -> Facts:
    """Return what a child said or showed: the first thing to read of a child."""
    voice = voice or Voice()
    pairs = [
        ("Seen about this", yes_or_no(voice.seen)),
        ("Seen alone", yes_or_no(voice.seen_alone)),
        ("Last seen", when(voice.seen_at, now) if voice.seen_at else None),
        ("In their own words, or what was observed", voice.views),
    ]
    if voice.not_obtained_reason:
        pairs.append(("Why their own words are not known", voice.not_obtained_reason))
    return facts(pairs)


def standing_facts(status: KnownStatus | KnownStatusView | None) -> Facts:
    """Return what the sender knows of social care's part in a child's life."""
    status = status or KnownStatus()
    worker = status.allocated_worker
    pairs = [
        ("Looked after", yes_or_no(status.looked_after)),
        ("Plan", listed(status.plan, PLAN_KINDS)),
        ("Private fostering", yes_or_no(status.private_fostering)),
        ("Allocated worker", joined(worker.name, worker.team, worker.telephone) if worker else None),
    ]
    if status.placing_authority:
        pairs.append(("Placed here by", listed(status.placing_authority, LOCAL_AUTHORITIES)))
    return facts(pairs)


def child_facts(child: ReferredChild) -> Facts:
    """Return who a child is: names, numbers, where it lives and learns, how to speak with it."""
    return facts(
        [
            ("Other names", _names(child.other_names)),
            ("Sex", SEXES[child.sex] if child.sex else None),
            ("Lives at", _address(child.address)),
            ("School", _school(child.school)),
            ("GP practice", _practice(child.gp)),
            ("First language", child.first_language),
            ("Interpreter needed", yes_or_no(child.interpreter_needed)),
            ("How they communicate", child.communication),
            ("Disability", joined(*(listed(code, DISABILITIES) for code in child.disabilities), by="; ")),
            ("Ethnicity", listed(child.ethnicity, ETHNICITIES)),
            ("Religion", child.religion),
            ("Who this child is", child.identity),
            ("NHS number", child.nhs_number),
            ("Unique pupil number", child.upn),
            ("Sender's own reference", child.sender_child_reference),
        ]
    )


def adult_facts(adult: ReferredAdult, children: Mapping[str, str], now: datetime) -> Facts:
    """Return what is said of an adult; `children` names the children by the sender's own references."""
    born = adult.date_of_birth
    pairs = [
        ("To the children", joined(*_ties(adult.relationships, children), by="; ")),
        ("How and when contact is safe", adult.safe_contact_note),
        ("Telephone", adult.telephone),
        ("Lives at", _address(adult.address)),
        ("Other names", _names(adult.other_names)),
        ("Date of birth", day_words(born) if born else None),
        ("First language", adult.first_language),
        ("Interpreter needed", yes_or_no(adult.interpreter_needed)),
    ]
    if adult.same_as_child:
        also = children.get(adult.same_as_child, adult.same_as_child)
        pairs.insert(0, ("Also a child of this contact", also))
    return facts(pairs)


def referrer_facts(referrer: Referrer | None) -> Facts:
    """Return who is worried, and how the hub may ring back."""
    referrer = referrer or Referrer()
    place = referrer.organisation
    return facts(
        [
            ("Name", referrer.name),
            ("Role", referrer.role),
            ("Place of work", place.name if place else None),
            ("Telephone", referrer.telephone),
            ("Is it safe to ring", yes_or_no(referrer.safe_to_ring, "Yes", "No: do not ring it")),
            ("How and when it is safe", referrer.ringing_note),
            ("E-mail", referrer.email),
            ("Kind of source", _source(referrer.source_code)),
            (
                "May the family know who said this",
                yes_or_no(referrer.family_may_know, "Yes", "No: keep it from them"),
            ),
        ]
    )


def police_facts(police: PoliceMatters, now: datetime) -> Facts:
    """Return what only a police notice carries."""
    risk = police.risk_assessment
    began = police.police_protection_began_at
    pairs = [
        ("Occurrence number", police.occurrence_number),
        ("Police protection", yes_or_no(police.police_protection)),
        ("Police protection began", when(began, now) + "; it lasts 72 hours at most" if began else None),
        ("The school has been told", yes_or_no(police.school_told)),
    ]
    if risk:
        score = f"{risk.score} answered yes" if risk.score is not None else None
        known = RISK_TOOLS.get(risk.tool or "")
        tool = joined(known.words if known else in_words(risk.tool), risk.tool_version, by="; edition ")
        judged = yes_or_no(risk.professional_judgement, "by professional judgement", "by its score")
        pairs.append(("Domestic abuse risk", joined(_risk_grade(risk.grade), judged, score, tool, by="; ")))
    return facts(pairs)


def professional_facts(professional: Professional) -> Facts:
    """Return what someone who works with the family may know, and how to reach them."""
    return facts(
        [
            ("Works for", professional.organisation),
            ("Telephone", professional.telephone),
            ("E-mail", professional.email),
            ("Part in the family's life", professional.involvement),
            ("Knows of this contact", yes_or_no(professional.knows_of_referral)),
        ]
    )


def _risk_grade(code: str | None) -> str | None:
    known = RISK_GRADES.get(code or "")
    return f"{in_words(code)} ({known.words[0].lower() + known.words[1:]})" if known else in_words(code)


def _ties(ties: Iterable[Relationship], children: Mapping[str, str]) -> list[str]:
    """Return an adult's ties, those that are the same to several children in one."""
    same: dict[Relationship, list[str]] = {}
    for tie in ties:
        whom = children.get(tie.child, f"child {tie.child}") if tie.child else "every child"
        same.setdefault(tie.model_copy(update={"child": None}), []).append(whom)
    return [_tie(tie, and_words(whom)) for tie, whom in same.items()]


def _tie(tie: Relationship, whom: str) -> str:
    responsibility = yes_or_no(
        tie.parental_responsibility,
        "has parental responsibility",
        "has no parental responsibility",
    )
    household = yes_or_no(tie.in_household, "lives in the household", "lives elsewhere")
    tied = f"{tie.relationship or 'tied to'} {'of ' if tie.relationship else ''}{whom}"
    return f"{joined(tied, responsibility, household)}"


def _names(names: Iterable[OtherName]) -> str | None:
    each = (joined(name.given_name, name.family_name, by=" ") for name in names)
    kinds = (f" ({listed(name.kind, NAME_KINDS)})" if name.kind else "" for name in names)
    return joined(*(f"{name or 'not given'}{kind}" for name, kind in zip(each, kinds, strict=True)))


def _address(address: Address | None) -> str | None:
    if address is None:
        return None
    temporary = "(temporary: not where they live for good)" if address.is_temporary else None
    place = joined(*address.lines, address.town, address.postcode)
    uprn = f"UPRN {address.uprn}" if address.uprn else None
    return joined(joined(place, uprn), temporary, by=" ")


def _school(school: School | None) -> str | None:
    urn = f"URN {school.urn}" if school and school.urn else None
    return joined(school.name, school.year_group, urn) if school else None


def _practice(practice: GeneralPractice | None) -> str | None:
    return joined(practice.name, practice.ods_code) if practice else None


def _source(code: str | None) -> str | None:
    return f"{REFERRAL_SOURCES.get(code, 'Not on the list')} ({code})" if code else None
