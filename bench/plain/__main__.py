"""The plain application, in one process."""

import hashlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, Header
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from bench.plain.forms import AcceptedChild, ReferralIn, ReferralOut
from bench.plain.tables import AuditEntry, Base, IdempotencyKey, OutboxRow, Referral, SenderReference
from shared.platform.process import serve_web

_AGENCY = UUID("00000000-0000-7000-8000-000000000001")
_CLIENT = "plain"


def create_app(database_url: str) -> FastAPI:
    """Return the application."""
    # As many connections as intake has.
    engine = create_async_engine(database_url, pool_size=10, max_overflow=0)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    app = FastAPI()

    async def session() -> AsyncIterator[AsyncSession]:
        async with sessions() as opened:
            yield opened

    @app.get("/health/ready")
    async def ready() -> None:
        """Say that it can be measured."""

    @app.post("/v1/referrals", status_code=201, response_model=ReferralOut)
    async def post_referral(
        sent: ReferralIn,
        idempotency_key: Annotated[str, Header()],
        tx: Annotated[AsyncSession, Depends(session)],
    ) -> ReferralOut:
        """Store a referral and what goes with it."""
        answer = _accept(sent)
        fingerprint = hashlib.sha256(sent.model_dump_json().encode()).hexdigest()
        tx.add_all(_rows(sent, answer, fingerprint, idempotency_key))
        await tx.commit()
        return answer

    return app


def _accept(sent: ReferralIn) -> ReferralOut:
    now = datetime.now(UTC)
    return ReferralOut(
        reference=f"SH-{uuid4().hex[:10]}",
        referral_id=uuid4(),
        version=1,
        received_at=now,
        respond_by=now,
        children=[
            AcceptedChild(child_id=uuid4(), sender_child_reference=child.sender_child_reference)
            for child in sent.children
        ],
    )


def _rows(sent: ReferralIn, answer: ReferralOut, fingerprint: str, key: str) -> list[Base]:
    return [
        IdempotencyKey(
            agency_id=_AGENCY,
            client_id=_CLIENT,
            key=key,
            fingerprint=fingerprint,
            status=201,
            answer=answer.model_dump(mode="json"),
            created_at=answer.received_at,
        ),
        SenderReference(
            agency_id=_AGENCY,
            sender_reference=sent.sender_reference,
            referral_id=answer.referral_id,
            fingerprint=fingerprint,
        ),
        Referral(
            **answer.model_dump(mode="json", include={"children", "findings"}),
            **answer.model_dump(include={"reference", "referral_id", "version", "received_at", "respond_by"}),
            agency_id=_AGENCY,
            client_id=_CLIENT,
            sender_reference=sent.sender_reference,
            kind=sent.kind,
            immediate_danger=sent.immediate_danger,
            channel="api",
            changed=[],
            document=sent.model_dump(mode="json"),
        ),
        AuditEntry(
            audit_id=uuid4(),
            at=answer.received_at,
            service="plain",
            actor_kind="client",
            actor_id=_CLIENT,
            agency_id=_AGENCY,
            roles=["referral:write"],
            action="referral.received",
            allowed="allow",
            subject_ids=[answer.referral_id, *(child.child_id for child in answer.children)],
            facts={},
            request_id=key,
        ),
        OutboxRow(
            event_id=uuid4(),
            event_type="intake.referral_received.v1",
            payload={"referral_id": str(answer.referral_id), "version": 1},
        ),
    ]


if __name__ == "__main__":
    application = create_app(os.environ["PLAIN_DATABASE_URL"])
    serve_web(application, host="127.0.0.1", port=int(os.environ["PLAIN_PORT"]))
