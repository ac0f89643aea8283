"""Who is waited for is reminded, and who is invited hears when: each once, and never about whom."""

from typing import Any

from services.notifications.events import Here
from shared.platform.subscriptions import Workplace
from shared.schemas.discussions import DiscussionKind, DiscussionState
from shared.schemas.events import AgencyReminded, InformationRequested, InvitationsChanged
from shared.schemas.ids import CaseId, DiscussionId, RequestId, new_id
from shared.schemas.reminders import DiscussionAnnounced, QuestionWaiting
from tests.notifications.making import HEALTH, POLICE, SCHOOL, TEN_ON_MONDAY, a_decision, a_sender
from tests.notifications.owners import Owners
from tests.notifications.test_notices import feed_of, hear


def a_reminder_event(owners: Owners, **given: Any) -> AgencyReminded:
    about = a_sender(a_decision().child_id)
    owners.know(senders=(about,))
    facts: dict[str, Any] = {
        "request_id": RequestId(new_id()),
        "case_id": CaseId(new_id()),
        "referral_id": about.referral_id,
        "agency_id": HEALTH,
        "due_at": TEN_ON_MONDAY,
        "answered": False,
    }
    question = QuestionWaiting(**facts | given)
    owners.know_question(question)
    ids = question.model_dump(include={"request_id", "case_id", "agency_id"})
    return AgencyReminded(occurred_at=TEN_ON_MONDAY, child_id=about.children[0].child_id, **ids)


def an_invitation_event(
    owners: Owners, state: DiscussionState = DiscussionState.CALLED, **told: Any
) -> InvitationsChanged:
    about = a_sender(a_decision().child_id)
    owners.know(senders=(about,))
    held = DiscussionAnnounced(
        discussion_id=DiscussionId(new_id()),
        kind=DiscussionKind.STRATEGY,
        state=state,
        planned_at=TEN_ON_MONDAY,
        referral_id=about.referral_id,
    )
    owners.know_discussion(held)
    nobody: dict[str, Any] = dict.fromkeys(
        ("invited_agency_ids", "moved_agency_ids", "withdrawn_agency_ids"), ()
    )
    ids = {"discussion_id": held.discussion_id, "case_id": CaseId(new_id()), "kind": held.kind, "version": 2}
    return InvitationsChanged(occurred_at=TEN_ON_MONDAY, **ids | nobody | told)


async def test_an_agency_that_has_not_answered_is_reminded_of_which_and_until_when(
    workplace: Workplace[Here], owners: Owners
) -> None:
    event = a_reminder_event(owners)
    await hear(workplace, event)
    (notice,) = await feed_of(workplace.sessions, HEALTH)
    assert (notice.occasion, notice.case_id) == ("reminded", event.case_id)
    waits = {"request_id": str(event.request_id), "due_at": "2026-11-23T10:00:00Z"}
    assert notice.information_request == waits
    # Being asked is told once, and of each question, whether somebody has answered meanwhile or not.
    asked = a_reminder_event(owners, answered=True)
    await hear(workplace, InformationRequested(**asked.model_dump(exclude={"type"})))
    (_, told) = await feed_of(workplace.sessions, HEALTH)
    assert (told.occasion, told.information_request) == (
        "asked",
        waits | {"request_id": str(asked.request_id)},
    )
    # One that has answered since is left alone; one that sent the referral finds its own name for it.
    await hear(workplace, a_reminder_event(owners, answered=True))
    assert len(await feed_of(workplace.sessions, HEALTH)) == 2
    await hear(workplace, a_reminder_event(owners, agency_id=POLICE))
    assert (await feed_of(workplace.sessions))[0].sender_reference == "SYP-2026-114226"


async def test_each_agency_hears_of_a_discussion_what_is_news_to_it_and_never_about_whom(
    workplace: Workplace[Here], owners: Owners
) -> None:
    told: dict[str, Any] = {
        "invited_agency_ids": (SCHOOL,),
        "moved_agency_ids": (HEALTH,),
        "withdrawn_agency_ids": (POLICE,),
    }
    event = an_invitation_event(owners, **told)
    await hear(workplace, event)
    occasions = {SCHOOL: "invited", HEALTH: "invited_to_another_time", POLICE: "no_longer_invited"}
    when = {"kind": "strategy", "planned_at": "2026-11-23T10:00:00Z"}
    for agency_id, occasion in occasions.items():
        (notice,) = await feed_of(workplace.sessions, agency_id)
        assert (notice.occasion, notice.case_id) == (occasion, None)
        assert notice.discussion == {"discussion_id": str(event.discussion_id)} | when
    # Called off before anybody heard of it: only whoever was invited before is told.
    await hear(workplace, an_invitation_event(owners, DiscussionState.CALLED_OFF, **told))
    counts = [len(await feed_of(workplace.sessions, agency_id)) for agency_id in occasions]
    assert counts == [1, 1, 2]
