"""The callers that access knows, as tokens and audit rows speak of them."""

from services.access.models import Client, Staff
from shared.platform.auth import Caller, CallerKind
from shared.schemas.ids import SessionId
from shared.schemas.words import Role, Scope


def client_caller(client: Client, scopes: frozenset[Scope]) -> Caller:
    """Return a client, holding `scopes`, as a caller."""
    return Caller(
        kind=CallerKind(client.kind),
        subject=client.client_id,
        name=client.name,
        agency_id=client.agency_id,
        scopes=scopes,
    )


def held_scopes(client: Client) -> frozenset[Scope]:
    """Return all that a client may ask for."""
    return frozenset(Scope(scope) for scope in client.scopes)


def staff_caller(staff: Staff, session_id: SessionId) -> Caller:
    """Return a member of staff, signed in, as a caller."""
    return Caller(
        kind=CallerKind.STAFF,
        subject=str(staff.staff_id),
        name=staff.name,
        agency_id=staff.agency_id,
        roles=frozenset(Role(role) for role in staff.roles),
        session_id=session_id,
    )
