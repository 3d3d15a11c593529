"""Logging: an event name plus fields, one line per fact, no secrets. structlog and the standard library (uvicorn,
botocore, ...) use one handler, so that everything is redacted.

Write `log.info("upload.stored", file_id=..., size_bytes=...)`; lines about a request contain its `request_id`.
"""

import contextlib
import json
import logging
import re
import sys
import threading
from contextvars import ContextVar
from types import TracebackType
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, Processor

from aishare.core.redaction import redact, redact_text, register_secrets

__all__ = ["configure_logging", "get_logger", "install_hooks", "register_secrets"]

get_logger = structlog.get_logger

_QUIET: Final = ("aiobotocore", "aiosqlite", "alembic", "asyncpg", "botocore", "httpcore", "sqlalchemy", "urllib3")
"""Libraries whose debug messages are not useful here; some print whole signed requests."""

_FIRST: Final = ("timestamp", "level", "logger", "event")
request_id: Final[ContextVar[str]] = ContextVar("request_id")
"""The request being handled. Set by the request layer; cheaper than structlog's contexts."""

_of_process: Final[dict[str, int]] = {}
"""Fields that every log line of this process has."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_IN_BLOCK = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def configure_logging(level: str, fmt: str, *, stream: TextIO | None = None, worker: int | None = None) -> None:
    """Logs from `level` (debug, info, warning, error) to `stream`, standard error by default.

    `fmt`: `json` lines, `console` for people, `auto` = console on a terminal. Can be called again to change them. Lines
    contain the number of the `worker`, if given.
    """
    if worker is not None:
        _of_process["worker"] = worker
    target = stream or sys.stderr
    for_people = fmt == "console" or (fmt == "auto" and target.isatty())
    handler = _Handler(target)
    handler.setFormatter(_formatter(for_people=for_people, colors=target.isatty()))
    root = logging.getLogger()
    root.handlers = [other for other in root.handlers if not isinstance(other, _Handler)] + [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], name != "uvicorn.access"  # requests have our own log lines
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_common(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # a cached logger would keep the processors from before a change
    )


def install_hooks() -> None:
    """Sends what Python would print itself to the log: uncaught exceptions, those of threads, warnings."""
    logging.captureWarnings(capture=True)
    sys.excepthook = _crashed
    threading.excepthook = _thread_crashed


class _Handler(logging.StreamHandler[TextIO]):
    """Never prints a record that it failed to format: Python's own handler would print its arguments unredacted."""

    def format(self, record: logging.LogRecord) -> str:
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        return super().format(record).encode(encoding, "backslashreplace").decode(encoding)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        kind = sys.exc_info()[0]
        lost = {
            "event": "log.lost",
            "error": kind.__name__ if kind else None,
            "logger": record.name,
            "file": record.filename,
            "line": record.lineno,
        }
        # if the stream itself is gone, there is nowhere left to report it
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(json.dumps(lost) + "\n")


def _add_origin(_logger: object, _method: str, event: EventDict) -> EventDict:
    event.update(_of_process)
    request = request_id.get(None)
    if request is not None:
        event.setdefault("request_id", request)
    return event


def _common() -> list[Processor]:
    return [
        _add_origin,
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _formatter(*, for_people: bool, colors: bool) -> logging.Formatter:
    ending: list[Processor]
    if for_people:
        plain = structlog.dev.plain_traceback
        ending = [_one_line, structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain)]
    else:
        ending = [structlog.processors.JSONRenderer()]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_common(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,  # as text, without local variables, so that it can be redacted
            _redact,
            *ending,
        ],
    )


def _redact(_logger: object, _method: str, event: EventDict) -> EventDict:
    first = {name: redact(event[name]) for name in _FIRST if name in event}
    rest = ((str(name), value) for name, value in event.items() if name not in first)
    return first | {redact_text(name): redact(value, name=name) for name, value in rest}


def _one_line(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Keeps each entry on one line in the console: a file name with a line break must not forge another. JSON does this
    itself.
    """
    return {name: _escape(value, block=name in ("exception", "stack")) for name, value in event.items()}


def _escape(value: object, *, block: bool) -> object:
    if not isinstance(value, str):
        return value
    pattern = _CONTROL_IN_BLOCK if block else _CONTROL
    return pattern.sub(lambda found: found.group().encode("unicode_escape").decode(), value)


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    get_logger("aishare").critical("process.crashed", exc_info=(kind, error, trace))


def _thread_crashed(args: threading.ExceptHookArgs) -> None:
    if args.exc_type is SystemExit or args.exc_value is None:
        return
    name = args.thread.name if args.thread else None
    exc_info = (args.exc_type, args.exc_value, args.exc_traceback)
    get_logger("aishare").error("thread.crashed", thread=name, exc_info=exc_info)
