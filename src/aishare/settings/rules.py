"""Combinations of settings that contradict each other."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pydantic import SecretStr

from aishare.settings.catalog import Settings

MIN_SECRET_KEY_LENGTH: Final = 32
"""256 bits are 43 characters in Base64 and 64 in hexadecimal; anything shorter than 32 is probably a word."""

_MIN_DISTINCT: Final = 8
"""The chance that a random key of 32 characters has fewer different characters is below one in a million."""

_SPREADS_CONNECTIONS: Final = sys.platform == "linux"
"""Where connections are distributed over all sockets of one address (SO_REUSEPORT); elsewhere one socket gets nearly
all.
"""

_COMPATIBLE_KEYS: Final = ("S3_COMPATIBLE_ACCESS_KEY", "S3_COMPATIBLE_SECRET_KEY")

_PLACEHOLDERS: Final = (
    "changeme", "change-me", "change_me", "changethis", "change-this", "change_this", "replace", "placeholder",
    "insecure", "your-secret", "your_secret", "yoursecret", "secretkey", "secret-key", "secret_key", "example",
    "password", "1234567890",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`names` are the variables involved, the most important first; `text` never contains a secret."""

    names: tuple[str, ...]
    text: str
    needs: str | None = None
    """The variable that is missing."""


def contradictions(settings: Settings) -> list[Contradiction]:
    """Everything in `settings` that is wrong although each value alone is valid."""
    groups = (_aws, _compatible, _secret_key, _folders, _sessions, _links, _workers)
    return [contradiction for group in groups for contradiction in group(settings)]


def _aws(settings: Settings) -> Iterator[Contradiction]:
    if settings.storage_type == "s3":
        yield from _aws_keys(settings)
        yield from _needed(settings, "s3", ("S3_BUCKET_NAME", "AWS_DEFAULT_REGION"))


def _aws_keys(settings: Settings) -> Iterator[Contradiction]:
    key, secret = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
    yield from _pair(settings, key, secret)
    if settings.aws_session_token is not None and settings.aws_access_key_id is None:
        yield Contradiction(("AWS_SESSION_TOKEN", key), f"needs {key} and {secret}, which are not set")


def _compatible(settings: Settings) -> Iterator[Contradiction]:
    if settings.storage_type == "s3_compatible":
        needed = ("S3_COMPATIBLE_ENDPOINT", "S3_COMPATIBLE_BUCKET_NAME", *_COMPATIBLE_KEYS)
        yield from _needed(settings, "s3_compatible", needed)


def unused_halves(settings: Settings) -> list[Contradiction]:
    """Incomplete key pairs of a storage that is not in use: nothing fails, but something was probably forgotten."""
    found = [] if settings.storage_type == "s3" else list(_aws_keys(settings))
    return found if settings.storage_type == "s3_compatible" else [*found, *_pair(settings, *_COMPATIBLE_KEYS)]


def _needed(settings: Settings, kind: str, names: tuple[str, ...]) -> Iterator[Contradiction]:
    for name in names:
        if _value(settings, name) is None:
            yield Contradiction(("STORAGE_TYPE", name), f"{kind} needs {name}, which is not set", name)


def _pair(settings: Settings, first: str, second: str) -> Iterator[Contradiction]:
    for name, other in ((first, second), (second, first)):
        if _value(settings, name) is not None and _value(settings, other) is None:
            yield Contradiction((name, other), f"is set without {other}; set both or neither", other)


def _secret_key(settings: Settings) -> Iterator[Contradiction]:
    if settings.secret_key is not None:
        problem = secret_key_problem(settings.secret_key)
        if problem:
            yield Contradiction(("SECRET_KEY",), problem)
    current, *previous = settings.signing_keys
    for key in previous:
        if secret_key_problem(key):
            text = (
                f"contains a key that is too easy to guess: each must have at least {MIN_SECRET_KEY_LENGTH} random "
                "characters"
            )
            yield Contradiction(("SECRET_KEY_PREVIOUS",), text)
        elif key == current:
            yield Contradiction(
                ("SECRET_KEY_PREVIOUS", "SECRET_KEY"), "contains the current SECRET_KEY; list only earlier keys here"
            )


def secret_key_problem(key: SecretStr) -> str | None:
    """Why `key` is not suitable; None if it is."""
    text = key.get_secret_value()
    plain = text.lower()
    if any(word in plain for word in _PLACEHOLDERS):
        return "is a placeholder; remove it to have a key generated"
    if len(text) < MIN_SECRET_KEY_LENGTH or len(set(text)) < _MIN_DISTINCT:
        return (
            f"is too easy to guess: use at least {MIN_SECRET_KEY_LENGTH} random characters, or remove it to have a "
            "key generated"
        )
    return None


def _folders(settings: Settings) -> Iterator[Contradiction]:
    objects = settings.local_storage_path / "objects"
    for name in ("IMAGE_STORAGE_PATH", "DATA_DIR"):
        folder = _value(settings, name)
        if folder == objects or objects in folder.parents:
            yield Contradiction(
                (name, "LOCAL_STORAGE_PATH"),
                "must not be inside the folder `objects` of LOCAL_STORAGE_PATH, which is only for stored files",
            )


def _sessions(settings: Settings) -> Iterator[Contradiction]:
    if settings.session_idle_hours > settings.session_max_days * 24:
        yield Contradiction(("SESSION_IDLE_HOURS", "SESSION_MAX_DAYS"), "must not be longer than SESSION_MAX_DAYS")


def _links(settings: Settings) -> Iterator[Contradiction]:
    if 0 < settings.link_max_expiry_days < settings.link_expiry_days:
        yield Contradiction(
            ("LINK_EXPIRY_DAYS", "LINK_MAX_EXPIRY_DAYS"), "must not be longer than LINK_MAX_EXPIRY_DAYS"
        )


def _workers(settings: Settings) -> Iterator[Contradiction]:
    if settings.workers > 1 and not _SPREADS_CONNECTIONS:
        yield Contradiction(
            ("WORKERS",), "must be 1 on this system: only Linux distributes connections over several processes"
        )


def _value(settings: Settings, name: str) -> Any:
    return getattr(settings, name.lower())
