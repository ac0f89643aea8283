"""Keep what the council's own case system says of plans and care, for a recommendation to rest on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.decisions.recommending import recommend_anew
from services.triage.errors import MovedMeanwhile
from services.triage.evidence.earlier import council_word
from services.triage.evidence.facts import awaits_decision
from services.triage.evidence.history import is_restricted
from services.triage.rules import Times
from services.triage.store import cases
from services.triage.store.cases import ChildPlace
from shared.platform.audit import system
from shared.schemas.chronology import HistorySourceView
from shared.schemas.families import ChildLinks


async def note_council(
    tx: AsyncSession,
    place: ChildPlace,
    said: Sequence[HistorySourceView],
    links: ChildLinks | None,
    *,
    now: datetime,
    times: Times,
) -> None:
    """Keep with a child whether the council knows of a plan or of care; recommend anew where that is news.

    What was not searched, or does not say, changes nothing. Of a child with a restricted record nothing is
    kept: by which of its names something was found nobody can tell.

    Source:
        docs/adr/0042-asking-is-told.md; of plans and care now, 0045-what-is-told-late-is-read.md
    """
    if council_word(said, None) is None or (links is not None and is_restricted(links)):
        return
    try:
        case, child = await cases.hold_child(tx, await cases.find_place(tx, place))
    except MovedMeanwhile:
        # The next look finds it where it is then.
        return
    before = child.council_said or {}
    word = council_word(said, before) or before
    if _apart_from_when(word) == _apart_from_when(before):
        return
    child.council_said = word
    await tx.flush()
    if awaits_decision(child):
        await recommend_anew(tx, case, child, now=now, times=times)
        case.version += 1
    facts = _apart_from_when(word)
    subjects = [case.case_id, child.child_id]
    await LEDGER.record(tx, system("triage"), "child.council_noted", at=now, subjects=subjects, facts=facts)


def _apart_from_when(word: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said for name, said in word.items() if name != "as_of" and said is not None}
