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
timer_breaches = Counter(
    "hub_timer_breaches_total", "What was not done in time, found by this process.", ("kind",)
)
drift_found = Counter("hub_drift_found_total", "Spells without anything happening, found by this process.")
red_alerts = Counter("hub_red_alerts_total", "Alerts by what became of them.", ("result",))
red_alerts_waiting = Gauge("hub_red_alerts_waiting", "Red children nobody has acknowledged.")
old_person_keys = Gauge(
    "hub_old_person_keys", "Records whose keys an earlier release made, when last counted."
)
red_pages = Counter("hub_red_pages_total", "Tries to call somebody about a Red child.", ("result",))
