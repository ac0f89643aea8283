"""Findings about what a police notice alone carries."""

from collections.abc import Iterator
from datetime import timedelta

from services.intake.findings.saying import Moment, Said, say
from shared.codes import INDICATORS, RISK_GRADES, RISK_TOOLS
from shared.schemas.progress import Finding
from shared.schemas.referrals import PoliceMatters, RiskAssessment

#: Children Act 1989, section 46(6).
_LONGEST_PROTECTION = timedelta(hours=72)
_GRADES = tuple(RISK_GRADES)


def police(form: Said, moment: Moment) -> Iterator[Finding]:
    """Yield what is odd in the police's part of a referral."""
    matters = form.police
    if matters is None:
        return
    if not matters.occurrence_number:
        yield say("police/occurrence_number", "missing", "The occurrence number helps to join what belongs.")
    if matters.risk_assessment is not None:
        yield from _risk("police/risk_assessment", matters.risk_assessment)
    yield from _protection(matters, moment)
    if matters.school_told is None and _domestic_abuse(form):
        yield say("police/school_told", "missing", "Has the force told the school of the incident?")


def _domestic_abuse(form: Said) -> bool:
    coded = (INDICATORS.get(concern.indicator or "") for concern in form.concerns)
    return any(indicator is not None and indicator.theme == "domestic_abuse" for indicator in coded)


def _risk(at: str, risk: RiskAssessment) -> Iterator[Finding]:
    if risk.tool is None:
        yield say(f"{at}/tool", "missing", "Which tool was it?")
    tool = RISK_TOOLS.get(risk.tool or "")
    if risk.score is not None and tool is not None and risk.score > tool.questions:
        yield say(f"{at}/score", "odd_score", f"This tool has {tool.questions} questions.")
    if risk.grade is None:
        yield say(f"{at}/grade", "grade_missing", "Which grade did it come to: standard, medium or high?")
    elif risk.grade not in RISK_GRADES:
        yield say(f"{at}/grade", "code_not_known", "Grades are standard, medium and high.")
    elif risk.score is not None and _GRADES.index(risk.grade) < _usual(risk.score):
        yield say(
            f"{at}/grade",
            "grade_below_score",
            "Lower than this score usually gives: other factors may raise a grade, never lower it. Why?",
        )


def _usual(score: int) -> int:
    """Return the place of the grade that a score usually gives; -1 for a score below every band."""
    return sum(score >= grade.from_score for grade in RISK_GRADES.values()) - 1


def _protection(matters: PoliceMatters, moment: Moment) -> Iterator[Finding]:
    began_at, at = matters.police_protection_began_at, "police/police_protection_began_at"
    if began_at is None:
        if matters.police_protection:
            yield say(at, "no_start", "When did it begin? It ends after 72 hours at the latest.")
        return
    if began_at > moment.latest:
        yield say(at, "in_the_future", "This lies in the future.")
    elif moment.latest - began_at > _LONGEST_PROTECTION:
        yield say(
            at, "protection_over", "More than 72 hours ago: where is the child now, and on what footing?"
        )
    if not matters.police_protection:
        yield say("police/police_protection", "protection_unclear", "A beginning is given: is it in force?")
