"""The second part: the asked agencies answer and grade, none of them seeing what the others think."""

from deploy.local.journey.company import Company, Considered
from deploy.local.journey.parties import JourneyEnded, Party
from deploy.local.journey.sources import ask_open_sources
from deploy.local.journey.story import said_of
from deploy.local.journey.trail import Trail
from shared.schemas.asking import InformationRequestView
from shared.schemas.cases import CaseView
from shared.schemas.shapes import Page
from shared.schemas.words import Sector


async def answer_all(company: Company, trail: Trail, cases: list[Considered]) -> None:
    """Let every asked agency answer and grade for every child."""
    trail.chapter("Each agency answers and grades, blind to the others")
    first, *others = cases
    *early, last = company.asked
    for sector in early:
        await _answer(company, trail, first, sector)
    await _answer_blind(company, trail, first, last)
    await ask_open_sources(company, trail, first)
    for case in others:
        for sector in company.asked:
            await _answer(company, trail, case, sector)


async def _answer_blind(company: Company, trail: Trail, case: Considered, sector: Sector) -> None:
    """Let the last agency look before it grades and after, to show what blind means."""
    reader = company.who_answers(sector, case.referred.worry)
    before, version = await _look(reader, case)
    if version is not None or any(child.grades is not None for child in before.children):
        raise JourneyEnded("Grades of other agencies were shown to one that has not graded yet.")
    trail.tell(
        reader.name,
        "opens the case and reads the worry. The others have graded already, but no grade, recommendation or"
        " colour is shown before one's own, so that nobody's view sways another's.",
    )
    await _answer(company, trail, case, sector)
    after, _ = await _look(reader, case)
    if any(child.grades is None for child in after.children):
        raise JourneyEnded("Grades are hidden from an agency that has graded.")
    trail.tell(reader.name, "opens the case again and now sees every agency's grades, with their reasons.")


async def _look(reader: Party, case: Considered) -> tuple[CaseView, str | None]:
    answer = await reader.call("GET", "triage", f"/v1/cases/{case.case_id}")
    return CaseView.model_validate_json(answer.content), answer.headers.get("etag")


async def _answer(company: Company, trail: Trail, case: Considered, sector: Sector) -> None:
    """Let an agency answer each question about the case, and grade each child."""
    answerer = company.who_answers(sector, case.referred.worry)
    graded: dict[str, str] = {}
    for question in await _list_questions(answerer, case):
        name = case.referred.name_of(question.child_id)
        said = said_of(name, sector)
        path = f"/v1/information-requests/{question.request_id}/answer"
        await answerer.call("POST", "triage", path, json=said.answer)
        path = f"/v1/cases/{case.case_id}/children/{question.child_id}/grades/{question.agency_id}"
        await answerer.call("PUT", "triage", path, json=said.graded)
        graded[name] = said.in_words
    agency = company.asked[sector].name
    of = "" if answerer.name == agency else f" for {agency}"
    words = ", ".join(f"{name} {grade}" for name, grade in sorted(graded.items()))
    trail.tell(answerer.name, f"says{of} what is known, and grades: {words}.")


async def _list_questions(answerer: Party, case: Considered) -> list[InformationRequestView]:
    answer = await answerer.call(
        "GET", "triage", "/v1/information-requests", params={"answered": "false", "limit": 1000}
    )
    questions = Page[InformationRequestView].model_validate_json(answer.content).items
    return [question for question in questions if question.case_id == case.case_id]
