"""Notifications over HTTP: partners read outcomes and notices, and say where they want to be called."""

from services.notifications.api import notices, outcomes, webhooks

ROUTERS = (outcomes.router, notices.router, webhooks.router)
