"""Every table of the hub, for `alembic check` and for the grants."""

from sqlalchemy import MetaData

from services.access.models import Table as AccessTable
from services.intake.models import Table as IntakeTable
from services.notifications.models import Table as NotificationsTable
from services.triage.models import Table as TriageTable
from shared.platform import audit, reconciler

#: Services with a schema and a role of their own, in the order of their migrations.
SERVICES = ("access", "intake", "triage", "notifications")
#: Those that publish or hear events; the reconciler watches over them.
WITH_EVENTS = ("intake", "triage", "notifications")
SCHEMAS = (*SERVICES, "audit", "reconciler")
ROLES = tuple(f"hub_{name}" for name in (*SERVICES, "reconciler"))

METADATA: tuple[MetaData, ...] = (
    AccessTable.metadata,
    IntakeTable.metadata,
    TriageTable.metadata,
    NotificationsTable.metadata,
    audit.metadata,
    reconciler.metadata,
)
