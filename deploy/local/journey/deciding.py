"""The third part: the policy recommends, and a named person decides each child."""

from typing import Any

from deploy.local.journey.browser import Browser
from deploy.local.journey.company import Company, Considered
from deploy.local.journey.parties import JourneyEnded
from deploy.local.journey.story import Verdict, verdict_on
from deploy.local.journey.trail import Trail, in_words
from shared.schemas.cases import CaseChildView, CaseView
from shared.schemas.policy import RecommendationView


async def decide_all(company: Company, trail: Trail, cases: list[Considered], joined: Considered) -> None:
    """Let the decision-maker read and decide every child: the first at the console, the others by the API.

    A child of the contact that `joined` is decided with the one that it is.
    """
    trail.chapter("The policy recommends, a named person decides, each child apart")
    explained: set[str] = set()
    for number, case in enumerate(cases):
        view = await _read(company, case)
        own = [child for child in view.children if child.same_child_as is None]
        for child in own:
            _tell_recommendation(trail, case, child, explained)
        for place, child in enumerate(own):
            if number == place == 0:
                await _decide_at_console(company, trail, case, child)
            else:
                await _decide_by_api(company, trail, case, child)
            for other in view.children:
                if other.same_child_as == child.child_id:
                    name = joined.referred.name_of(other.child_id)
                    trail.tell("The hub", f"has this stand for {name} as well: one child, one decision.")


async def _read(company: Company, case: Considered) -> CaseView:
    answer = await company.decider.call("GET", "triage", f"/v1/cases/{case.case_id}")
    return CaseView.model_validate_json(answer.content)


def _tell_recommendation(trail: Trail, case: Considered, child: CaseChildView, explained: set[str]) -> None:
    """Tell what is recommended by which rules; the words of a rule are told the first time it fires."""
    recommended = _recommendation(child)
    name = case.referred.name_of(child.child_id)
    said = {"level": recommended.level, "pathway": recommended.pathway, "rag": recommended.rag}
    fired = ", ".join(rule.rule_id for rule in recommended.fired)
    trail.tell("The policy", f"recommends for {name}: {in_words(said)}. Rules that fired: {fired}.")
    for rule in recommended.fired:
        if rule.rule_id not in explained:
            explained.add(rule.rule_id)
            trail.tell("The policy", f"({rule.rule_id}) {rule.words.partition('. ')[0].removesuffix('.')}.")


async def _decide_at_console(company: Company, trail: Trail, case: Considered, child: CaseChildView) -> None:
    """Decide as a person does: sign in on access's page, read the case, fill in its form and send it."""
    person, around = company.who_decides, company.around
    password = around.folder.demo_password.read_text().strip()
    name = case.referred.name_of(child.child_id)
    verdict = verdict_on(name)
    said = _decided(verdict, child)
    console = Browser(around.http)
    await console.open(f"{around.ports.url('console')}/cases/{case.case_id}?child={child.child_id}")
    await console.send({"username": person.username, "password": password})
    trail.tell(company.decider.name, f"signs in at the console as {person.username} and opens the case.")
    await console.follow(f"/cases/{case.case_id}/children/{child.child_id}/decision")
    await console.send({key: str(value) for key, value in said.items()})
    if not console.path.endswith("/decided"):
        raise JourneyEnded("The console did not record the decision.")
    trail.tell(
        company.decider.name,
        f'decides {name} on the console\'s form: {in_words(said)}. "{verdict.rationale}"',
    )


async def _decide_by_api(company: Company, trail: Trail, case: Considered, child: CaseChildView) -> None:
    name = case.referred.name_of(child.child_id)
    verdict = verdict_on(name)
    said = _decided(verdict, child)
    path = f"/v1/cases/{case.case_id}"
    await company.decider.change(path, f"{path}/children/{child.child_id}/decisions", said)
    how = "otherwise than recommended, and says why" if verdict.instead else "as recommended"
    why = f'"{verdict.rationale}"' + (f' "{verdict.reason}"' if verdict.reason else "")
    trail.tell(company.decider.name, f"decides {name} {how}: {in_words(said)}. {why}")


def _decided(verdict: Verdict, child: CaseChildView) -> dict[str, Any]:
    recommended = _recommendation(child)
    said = verdict.instead or {
        "level": recommended.level,
        "pathway": recommended.pathway,
        "rag": recommended.rag,
    }
    reason = {"different_decision_reason": verdict.reason} if verdict.reason else {}
    return {**said, "rationale": verdict.rationale, **reason}


def _recommendation(child: CaseChildView) -> RecommendationView:
    if child.recommendation is None:
        raise JourneyEnded("A child has no recommendation.")
    return child.recommendation
