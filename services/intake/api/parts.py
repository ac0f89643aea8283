"""What several of intake's endpoints ask for in their signatures."""

from typing import Annotated

from fastapi import Path
from starlette.responses import JSONResponse

from services.intake.actions.receiving import Reception
from services.intake.api.permits import permit
from services.intake.rules import SEES_ALL
from shared.platform.auth import Caller
from shared.platform.auth import permit as permit_anyone
from shared.schemas.words import Role, Scope

Sender = Annotated[Caller, permit(scope=Scope.REFERRAL_WRITE)]
#: Whoever sent it, its agency's representative, and the staff who work with every referral.
Reader = Annotated[Caller, permit(scope=Scope.REFERRAL_READ, roles=SEES_ALL | {Role.AGENCY_REPRESENTATIVE})]
#: A reference in a path.
Heard = Annotated[
    str,
    Path(
        description="As it was given, typed or said: case, spaces and hyphens do not count.",
        examples=["SH-7K3QX9MA-9"],
    ),
]
#: Staff who read what is known of anyone, and those of them who decide who is who. Of whoever is restricted
#: these pages keep back line by line.
Watcher = Annotated[Caller, permit_anyone(roles=SEES_ALL)]
Decider = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]


def accepted(reception: Reception, location: str) -> JSONResponse:
    """Return the answer to what was taken, as it is kept for its key: it is not turned into JSON twice.

    Args:
        location: where what was taken can be read.
    """
    headers = {"Location": location}
    if reception.replayed:
        headers["Idempotent-Replayed"] = "true"
    return JSONResponse(reception.kept.body, reception.kept.status, headers)
