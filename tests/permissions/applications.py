"""The applications' own routes, to hold the table of permissions against."""

from functools import cache

from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from docs.openapi.write import applications
from shared.platform.auth import Permit
from shared.platform.openapi import permit_in
from shared.schemas.words import Scope

Key = tuple[str, str]


@cache
def routes() -> dict[Key, RouteContext]:
    """Return every route of every service, by service and `METHOD path`; a folder of files counts as one."""
    return {
        (service, f"{method} {route.path}"): route
        for service, app in applications(demo=True).items()
        for route in iter_route_contexts(app.routes)
        for method in (route.methods or {"GET"}) - {"HEAD"}
    }


def permit_of(key: Key) -> Permit | None:
    """Return the permit that stands in a route's signature."""
    dependant: Dependant | None = getattr(routes()[key], "dependant", None)
    return permit_in(dependant) if dependant else None


def scope_of(key: Key) -> Scope | None:
    """Return the scope that a route asks of client systems."""
    permit = permit_of(key)
    return permit.scope if permit else None
