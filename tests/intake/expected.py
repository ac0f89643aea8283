"""Children who are expected, in tests: days from today, and the list of those overdue."""

from datetime import timedelta
from typing import Any

from shared.clock import london_date, utc_now
from tests.hub import Hub
from tests.intake.known_people import INTAKE, a_known_child


def days_ago(days: int) -> str:
    """Return a day before today in London; after it where the number is negative."""
    return (london_date(utc_now()) - timedelta(days=days)).isoformat()


def an_unborn_child(due_days_ago: int, **given: Any) -> dict[str, Any]:
    """Return a child due so many days ago, of a family and home of its own."""
    return a_known_child(
        **{
            "given_name": None,
            "date_of_birth": None,
            "expected_date_of_birth": days_ago(due_days_ago),
            "sex": "U",
            "voice": None,
        }
        | given
    )


async def overdue(hub: Hub, who: str = "dana.reid") -> dict[str, dict[str, Any]]:
    """Return the whole list of overdue births by the reference of the newest record."""
    headers = await hub.as_staff(who)
    items = await hub.every(f"{INTAKE}/v1/people/overdue-births", headers)
    return {item["records"][0]["reference"]: item for item in items}
