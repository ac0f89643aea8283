"""What is new on a case since someone read it, told from the ids their page was made with."""

from collections.abc import Iterator

from services.console import wording
from services.console.standing import Names, agency_name
from shared.schemas.cases import CaseChildView, CaseView


def marks_of(case: CaseView, names: Names) -> dict[str, str]:
    """Return everything that can be new on a case, by a mark without personal data, each in a sentence."""
    marks = {
        str(contact.referral_id): f"{agency_name(names, contact.agency_id)} sent contact {contact.reference}."
        for contact in case.contacts
    }
    for contact in case.contacts:
        if contact.version > 1:
            mark = f"{contact.referral_id}:{contact.version}"
            marks[mark] = f"{agency_name(names, contact.agency_id)} corrected contact {contact.reference}."
    for child in case.children:
        marks |= dict(_of_child(child, names))
    return marks


def shown_marks(case: CaseView) -> str:
    """Return the marks of a case as a form carries them."""
    return " ".join(marks_of(case, {}))


def new_since(shown: str, case: CaseView, names: Names) -> list[str]:
    """Return, in sentences, what is on the case now and was not when a form was made with `shown`."""
    seen = set(shown.split())
    return [words for mark, words in marks_of(case, names).items() if mark not in seen]


def _of_child(child: CaseChildView, names: Names) -> Iterator[tuple[str, str]]:
    name = wording.child_name(child)
    for request in child.requests:
        agency = agency_name(names, request.agency_id)
        yield str(request.request_id), f"{agency} was asked about {name}."
        if request.status is not None:
            yield (
                f"{request.request_id}:answered",
                f"{agency} answered about {name}: {wording.ANSWERS[request.status]}.",
            )
    for grade in child.grades or ():
        words = wording.grade_words(grade.status, grade.grade)
        yield str(grade.grade_id), f"{agency_name(names, grade.agency_id)} graded {name}: {words}."
    for made in child.decisions or ():
        words = f"level {made.level}, {wording.PATHWAYS[made.pathway]}, {wording.RAGS[made.rag]}"
        yield str(made.decision_id), f"{made.decided_by} decided for {name}: {words}."
    if child.recommendation is not None:
        view = child.recommendation
        parts = (child.child_id, view.policy_version, view.level, view.pathway, view.rag, view.provisional)
        yield (
            ":".join(map(str, parts)),
            f"What the policy recommends for {name} changed: {recommendation_words(child)}.",
        )


def recommendation_words(child: CaseChildView) -> str:
    """Return the policy's view of a child in one line."""
    view = child.recommendation
    if view is None:
        return "no recommendation yet"
    level = f"level {view.level}" if view.level else "no level: a person must say"
    pathway = wording.PATHWAYS[view.pathway] if view.pathway else "no pathway"
    return f"{level}, {pathway}, {wording.RAGS[view.rag]}" + (", provisional" if view.provisional else "")
