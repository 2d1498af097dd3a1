"""Where log lines go, and in which form."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import msgspec
import structlog

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
ENCODER = msgspec.json.Encoder(enc_hook=str)
NAME_WIDTH = 8


def as_json(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> str:
    """One line as a JSON object."""
    return ENCODER.encode(line).decode()


def as_text(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> str:
    """One line for people: time, level, event, then what is known of it."""
    fault = line.pop("exception", None)
    head = f"{line.pop('timestamp')[11:23]} {line.pop('level'):<{NAME_WIDTH}}{line.pop('event')}"
    tail = " ".join(f"{name}={printable(value)}" for name, value in line.items() if value not in ("", None))
    return f"{head} {tail}" + (f"\n{fault}" if fault else "")


def printable(value: object) -> str:
    """A value that cannot break the line or the terminal, whatever a caller sent."""
    text = str(value)
    return text if text.isprintable() and " " not in text else repr(text)


def configure_logs(form: str, level: str, stream: TextIO | None = None) -> None:
    """Send the log to standard error, as JSON or for people; `auto` asks whether a terminal is there."""
    target = stream or sys.stderr
    is_pretty = form == "pretty" or (form == "auto" and target.isatty())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            as_text if is_pretty else as_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(target),
    )
