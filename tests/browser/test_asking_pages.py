"""Asking, answering and grading again in a real browser: a keyboard alone, nobody shut out."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser

from shared.schemas.asking import (
    AdultAskedView,
    ChildAsking,
    InformationRequestView,
    LawfulBasisForm,
    LawfulBasisView,
    SourcesOpen,
)
from shared.schemas.words import AnswerStatus, Handling, LawfulBasis, Sector
from shared.schemas.words_asking import Source
from tests.browser.conftest import Site
from tests.browser.test_contact_pages import press
from tests.browser.test_joining_pages import enter, reach
from tests.browser.test_known_pages import faults_of
from tests.browser.test_pages import sign_in
from tests.console.fakes import FakeHub
from tests.console.scenes import (
    CASE,
    MAISIE,
    NOW,
    POLICE,
    SCHOOL,
    TO_POLICE,
    TO_TRUST,
    TRUST,
    a_case,
    a_child,
    a_contact,
    a_grade,
    a_request,
    an_adult,
    an_answer,
    an_id,
)

#: At which width a page is opened; `violations` looks at it as wide as a desk, too.
WIDTHS = (320,)
CHILD = f"/cases/{CASE}/children/{MAISIE}"
REFERRAL = an_id(600)
WHY = "The hub asks as its public task: to find out whether a child needs help or protection."


def dean(**given: object) -> AdultAskedView:
    return AdultAskedView.model_validate(
        {
            "referral_id": REFERRAL, "place": 0, "version": 1, "given_name": "Dean",
            "family_name": "Example", "role_in_concern": "alleged_perpetrator",
        } | given
    )  # fmt: skip


def questions() -> list[InformationRequestView]:
    """Return three questions: one late, one answered in part, one with an adult spoken of apart."""
    ground = {"lawful_basis": LawfulBasis.PUBLIC_TASK, "lawful_basis_reason": WHY, "adults": [dean()]}
    told = dean(status=AnswerStatus.INFORMATION, text="Arrested in May.", handling=Handling.HUB_ONLY)
    sources = [Source.GP, Source.MIDWIFERY, Source.CAMHS]
    return [
        a_request(
            **ground, due_at=NOW - timedelta(minutes=5), reminders=2, reminded_at=NOW - timedelta(minutes=4),
            sources=sources,
        ),
        an_answer(
            **ground, agency_id=TRUST, sector=Sector.HEALTH, request_id=an_id(304), sources=sources,
            sources_checked=[Source.GP], asked_by="Priya Shah", reason="She is expecting again.",
        ),
        an_answer(
            **ground | {"adults": [told]}, agency_id=POLICE, sector=Sector.POLICE, request_id=TO_POLICE
        ),
    ]  # fmt: skip


def fill(hub: FakeHub) -> None:
    """Put a case on the hub of which much has been asked, and little answered."""
    asking = ChildAsking(
        sources_open=[SourcesOpen(sector=Sector.HEALTH, sources=[Source.MIDWIFERY, Source.CAMHS])],
        silent_words=["Health, not checked: midwifery, CAMHS."],
        regrade_because=["Another agency's grade is 3 steps from yours."],
        refusals=2,
        section_17_review=True,
    )
    steps = {"scale_version": "2026-1", "step_name": "High concern", "step_words": "Likely to suffer harm."}
    grades = [
        a_grade(grade=4, **steps),
        a_grade(grade_id=an_id(403), agency_id=TRUST, grade=1, sector=Sector.HEALTH),
    ]
    maisie = a_child(
        requests=questions(), asking=asking, grades=grades, own_grade_given=True, regrade_invited=True
    )
    ground = LawfulBasisView(
        basis=LawfulBasis.PUBLIC_TASK, reason="Nobody answers.", recorded_by="Priya Shah", recorded_at=NOW
    )
    hub.requests = questions()
    hub.cases[CASE] = a_case(
        children=[maisie],
        adults=[
            an_adult(referral_id=REFERRAL, place=0),
            an_adult(referral_id=REFERRAL, place=1, given_name="Rosa", role_in_concern="victim"),
        ],
        contacts=[a_contact()],
        lawful_bases=[ground],
    )


def hold(hub: FakeHub) -> None:
    """Let the questions about Maisie wait for a ground, until somebody lays one."""
    held = a_child(requests=[], asking=ChildAsking(waits_for_basis=True), waiting_for=[Sector.HEALTH])
    hub.cases[CASE] = a_case(children=[held])

    def grounded(_form: LawfulBasisForm) -> None:
        hub.cases[CASE] = a_case()

    hub.asking.on_grounded = grounded


async def test_a_ground_is_laid_and_agencies_are_asked_with_the_keyboard_alone(
    chromium: Browser, site: Site
) -> None:
    hold(site.hub)
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, site, "priya.shah", f"/cases/{CASE}")

    await page.locator("#basis_reason").focus()
    await page.keyboard.type("Nobody answers the door.")
    await reach(page, "Record the ground and ask")
    await enter(page)
    assert page.url == f"{site.url}/cases/{CASE}?done=grounded"
    assert await page.get_by_text("What waited for it has gone out.").is_visible()

    fill(site.hub)
    await page.goto(f"{site.url}/cases/{CASE}")
    await reach(page, "Ask agencies about Maisie Example")
    await enter(page)
    assert await page.get_by_label("Maisie Example").is_checked()
    await page.get_by_label("Rosa Example").press("Space")
    await page.get_by_label("Little Wick Primary School").press("Space")
    await page.locator("#reason").focus()
    await page.keyboard.type("She is expecting again.")
    await reach(page, "Ask")
    await enter(page)

    assert page.url.startswith(f"{site.url}/cases/{CASE}?child={MAISIE}&done=asked")
    [asked] = site.hub.asked_of("POST", f"/v1/cases/{CASE}/information-requests/several")
    assert asked.body["agencies"] == [{"agency_id": str(SCHOOL)}]
    assert asked.body["adults"] == [{"referral_id": str(REFERRAL), "version": 1, "place": 1}]
    await context.close()


@pytest.mark.parametrize("width", WIDTHS)
async def test_no_page_of_asking_shuts_anyone_out(chromium: Browser, site: Site, width: int) -> None:
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    hold(site.hub)
    await sign_in(page, site, "priya.shah", f"/cases/{CASE}")
    found = {"held": await faults_of(page)}
    await press(page, "Record the ground and ask")
    found["ground refused"] = await faults_of(page)
    assert "govuk-error-summary" in await page.evaluate("document.activeElement.className")
    fill(site.hub)
    for name, path in {"case": f"/cases/{CASE}", "ask": f"{CHILD}/ask"}.items():
        await page.goto(site.url + path)
        found[name] = await faults_of(page)
    await press(page, "Ask")
    found["ask refused"] = await faults_of(page)
    await page.close()

    page = await chromium.new_page(viewport={"width": width, "height": 900})
    await sign_in(page, site, "nia.morgan", "/requests")
    found["to answer"] = await faults_of(page)
    for name, path in {
        "their case": f"/cases/{CASE}",
        "answer": f"{CHILD}/requests/{TO_TRUST}",
        "grade again": f"{CHILD}/grade",
    }.items():
        await page.goto(site.url + path)
        found[name] = await faults_of(page)

    assert {name: faults for name, faults in found.items() if faults} == {}
    await page.close()
