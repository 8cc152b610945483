"""Lines of the log: each belongs to a request where there is one, and none can be forged.

What people send may end up in a line. As text, controls are written as escapes, so that a line
break begins no line of somebody else's (SEC-112, CWE-117); as JSON a line is an object.
"""

from __future__ import annotations

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BEYOND = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "taskName", "asctime"}


def escaped(text: str) -> str:
    """Return a text on one line: controls as escapes, as Python writes them."""
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class TextFormatter(logging.Formatter):
    """`2026-01-31 12:00:00,000 ERROR rostra.web [4f2a-1]: words`, a traceback indented below."""

    def format(self, record: logging.LogRecord) -> str:
        number = request_id.get()
        about = f" [{number}]" if number else ""
        more = "".join(f" {key}={value}" for key, value in _more(record).items())
        line = escaped(f"{record.levelname} {record.name}{about}: {record.getMessage()}{more}")
        line = f"{self.formatTime(record)} {line}"
        if record.exc_info:
            trace = self.formatException(record.exc_info).split("\n")
            line += "".join(f"\n  | {escaped(part)}" for part in trace)
        return line


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, request_id, what was added."""

    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            found["request_id"] = request_id.get()
        found |= _more(record)
        if record.exc_info:
            found["trace"] = self.formatException(record.exc_info)
        return json.dumps(found, ensure_ascii=True, default=str)


def _more(record: logging.LogRecord) -> dict[str, object]:
    """Return what the caller gave as `extra`."""
    return {key: value for key, value in vars(record).items() if key not in _BEYOND}
