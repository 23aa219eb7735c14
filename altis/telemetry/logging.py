"""Log lines: one JSON object each, or coloured text in a terminal. Request and order ids, no personal data."""

from typing import Any

import orjson
import structlog

from altis.telemetry.scrubbing import scrub_event, scrub_line


def _dumps(event: dict[str, Any], **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()


def logging_config(*, level: str, pretty: bool) -> dict[str, Any]:
    """A `LOGGING` dictionary for Django; also configures structlog. `pretty` is for a person at a terminal."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer(), scrub_line]
        if pretty
        else [structlog.processors.format_exc_info, scrub_event, structlog.processors.JSONRenderer(serializer=_dumps)]
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": [], "propagate": True},
            "httpx": {"level": "WARNING"},
            # Two jobs a second would fill the log with their successes.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            # Every 4xx would be a warning of its own beside the access line.
            "django.request": {"level": "ERROR"},
        },
    }
