"""A Red child for whom nothing is done: an alert, a target, a breach of it, and a spell of nothing."""

from datetime import timedelta

from tests.hub import Hub
from tests.triage.clockwork import THEN, breaches_of, move_timers, run, timers_of
from tests.triage.test_drift_and_targets import quieten, set_target
from tests.triage.test_red_alerts import a_red_case, alerts_of


async def let_time_pass(hub: Hub) -> dict[str, str]:
    """Return the ids of all that comes of it."""
    case = await a_red_case(hub)
    (alert,) = await alerts_of(hub, case)
    target = (await set_target(hub, case)).json()
    await move_timers(hub, case, THEN, ("target",))
    await quieten(hub, case, THEN)
    await run(hub, "breaches", THEN)
    await run(hub, "drift", THEN + timedelta(days=5))
    (breach,) = await breaches_of(hub, case)
    (drift,) = (await timers_of(hub, case))["drifting"]
    return {
        "case_id": case["case_id"],
        "child_id": case["children"][0]["child_id"],
        "alert_id": alert["alert_id"],
        "target_id": target["target_id"],
        "breach_id": breach["breach_id"],
        "drift_id": drift["drift_id"],
    }
