"""Structured logs: one JSON object per line, with the request id, without personal data.

Everything goes through the same processors, whether it was logged with structlog or with the
standard library by Django, uvicorn or a worker.
"""

import logging
import os
import sys
from collections.abc import MutableMapping
from typing import Any, Final, TextIO

import structlog

from siaga.kernel.observability import request_id
from siaga.kernel.observability.masking import (
    HIDDEN,
    TRACEBACK_LENGTH_MAX,
    is_private,
    mask_text,
    mask_value,
)

Event = MutableMapping[str, Any]

# These are our own words, never a citizen's.
_OWN_FIELDS: Final = frozenset({"timestamp", "level", "logger", "process", "request_id"})
# Their ordinary lines repeat what the metrics count, with paths and queries.
_QUIET: Final = ("httpx", "httpcore", "uvicorn.access", "django.server", "procrastinate", "PIL")


def configure(process: str, *, stream: TextIO | None = None) -> None:
    """Set up logging for this process; `process` (`edge`, `serve`, …) is told on each line.

    SIAGA_LOG_LEVEL (default INFO) and SIAGA_LOG (`json` or `plain`) rule it. Idempotent.
    """
    level = logging.getLevelNamesMapping().get(
        os.environ.get("SIAGA_LOG_LEVEL", "INFO").upper(), logging.INFO
    )
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _context(process),
        structlog.processors.format_exc_info,
        without_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer()],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    # A refusal is an answer, and counted as one; only what broke is told.
    logging.getLogger("django.request").setLevel(max(level, logging.ERROR))
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True


def without_personal_data(_logger: Any, _method: str, event: Event) -> Event:
    """The processor that keeps citizens out of the logs."""
    event.pop("color_message", None)
    for key, value in event.items():
        if key.startswith("_") or key in _OWN_FIELDS:
            continue
        if key == "exception":
            event[key] = mask_text(str(value), TRACEBACK_LENGTH_MAX)
        else:
            event[key] = HIDDEN if is_private(key) else mask_value(value)
    return event


def _context(process: str) -> structlog.typing.Processor:
    def add(_logger: Any, _method: str, event: Event) -> Event:
        event["process"] = process
        if identifier := request_id.get():
            event["request_id"] = identifier
        return event

    return add


def _renderer() -> structlog.typing.Processor:
    if os.environ.get("SIAGA_LOG", "json") == "plain":
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
