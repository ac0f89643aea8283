"""A policy that somebody has put forward and tried, for whoever asks about it."""

from deploy.local.cast import demo_cast
from services.triage.models import PolicyReplay, PolicySubmission
from shared.clock import utc_now
from shared.platform.database import transaction
from shared.schemas.ids import PolicyReplayId, PolicySubmissionId, new_id
from tests.hub import Hub
from tests.triage.policy_texts import a_policy, a_version


async def put_forward(hub: Hub, *, by_manager: bool) -> dict[str, str]:
    """Return the ids of a policy that waits: of the manager of the table's column, or of another's."""
    username = "priya.nair" if by_manager else "marcus.bell"
    person = next(one for one in demo_cast().staff if one.username == username)
    version, replay_id, now = a_version(), PolicyReplayId(new_id()), utc_now()
    submission = PolicySubmission(
        submission_id=PolicySubmissionId(new_id()), version=version, title="A policy",
        document=a_policy(version),
        note="As agreed.", row_version=1, state="submitted", submitted_by=person.name,
        submitted_by_id=str(person.staff_id), submitted_at=now, decided_by=None, decided_by_id=None,
        decided_at=None, reason=None, in_force_from=None,
    )  # fmt: skip
    replay = PolicyReplay(
        replay_id=replay_id, version=version, document=submission.document, against="hub-2026-3",
        since_on=None,
        state="done", asked_by=person.name, asked_by_id=str(person.staff_id), asked_at=now, lease_until=None,
        finished_at=now, total=0, done=0, not_read=0, after_child_id=None,
        sums={"agency": {}, "level": {}, "locality": {}},
    )  # fmt: skip
    async with transaction(hub.sessions["triage"], "tests") as tx:
        tx.add_all([submission, replay])
    return {"version": version, "replay_id": str(replay_id)}
