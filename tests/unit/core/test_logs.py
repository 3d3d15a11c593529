import io
import json
import logging
import sys
import threading
import time
import warnings

import pytest
import structlog

from aishare.core import redaction
from aishare.core.logs import configure_logging, get_logger, install_hooks, register_secrets
from aishare.core.redaction import REDACTED, redact, redact_text

CANARY = "cAn4ry/with spaces+and'quotes"
SHORT_CANARY = "pw5x"


@pytest.fixture(autouse=True)
def clean_logging(monkeypatch):
    root = logging.getLogger()
    handlers, level, hooks = list(root.handlers), root.level, (sys.excepthook, threading.excepthook)
    monkeypatch.setattr(redaction, "_KNOWN", redaction._Known())
    with warnings.catch_warnings():
        yield
    logging.captureWarnings(capture=False)
    sys.excepthook, threading.excepthook = hooks
    root.handlers, root.level = handlers, level
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()


def configured(fmt, level="info"):
    stream = io.StringIO()
    configure_logging(level, fmt, stream=stream)
    return stream


@pytest.fixture(params=["json", "console"])
def output(request):
    return configured(request.param, "debug")


def without_pytest():
    """pytest's own handlers join the root logger before each test body, and raise or call repr on what they see."""
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if not type(handler).__module__.startswith("_pytest")]


