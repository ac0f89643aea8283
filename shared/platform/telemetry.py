"""The figures a service shows at /metrics; labels are routes, handlers and codes, never a person."""

from prometheus_client import Counter, Gauge, Histogram

requests = Histogram(
    "hub_request_seconds",
    "Seconds from a request to its answer.",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
turned_away = Counter("hub_turned_away_total", "Bodies not taken in: no room, or they stopped.", ("code",))
events_handled = Counter("hub_events_handled_total", "Events by what became of them.", ("handler", "result"))
events_parked = Counter("hub_events_parked_total", "Events parked for a person to look at.", ("handler",))
outbox_unpublished = Gauge("hub_outbox_unpublished", "Events that wait for the bus.", ("service",))
