"""Recommend anew for children still to be decided, once another version of the policy is in force."""

from datetime import datetime
from typing import Final

from services.triage.actions import LEDGER
from services.triage.actions.decisions.recommending import recommend_anew
from services.triage.evidence.facts import awaits_decision
from services.triage.rules import Times
from services.triage.store import cases, policies
from shared.platform.audit import system
from shared.platform.database import Sessions, transaction

_WORKER: Final = "policy renewal"


async def renew_one_case(sessions: Sessions, times: Times, *, now: datetime) -> bool:
    """Recommend anew for the open children of the most urgent case that needs it; say whether one did.

    One case is one transaction: nobody waits for all of them. Decisions stay, and so does what was
    recommended before; the colour in force only ever tightens.

    Source:
        docs/adr/0029-a-policy-needs-two.md
    """
    async with transaction(sessions, _WORKER) as tx:
        in_force = await policies.find_policy_in_force(tx)
        if in_force is None:
            return False
        case_id = await policies.find_case_recommended_otherwise(tx, in_force.version)
        if case_id is None:
            return False
        case = await cases.get_case_to_change(tx, case_id)
        children = await cases.list_children(tx, case_id)
        # Those who are one child are recommended for together, by way of any of them.
        waiting = {one.same_child_as or one.child_id: one for one in children if awaits_decision(one)}
        for child in waiting.values():
            await recommend_anew(tx, case, child, now=now, times=times)
        case.version += 1
        facts = {"policy_version": in_force.version}
        await LEDGER.record(
            tx, system("triage"), "recommendation.renewed", at=now, subjects=[case_id, *waiting], facts=facts
        )
    return True
