"""Within the second part: one of health's sources is not health, so the others are asked themselves."""

from deploy.local.journey.company import Company, Considered
from deploy.local.journey.story import sources_of
from deploy.local.journey.trail import Trail
from shared.schemas.asking import InformationRequestView
from shared.schemas.cases import CaseChildView, CaseView
from shared.schemas.words_asking import SOURCE_WORDS, Source


async def ask_open_sources(company: Company, trail: Trail, case: Considered) -> None:
    """Let the decider ask whoever holds what nobody looked in yet, and let them answer."""
    path = f"/v1/cases/{case.case_id}"
    answer = await company.decider.call("GET", "triage", path)
    for child in CaseView.model_validate_json(answer.content).children:
        left = [source for one in child.asking.sources_open for source in one.sources]
        asked = [source for source in left if source in company.sources]
        if asked:
            words = ", ".join(SOURCE_WORDS[source] for source in left)
            name = case.referred.name_of(child.child_id)
            trail.tell(
                company.decider.name,
                f"sees that of health nobody has looked for {name} in: {words}. One of them is not health, so"
                " each that keeps records of its own is asked.",
            )
        for source in asked:
            await _ask(company, trail, case, child, source)


async def _ask(
    company: Company, trail: Trail, case: Considered, child: CaseChildView, source: Source
) -> None:
    agency, speaker = company.sources[source]
    name = case.referred.name_of(child.child_id)
    form = {
        "child_id": str(child.child_id),
        "agency_id": str(agency.agency_id),
        "sources": [source],
        "reason": f"Nobody has looked in yours yet: {SOURCE_WORDS[source]}.",
    }
    path = f"/v1/cases/{case.case_id}/information-requests"
    made = await company.decider.call("POST", "triage", path, json=form)
    request = InformationRequestView.model_validate_json(made.content)
    said = sources_of(name, source)
    path = f"/v1/information-requests/{request.request_id}/answer"
    await speaker.call("POST", "triage", path, json=said.answer)
    words = f'"{said.known}"' if said.known else "nothing is known there."
    trail.tell(speaker.name, f"answers for {agency.name}, of {name}: {words}")
