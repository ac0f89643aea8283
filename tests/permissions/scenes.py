"""What is asked for: records that exist, in every state that makes a difference, and ones that do not."""

from dataclasses import dataclass
from uuid import uuid4

from services.intake.models import MAILBOX as INTAKE
from services.notifications.models import MAILBOX as TELLING
from services.triage.models import MAILBOX as TRIAGE
from shared.clock import utc_now
from shared.platform.database import transaction
from shared.schemas.ids import new_id
from tests.hub import URLS, Hub, agency_id_of
from tests.intake.expected import an_unborn_child
from tests.intake.known_people import a_known_child, an_nhs_number, record_of, send, task_about, told
from tests.intake.restricting import a_rare_child
from tests.permissions.closed import close
from tests.permissions.decisions import a_decision, of_the_day
from tests.permissions.late import let_time_pass
from tests.permissions.policy_scene import put_forward
from tests.permissions.states import State
from tests.permissions.subjects import ASKED_SYSTEM, SENDING_SYSTEM, put_to
from tests.permissions.talking_scene import talk_of
from tests.referrals import a_referral
from tests.tokens import read_claims
from tests.triage.joined import join, one_child_twice
from tests.triage.second_looks import approve

INTAKE_URL, NOTIFICATIONS = URLS["intake"], URLS["notifications"]
#: A public address that no name has to be looked up for; nothing is ever sent to it here.
PUBLIC_WEBHOOK = {"url": "https://93.184.215.14/hub", "event_types": ["outcome.decided"]}