def lines_of(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


class Awkward:
    def __repr__(self):
        return f"Awkward({CANARY!r})"


class Broken:
    def __repr__(self):
        raise RuntimeError(CANARY)


def raise_with_canary():
    local = CANARY  # a traceback with local variables would show it
    try:
        int(f"inner {local}")
    except ValueError as error:
        error.add_note(f"note {local}")
        raise ExceptionGroup(f"outer {local}", [KeyError(local)]) from error


CHANNELS = {
    "event": lambda log: log.info(f"event {CANARY}"),  # noqa: G004
    "field": lambda log: log.info("event", value=CANARY),
    "field name": lambda log: log.info("event", **{CANARY: 1}),
    "nested": lambda log: log.info("event", value={"a": [{"b": (CANARY, {CANARY})}], CANARY: 1}),
    "deep": lambda log: log.info("event", value=[[[[[[[[[[CANARY]]]]]]]]]]),
    "bytes": lambda log: log.info("event", value=CANARY.encode()),
    "bound": lambda log: log.bind(value=CANARY).info("event"),
    "object": lambda log: log.info("event", value=Awkward()),
    "broken object": lambda log: log.info("event", value=Broken()),
    "exception as a field": lambda log: log.info("event", error=ValueError(CANARY)),
    "percent arguments": lambda log: log.info("event %s", CANARY),
    "stdlib message": lambda _: logging.getLogger("uvicorn.error").info("message %s", CANARY),
    "stdlib extra": lambda _: logging.getLogger("uvicorn.error").info("message", extra={"value": CANARY}),
    "stdlib wrong arguments": lambda _: logging.getLogger("any").info("message %d", CANARY),
    "botocore": lambda _: logging.getLogger("botocore.auth").warning("signing %r", {"key": CANARY}),
    "warnings": lambda _: logging.getLogger("py.warnings").warning("%s", f"careful with {CANARY}"),
    "short value": lambda log: log.info("event", value=f"the password is {SHORT_CANARY}."),
}


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_registered_secret_appears_in_no_channel(output, channel):
    register_secrets([CANARY, SHORT_CANARY])
    without_pytest()
    CHANNELS[channel](get_logger("aishare.test"))
    text = output.getvalue()
    assert text
    assert SHORT_CANARY not in text
    assert "cAn4ry" not in text


def test_a_registered_secret_appears_in_no_traceback(output):
    register_secrets([CANARY])
    try:
        raise_with_canary()
    except ExceptionGroup:
        get_logger("aishare").exception("failed", stack_info=True)
        logging.getLogger("uvicorn.error").exception("failed too")
    assert output.getvalue().count("raise_with_canary") >= 2
    assert "cAn4ry" not in output.getvalue()


def test_secrets_in_the_context_of_a_request_are_redacted(output):
    register_secrets([CANARY])
    structlog.contextvars.bind_contextvars(request_id="r-17", session_cookie="whatever", note=CANARY)
    get_logger("aishare").info("event")
    assert "r-17" in output.getvalue()
    assert "whatever" not in output.getvalue()
    assert "cAn4ry" not in output.getvalue()


def test_hooks_send_crashes_and_warnings_to_the_log(output):
    register_secrets([CANARY])
    install_hooks()
    sys.excepthook(ValueError, ValueError(CANARY), None)
    thread = threading.Thread(target=raise_with_canary)
    thread.start()
    thread.join()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn(f"careful {CANARY}", stacklevel=1)
    text = output.getvalue()
    assert "process.crashed" in text
    assert "thread.crashed" in text
    assert "careful" in text
    assert "cAn4ry" not in text


@pytest.mark.parametrize(
    "name",
    ["authorization", "Cookie", "set-cookie", "password", "new_password", "aws_secret_access_key", "access_key_id",
     "token", "X-Amz-Signature", "x-amz-security-token", "api_key", "credential", "passwd"],
)  # fmt: skip
def test_fields_with_a_secret_name_are_blanked(name):
    assert redact({name: "Zxq81"}) == {name: REDACTED}
    assert redact({"headers": [(name.encode(), b"Zxq81")]}) == {"headers": [[name, REDACTED]]}


@pytest.mark.parametrize(
    "text",
    [
        "GET /b/k?X-Amz-Algorithm=AWS4&X-Amz-Credential=Zxq81%2F2026&X-Amz-Expires=60",
        "GET /b/k?X-Amz-Signature=Zxq81",
        "https://x.example/?sig=Zxq81&a=b",
        "/files?token=Zxq81",
        "/files?access_token=Zxq81&x=1",
        "Authorization: Bearer Zxq81",
        "authorization=Basic Zxq81 Zxq81",
        "sent bearer Zxq81",
        "{'Authorization': b'AWS4-HMAC-SHA256 Credential=Zxq81/2026, Signature=Zxq81'}",
        '{"password": "Zxq81", "name": "x"}',
        '{"password": "half a Zxq81',
        "[(b'authorization', b'Zxq81')]",
        "Settings(secret_key='Zxq81 \\' Zxq81')",
        "Cookie: session=Zxq81; other=Zxq81",
        "connect to postgresql://aishare:Zxq81@db/aishare",
        "connect to postgresql://aishare:a/Zxq81@b@db/aishare",
        "https://Zxq81@host/",
        "GET /d/abcdefghZxq81ijkl/name",
        "key AKIAIOSFODNN7EXZxq81",
        "token aishare_abcdefghijklmnopqrstZxq81vwxyz",
    ],
)
def test_secrets_are_recognised_by_their_shape(text):
    assert "zxq81" not in redact_text(text).lower()
    assert REDACTED in redact_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "AWS_ACCESS_KEY_ID: is set without AWS_SECRET_ACCESS_KEY; set both",
        "GET /api/files/by-path/data/train.csv?limit=10",
        "http://localhost:9000/bucket",
        "objects/ab/cd/abcdefghijklmnop",
        "wrote 5 tokens: all good",
    ],
)
def test_ordinary_text_stays_as_it_is(text):
    assert redact_text(text) == text


def test_secrets_are_found_url_quoted_and_escaped():
    secret = "a/b+c d\"e'f\\g"
    register_secrets([secret])
    for form in ("a%2Fb%2Bc%20d%22e%27f%5Cg", "a%2Fb%2Bc+d%22e%27f%5Cg", json.dumps(secret), repr(secret)):
        assert "b" not in redact_text(f"<{form}>").replace(REDACTED, "")


