"""Dying at a named place. The hub's code is wrapped from outside: the product knows nothing of this."""

import contextvars
import importlib
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.platform import process

#: What came back from an action, and the `now` it was given if any: whether this very call did something.
Happened = Callable[[Any, datetime | None], bool]


def _something(given: Any, _now: datetime | None) -> bool:
    return bool(given)


def _always(_given: Any, _now: datetime | None) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """One of the transactions that a referral goes through, known by the action that makes it."""

    name: str
    service: str
    module: str
    action: str
    happened: Happened = _something
    is_answered: bool = False

    @property
    def points(self) -> tuple[str, ...]:
        """Where a process may die of it."""
        around = ("before_commit", "after_commit", *(("before_answer",) if self.is_answered else ()))
        return tuple(f"{self.name}.{place}" for place in around)


STEPS = (
    Step(
        "T1", "intake", "services.intake.actions.receiving", "receive_referral",
        lambda reception, now: reception.answer.received_at == now, is_answered=True,
    ),
    Step("T2", "triage", "services.triage.actions.contacts.opening", "open_case"),
    Step(
        "T3", "triage", "services.triage.actions.agencies.grading", "record_grade",
        lambda given, now: given.graded_at == now, is_answered=True,
    ),
    Step("T4", "triage", "services.triage.actions.decisions.deciding", "decide", is_answered=True),
    Step("joined", "triage", "services.triage.actions.contacts.joining", "join_referral", is_answered=True),
    Step("undone", "triage", "services.triage.actions.contacts.joining", "undo_join", is_answered=True),
    Step("T5", "notifications", "services.notifications.actions.telling", "make_outcomes"),
    Step("T6", "notifications", "services.notifications.actions.deliveries", "claim_delivery"),
    Step("T7", "notifications", "services.notifications.actions.deliveries", "record_attempt"),
    Step(
        "version", "intake", "services.intake.actions.versions", "send_version",
        lambda reception, now: reception.answer.received_at == now, is_answered=True,
    ),
    Step("people", "intake", "services.intake.actions.matching_people", "match_people", _always),
    Step(
        "linked", "intake", "services.intake.actions.linking", "decide_match", is_answered=True
    ),
    Step("refused", "intake", "services.intake.store.held_copies", "keep", _always, is_answered=True),
    Step("corrected", "triage", "services.triage.actions.contacts.correcting", "correct_case"),
    Step("history", "triage", "services.triage.actions.contacts.noting_history", "note_history", _always),
    Step("notice", "notifications", "services.notifications.actions.giving_notice", "give_notice"),
)  # fmt: skip

#: Places outside these transactions: a function, after which the process dies before it does the next thing.
PUBLISHED = "published_not_marked"
LISTED = "in_inbox_without_effect"
SENT = "sent_not_recorded"
AFTER = {
    PUBLISHED: ("shared.platform.bus", "Bus.publish"),
    LISTED: ("shared.platform.inbox", "first_time"),
    SENT: ("services.notifications.webhooks.sending", "Sender.post"),
}

#: Every place at which a process of each service is made to die.
POINTS: dict[str, tuple[str, ...]] = {
    service: tuple(point for step in STEPS if step.service == service for point in step.points) + others
    for service, others in {
        "intake": (PUBLISHED, LISTED),
        "triage": (PUBLISHED, LISTED),
        "notifications": (LISTED, SENT),
        "reconciler": (PUBLISHED,),
    }.items()
}


class Doom:
    """Where this process is to die; nowhere, unless it is told."""

    def __init__(self) -> None:
        self._service = ""
        self._left: dict[str, int] = {}
        self._obituary = Path()

    def strike_at(self, service: str, passages: Mapping[str, int], *, obituary: Path) -> None:
        """Die at the first of these points to be passed so many times, noting so at the end of `obituary`."""
        self._service, self._left, self._obituary = service, dict(passages), obituary

    def passing(self, point: str) -> None:
        """Die here if it is time."""
        if point not in self._left:
            return
        self._left[point] -= 1
        if self._left[point] == 0:
            with self._obituary.open("a") as book:
                book.write(f"{self._service} {point}\n")
            os.kill(os.getpid(), signal.SIGKILL)


_STEP = "step"
_answering: contextvars.ContextVar[list[str]] = contextvars.ContextVar("answering")


def make_mortal() -> Doom:
    """Wrap the hub's code, before the modules that use it are read; return what decides when to die."""
    doom = Doom()
    # The shared ones first: reading the actions reads what uses them.
    for point, (module, function) in AFTER.items():
        _die_after(module, function, point, doom)
    for step in STEPS:
        _name_transaction_of(step)
    event.listen(Session, "before_commit", lambda session: _around_commit(session, "before_commit", doom))
    event.listen(Session, "after_commit", lambda session: _around_commit(session, "after_commit", doom))
    serve_web = process.serve_web
    process.serve_web = lambda app, **where: serve_web(_BeforeAnswer(app, doom), **where)  # type: ignore[arg-type]
    return doom


def _name_transaction_of(step: Step) -> None:
    module = importlib.import_module(step.module)
    act = getattr(module, step.action)

    @wraps(act)
    async def named(tx: Any, *given: Any, **facts: Any) -> Any:
        result = await act(tx, *given, **facts)
        if step.happened(result, facts.get("now")):
            # So that everything is with the server when we die, and only the commit is missing.
            await tx.flush()
            tx.sync_session.info[_STEP] = step.name
            _answering.get([]).append(step.name)
        return result

    setattr(module, step.action, named)


def _die_after(module: str, function: str, point: str, doom: Doom) -> None:
    *of_class, name = function.split(".")
    holder: Any = importlib.import_module(module)
    for part in of_class:
        holder = getattr(holder, part)
    act = getattr(holder, name)

    @wraps(act)
    async def mortal(*given: Any, **facts: Any) -> Any:
        result = await act(*given, **facts)
        doom.passing(point)
        return result

    setattr(holder, name, mortal)


def _around_commit(session: Session, place: str, doom: Doom) -> None:
    if step := session.info.get(_STEP):
        doom.passing(f"{step}.{place}")


class _BeforeAnswer:
    """Wraps an application: dies when all is done and the first byte of the answer is about to leave."""

    def __init__(self, app: ASGIApp, doom: Doom) -> None:
        self._app = app
        self._doom = doom

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        done: list[str] = []
        _answering.set(done)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                for step in done:
                    self._doom.passing(f"{step}.before_answer")
            await send(message)

        await self._app(scope, receive, answer)
