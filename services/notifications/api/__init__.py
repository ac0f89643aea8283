"""Notifications over HTTP: partners read and confirm outcomes, and say where they want to be called."""

from services.notifications.api import outcomes, webhooks

ROUTERS = (outcomes.router, webhooks.router)