def test_registering_adds_and_empty_or_tiny_values_do_not_blank_everything():
    register_secrets(["", "a", "the"])
    register_secrets(["first-secret"])
    register_secrets(["second-secret"])
    assert redact_text("the cat: first-secret second-secret") == f"the cat: {REDACTED} {REDACTED}"


@pytest.mark.parametrize("piece", ["a", "://", "password=", "password='", "://a:", "bearer ", "/d/", '"\\', "token"])
def test_hostile_text_takes_no_long_time(piece):
    started = time.process_time()
    redact_text(piece * (1_000_000 // len(piece)))
    assert time.process_time() - started < 5


def test_json_is_one_object_per_line_whatever_is_logged():
    stream = configured("json")
    get_logger("aishare").info("two\nlines", value="x\r\ny\u2028", odd="\udcff", number=3, nothing=None, yes=True)
    get_logger("aishare").info("second", value=float("inf"), path={1: object})
    logging.getLogger("uvicorn.error").info("third")
    lines = lines_of(stream)
    assert [line["event"] for line in lines] == ["two\nlines", "second", "third"]
    assert lines[0]["number"] == 3
    assert lines[0]["nothing"] is None
    assert lines[0]["yes"] is True
    assert list(lines[2])[:4] == ["timestamp", "level", "logger", "event"]


def test_the_console_cannot_be_forged_by_line_breaks_or_escape_codes():
    stream = configured("console")
    get_logger("aishare").info("event", name="x\n2026-01-01 [info] forged\x1b[2J\x9b")
    logging.getLogger("uvicorn.error").info("GET %s", "/x\r\n2026-01-01 [info] forged\u2028\x1b[2J")
    assert len(stream.getvalue().splitlines()) == 2
    assert not {"\x1b", "\x9b"} & set(stream.getvalue())


def test_a_record_that_cannot_be_formatted_is_told_without_its_arguments():
    stream = configured("json")
    without_pytest()
    logging.getLogger("library").info("wrong %d", "unregistered-argument")
    (line,) = lines_of(stream)
    assert line["event"] == "log.lost"
    assert line["logger"] == "library"
    assert "unregistered-argument" not in stream.getvalue()


def test_a_stream_of_another_encoding_still_gets_the_line():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    configure_logging("info", "console", stream=stream)
    get_logger("aishare").info("event", name="日本")
    stream.flush()
    assert b"\\u65e5\\u672c" in stream.buffer.getvalue()


def test_auto_is_json_unless_the_stream_is_a_terminal():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    plain, terminal = io.StringIO(), Terminal()
    for stream in (plain, terminal):
        configure_logging("info", "auto", stream=stream)
        get_logger("aishare").info("event")
    assert json.loads(plain.getvalue())["event"] == "event"
    with pytest.raises(ValueError):
        json.loads(terminal.getvalue())


def test_the_level_is_obeyed_and_can_be_changed_while_running():
    log = get_logger("aishare")
    stream = configured("json", "warning")
    log.info("hidden")
    log.warning("shown")
    again = configured("json", "debug")
    log.debug("now shown")
    assert [line["event"] for line in lines_of(stream)] == ["shown"]
    assert [line["event"] for line in lines_of(again)] == ["now shown"]


def test_libraries_stay_quiet_at_debug_level():
    stream = configured("json", "debug")
    logging.getLogger("botocore.auth").debug("StringToSign")
    logging.getLogger("sqlalchemy.engine.Engine").info("SELECT")
    assert stream.getvalue() == ""


def test_records_of_uvicorn_are_written_once():
    logging.getLogger("uvicorn").addHandler(logging.StreamHandler(io.StringIO()))
    stream = configured("json")
    logging.getLogger("uvicorn.error").info("started")
    assert len(lines_of(stream)) == 1
    assert not logging.getLogger("uvicorn.access").hasHandlers()  # else it would write a line of its own per request
