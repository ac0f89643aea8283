"""Only in the local demo: a member of staff's token without a browser, for the `hub staff-token` command."""

from typing import Annotated

from fastapi import APIRouter

from services.access.actions.sessions import issue_demo_token
from services.access.api.parts import OpenedParts
from shared.platform.auth import Caller, permit
from shared.platform.openapi import json_body
from shared.platform.requests import Now, Tx
from shared.schemas.access import TokenAnswer
from shared.schemas.shapes import Form
from shared.schemas.text import Code

router = APIRouter(prefix="/internal/demo", include_in_schema=False)


class DemoTokenForm(Form):
    """Whose token is wanted."""

    username: Code


@router.post("/staff-token", response_model=TokenAnswer)
async def post_staff_token(
    caller: Annotated[Caller, permit(services={"console"})],
    sent: Annotated[DemoTokenForm, json_body(DemoTokenForm)],
    parts: OpenedParts,
    tx: Tx,
    now: Now,
) -> TokenAnswer:
    """Start a session of an invented person of the demo, and get a token for it."""
    lifetime = parts.settings.session_lifetime
    return await issue_demo_token(tx, sent.username, signer=parts.signer, lifetime=lifetime, now=now)