#: Together these have an id of every kind.
_WITH_EVERY_ID = (
    State.CALLED,
    State.ASKED_FOR_MORE,
    State.HELD,
    State.ASKED_ABOUT,
    State.JOINED,
    State.RELATED,
    State.TALKED_OF,
    State.OVERDUE,
    State.LATE,
    State.RESTRICTED,
)
DECISIONS = dict.fromkeys((State.DECIDED, State.CALLED), ("child_in_need",)) | {
    State.EARLY_HELP: ("early_help",),
    State.PENDING: ("early_help",),
    State.MOVED_ON: ("early_help", "child_in_need"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """One referral of the police and all that came of it: its ids, by their names in paths."""

    ids: dict[str, str]
    version: int = 1

    def beside(self) -> "Record":
        """Return a record that does not exist, to be asked for in the same way."""
        absent = {name: str(uuid4()) for name in self.ids}
        absent |= {"reference": "SH-00000000-0", "handler": "make_nothing", "version": "1"}
        return Record({"replay_id": str(uuid4())} | absent | {"form_name": "decision"}, self.version)


class Scenes:
    """Makes records; those that nobody uses up are made once."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._made: dict[State, Record] = {}

    async def get(self, state: State, *, afresh: bool = False) -> Record:
        """Return a record in a state; one of its own for whoever will use it up."""
        if state is State.ABSENT:
            known = [await self.get(each) for each in _WITH_EVERY_ID]
            return Record({name: value for record in known for name, value in record.ids.items()}).beside()
        if afresh:
            return await self._make(state)
        if state not in self._made:
            self._made[state] = await self._make(state)
            # Other files look at it too.
            await self._hub.carrier.tell_partners()
        return self._made[state]

    async def _make(self, state: State) -> Record:
        match state:
            case State.PARKED:
                return await self._park()
            case State.HELD:
                return await self._hold()
            case State.ASKED_ABOUT | State.LINKED:
                return await self._match(state)
            case State.BESIDE | State.JOINED:
                return await self._stand_beside(state)
            case State.POLICY | State.OWN_POLICY:
                return Record(await put_forward(self._hub, by_manager=state is State.OWN_POLICY))
            case State.OVERDUE:
                return await self._await_birth()
            case State.LATE:
                return Record(await let_time_pass(self._hub))
            case _:
                return await self._consider(state)

    async def _consider(self, state: State) -> Record:
        webhook = await self._add_webhook() if state is State.CALLED else {}
        # Nobody else may be that child: whoever is, is restricted too.
        own = {"children": [a_rare_child()]} if state is State.RESTRICTED else {}
        said = await self._hub.send(a_referral(**own), SENDING_SYSTEM)
        case = await self._hub.case_of(said["reference"])
        ids = {
            "reference": said["reference"],
            "referral_id": said["referral_id"],
            "case_id": case["case_id"],
            "child_id": case["children"][0]["child_id"],
            "request_id": put_to(ASKED_SYSTEM, case),
            "version": "1",
            "agency_id": str(agency_id_of(ASKED_SYSTEM)),
            "session_id": await self._sign_in(),
            **of_the_day(case),
        }
        record = Record(ids, case["version"])
        if state is State.ANSWERED:
            await self._answer(record)
        record.ids.update(await self._at_the_door(state, record))
        for pathway in DECISIONS.get(state, ()):
            record = await self._decide(record, pathway, pending=state is State.PENDING)
        if webhook:
            record.ids.update(webhook, delivery_id=await self._last_delivery(webhook["webhook_id"]))
        return record

    async def _at_the_door(self, state: State, record: Record) -> dict[str, str]:
        """Do what is apart from the case itself; return the ids that came of it."""
        match state:
            case State.ASKED_FOR_MORE:
                return await self._ask_for_more(record)
            case State.WITHDRAWING | State.CALLED:
                return {"withdrawal_id": await self._want_back(record)}
            case State.RELATED:
                return await self._relate(record)
            case State.RESTRICTED:
                child = await record_of(self._hub, {"children": [{"child_id": record.ids["child_id"]}]})
                return await close(self._hub, record.ids, str(child.person_id))
            case State.TALKED_OF:
                return await talk_of(self._hub, record.ids)
            case _:
                return {}

    async def _relate(self, record: Record) -> dict[str, str]:
        said = await self._hub.send(a_referral(children=[a_known_child()]), SENDING_SYSTEM)
        other = await self._hub.case_of(said["reference"])
        made = await self._hub.http.post(
            f"{URLS['triage']}/v1/cases/{record.ids['case_id']}/related",
            json={"case_id": other["case_id"], "kind": "peer_group", "reason": "The same flat."},
            headers=await self._hub.as_staff("dana.reid"),
        )
        assert made.status_code == 201, made.text
        return {"other_case_id": other["case_id"], "relation_id": made.json()["relation_id"]}

    async def _ask_for_more(self, record: Record) -> dict[str, str]:
        made = await self._hub.http.post(
            f"{INTAKE_URL}/v1/referrals/{record.ids['reference']}/quality-check",
            json={"verdict": "further_information", "version": 1, "gaps": [{"question": "Who saw her?"}]},
            headers=await self._hub.as_staff("omar.khan"),
        )
        assert made.status_code == 200, made.text
        await self._hub.carry_events()
        url = f"{NOTIFICATIONS}/v1/notices?limit=1000"
        told = await self._hub.http.get(url, headers=await self._hub.as_client(SENDING_SYSTEM))
        return {
            "request_id": made.json()["further_information"]["request_id"],
            "event_id": str(told.json()["items"][-1]["event_id"]),
        }

    async def _want_back(self, record: Record) -> str:
        made = await self._hub.http.post(
            f"{INTAKE_URL}/v1/referrals/{record.ids['reference']}/withdrawal",
            json={"reason": "Sent about another family."},
            headers=await self._hub.as_client(SENDING_SYSTEM) | {"Idempotency-Key": str(uuid4())},
        )
        assert made.status_code == 201, made.text
        return str(made.json()["withdrawal_id"])

    async def _match(self, state: State) -> Record:
        """Send one child twice: the second time with too little said to be sure, or just the same."""
        child = a_known_child(nhs_number=an_nhs_number())
        vague = {} if state is State.LINKED else {"nhs_number": None, "date_of_birth": None}
        first, second = await send(self._hub, child), await send(self._hub, child | vague)
        child_id = second["children"][0]["child_id"]
        known, task = await record_of(self._hub, first), await task_about(self._hub, second)
        ids = {
            "person_id": str(known.person_id),
            "child_id": child_id,
            "record_id": child_id,
            "reference": second["reference"],
            "family_name": child["family_name"],
        }
        return Record(ids | ({"match_id": str(task.match_id)} if task else {}))

    async def _stand_beside(self, state: State) -> Record:
        """Send one child twice, and say that it is the same; let the second referral join the case."""
        first, second = await one_child_twice(self._hub)
        case = await self._hub.case_of(first["reference"])
        ids = {"case_id": case["case_id"], "referral_id": second["referral_id"]}
        if state is State.BESIDE:
            return Record(ids, case["version"])
        made = await join(self._hub, second, case)
        return Record(ids | {"join_id": made["join_id"]}, made["version"])

    async def _await_birth(self) -> Record:
        """Send an unborn child that was due, and look for its family."""
        child = an_unborn_child(30)
        said = await send(self._hub, child)
        known = await record_of(self._hub, said)
        form = {"name": child["family_name"], "purpose": "call", "reason": "The midwife rang."}
        looked = await told(self._hub, "POST", "/v1/people/search", form)
        return Record({"person_id": str(known.person_id), "search_id": looked["search_id"]})

    async def _hold(self) -> Record:
        refused = await self._hub.post_referral(
            {"concerns": [], "actions_taken": str(uuid4())}, SENDING_SYSTEM
        )
        assert refused.status_code == 422, refused.text
        # The newest stands last, however many other tests have left there.
        staff = await self._hub.as_staff("dana.reid")
        listed = await self._hub.every(f"{INTAKE_URL}/v1/held-copies", staff, state="waiting")
        return Record({"held_copy_id": listed[-1]["held_copy_id"]})

    async def _answer(self, record: Record) -> None:
        answer = await self._hub.http.post(
            f"{URLS['triage']}/v1/information-requests/{record.ids['request_id']}/answer",
            json={"status": "nothing_known"},
            headers=await self._hub.as_client(ASKED_SYSTEM),
        )
        assert answer.status_code == 200, answer.text

    async def _decide(self, record: Record, pathway: str, *, pending: bool) -> Record:
        ids = record.ids
        answer = await self._hub.http.post(
            f"{URLS['triage']}/v1/cases/{ids['case_id']}/children/{ids['child_id']}/decisions",
            json=a_decision(pathway, supersedes=ids.get("decision_id")),
            headers=await self._hub.as_staff("dana.reid") | {"If-Match": f'"{record.version}"'},
        )
        assert answer.status_code == 201, answer.text
        made = answer.json()
        if made["standing"] == "pending" and not pending:
            made |= await approve(self._hub, made)
        await self._hub.carry_events()
        told = {"decision_id": made["decision_id"], "event_id": await self._outcome_of(ids["reference"])}
        return Record(ids | told, made["version"])

    async def _outcome_of(self, reference: str) -> str:
        url = f"{NOTIFICATIONS}/v1/outcomes?reference={reference}"
        feed = await self._hub.http.get(url, headers=await self._hub.as_client(SENDING_SYSTEM))
        return str(feed.json()["items"][-1]["event_id"])

    async def _park(self) -> Record:
        row = {
            "handler": "make_nothing",
            "event_id": new_id(),
            "event_type": "intake.referral_received.v1",
            "payload": b"{}",
            "reason": "ValidationError",
            "tries": 8,
            "parked_at": utc_now(),
        }
        for mailbox in (INTAKE, TRIAGE, TELLING):
            async with transaction(self._hub.sessions[mailbox.service], "tests") as tx:
                await tx.execute(mailbox.parked.insert().values(row))
        return Record({"handler": "make_nothing", "event_id": str(row["event_id"])})

    async def _add_webhook(self) -> dict[str, str]:
        headers = await self._hub.as_client(SENDING_SYSTEM)
        made = await self._hub.http.post(f"{NOTIFICATIONS}/v1/webhooks", json=PUBLIC_WEBHOOK, headers=headers)
        assert made.status_code == 201, made.text
        return {"webhook_id": made.json()["webhook_id"]}

    async def _last_delivery(self, webhook_id: str) -> str:
        url = f"{NOTIFICATIONS}/v1/webhooks/{webhook_id}/deliveries"
        listed = await self._hub.http.get(url, headers=await self._hub.as_client(SENDING_SYSTEM))
        return str(listed.json()["items"][0]["delivery_id"])

    async def _sign_in(self) -> str:
        """Return a session that nobody else uses."""
        answer = await self._hub.http.post(
            f"{URLS['access']}/internal/demo/staff-token",
            json={"username": "dana.reid"},
            headers=await self._hub.as_service("console"),
        )
        return str(read_claims(answer.json()["access_token"])["sid"])
