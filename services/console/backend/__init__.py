"""What the pages ask of the services, always with the signed-in person's own token."""

from services.console.backend.cases import Backend
from services.console.backend.closed import Closed
from services.console.backend.contacts import Intake
from services.console.backend.day import Day
from services.console.backend.people import People
from services.console.backend.places import Agencies, Services
from services.console.backend.policies import Policies
from services.console.backend.related import Related
from services.console.backend.talking import Talking
from services.console.backend.timers import Timers

__all__ = [
    "Agencies",
    "Backend",
    "Closed",
    "Day",
    "Intake",
    "People",
    "Policies",
    "Related",
    "Services",
    "Talking",
    "Timers",
]
