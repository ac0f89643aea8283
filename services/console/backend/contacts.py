"""What the pages ask of intake: contacts as they arrive, their quality, and what was refused at the door."""

from typing import Any

from services.console.backend.places import PAGE_LENGTH, Asking, Services
from shared.schemas.checks import CheckReceipt
from shared.schemas.held_copies import HeldCopy, OpenedCopy
from shared.schemas.ids import AgencyId, HeldCopyId, WithdrawalId
from shared.schemas.progress import (
    FurtherInformation,
    ReferralAccepted,
    ReferralProgress,
    ReferralVersion,
    VersionSummary,
    WithdrawalAsked,
)
from shared.schemas.quality import QualityCheck, QualityCount
from shared.schemas.shapes import Page
from shared.schemas.words import (
    Channel,
    FurtherInformationState,
    HeldCopyState,
    QualityState,
    WithdrawalState,
)


class Intake(Asking):
    """Contacts and what surrounds them, as one signed-in person may see and change them."""

    def __init__(self, services: Services, token: str) -> None:
        super().__init__(services, token, services.intake_url)

    async def list_contacts(
        self,
        *,
        cursor: str | None = None,
        immediate_danger: bool | None = None,
        channel: Channel | None = None,
        agency_id: AgencyId | None = None,
        limit: int = PAGE_LENGTH,
    ) -> Page[ReferralProgress]:
        """Return a page of contacts, the newest first."""
        asked = {
            "cursor": cursor,
            "limit": limit,
            "immediate_danger": immediate_danger,
            "channel": channel,
            "agency_id": str(agency_id) if agency_id else None,
        }
        return await self._get("/v1/referrals", Page[ReferralProgress], asked)

    async def get_progress(self, reference: str) -> ReferralProgress:
        """Return where a contact is; NotFound when the hub has none that this person may see."""
        return await self._get(f"/v1/referrals/{reference}", ReferralProgress)

    async def list_versions(self, reference: str) -> Page[VersionSummary]:
        """Return the versions of a contact, without their words."""
        return await self._get(f"/v1/referrals/{reference}/versions", Page[VersionSummary])

    async def get_version(self, reference: str, version: int) -> ReferralVersion:
        """Return one version of a contact in full."""
        return await self._get(f"/v1/referrals/{reference}/versions/{version}", ReferralVersion)

    async def list_withdrawals(self, state: WithdrawalState) -> Page[WithdrawalAsked]:
        """Return the first wishes to take a contact back that stand in this state."""
        return await self._get("/v1/withdrawals", Page[WithdrawalAsked], {"state": state})

    async def decide_withdrawal(self, withdrawal_id: WithdrawalId, body: dict[str, Any]) -> None:
        """Answer a sender's wish to take its contact back; Conflict once it is answered."""
        await self._send("POST", f"/v1/withdrawals/{withdrawal_id}/decision", body)

    async def list_quality_checks(self, state: QualityState, cursor: str | None = None) -> Page[QualityCheck]:
        """Return a page of contacts whose quality stands so."""
        asked = {"state": state, "cursor": cursor, "limit": PAGE_LENGTH}
        return await self._get("/v1/quality-checks", Page[QualityCheck], asked)

    async def check_quality(self, reference: str, body: dict[str, Any]) -> None:
        """Record what a representative makes of what its agency sent."""
        await self._send("POST", f"/v1/referrals/{reference}/quality-check", body)

    async def list_further_information(
        self, state: FurtherInformationState, cursor: str | None = None
    ) -> Page[FurtherInformation]:
        """Return a page of requests to senders for more."""
        asked = {"state": state, "cursor": cursor, "limit": PAGE_LENGTH}
        return await self._get("/v1/further-information", Page[FurtherInformation], asked)

    async def list_quality_counts(self) -> Page[QualityCount]:
        """Return how each agency's contacts fared."""
        return await self._get("/v1/quality-counts", Page[QualityCount])

    async def list_held_copies(
        self, state: HeldCopyState | None, cursor: str | None = None
    ) -> Page[HeldCopy]:
        """Return a page of refused contacts in one state; without one, all that nobody has settled."""
        asked = {"state": state, "cursor": cursor, "limit": PAGE_LENGTH}
        return await self._get("/v1/held-copies", Page[HeldCopy], asked)

    async def open_held_copy(self, held_copy_id: HeldCopyId, reason: str) -> OpenedCopy:
        """Return what was refused, with its words; who read it and why is recorded."""
        response = await self._send("POST", f"/v1/held-copies/{held_copy_id}/opening", {"reason": reason})
        return OpenedCopy.model_validate_json(response.content)

    async def settle_held_copy(self, held_copy_id: HeldCopyId, body: dict[str, Any]) -> None:
        """Say what became of a refused contact; Conflict once it is settled."""
        await self._send("POST", f"/v1/held-copies/{held_copy_id}/settlement", body)

    async def take_call(self, body: dict[str, Any], *, key: str) -> ReferralAccepted:
        """Write down a contact by telephone; the same key again is the same contact."""
        response = await self._send("POST", "/v1/referrals/by-telephone", body, {"Idempotency-Key": key})
        return ReferralAccepted.model_validate_json(response.content)

    async def list_unsent_checks(self, cursor: str | None = None) -> Page[CheckReceipt]:
        """Return a sample of checks that no contact came of; none of them names anyone."""
        asked = {"sent": False, "sampled": True, "cursor": cursor, "limit": PAGE_LENGTH}
        return await self._get("/v1/check-receipts", Page[CheckReceipt], asked)
