"""Logs name no one: a line carries only the fields on this list, whatever it was given."""

import logging
import sys
from contextvars import ContextVar
from typing import Any

import structlog
from structlog.typing import EventDict

#: Identifiers, codes and figures. No name, text, address, telephone number or URL with a query.
ALLOWED_FIELDS = frozenset(
    {
        "agency_id", "attempt", "case_id", "child_id", "client_id", "code", "count", "decision_id",
        "delay_seconds", "delivery_id", "duration_ms", "error_type", "event", "event_id", "event_type",
        "handler", "host", "level", "logger", "method", "place", "port", "reason", "referral_id",
        "request_id", "route", "service", "staff_id", "status", "timestamp", "version",
        "webhook_id", "worker",
    }
)  # fmt: skip

#: The id of the request being answered; empty outside one.
request_id: ContextVar[str] = ContextVar("request_id", default="")


def only_allowed_fields(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Drop every field that is not on the list: a new field is harmless until someone has thought of it."""
    return {name: value for name, value in event.items() if name in ALLOWED_FIELDS}


def _add_request_id(_logger: Any, _method: str, event: EventDict) -> EventDict:
    if current := request_id.get():
        event["request_id"] = current
    return event


class _ForeignRecord(logging.Handler):
    """Say that a library spoke, how loudly and where, but not what: its words may hold data."""

    def emit(self, record: logging.LogRecord) -> None:
        error_type = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        structlog.get_logger().warning(
            "library_message",
            logger=record.name,
            level=record.levelname,
            place=f"{record.module}:{record.lineno}",
            error_type=error_type,
        )


def configure(service: str) -> None:
    """Send JSON lines to standard output, each with the service's name and nothing that names a person."""
    structlog.configure(
        processors=[
            _add_request_id,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed_fields,
            lambda _logger, _method, event: {"service": service, **event},
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers = [_ForeignRecord()]
    root.setLevel(logging.WARNING)


def where(error: BaseException) -> str:
    """Return file and line where `error` was raised: enough to find it, nothing of what was in it."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    if frame is None:
        return "unknown"
    path = frame.tb_frame.f_code.co_filename
    return f"{'/'.join(path.split('/')[-3:])}:{frame.tb_lineno}"
