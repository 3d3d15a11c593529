"""The base class of all errors of aishare."""

from typing import ClassVar


class AishareError(Exception):
    """The base class of all errors of aishare."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def with_advice(message: str, hint: str | None) -> str:
    """Message and hint as sentences on one line."""
    if not hint:
        return message
    return f"{message} {hint}" if message.endswith((".", "!", "?")) else f"{message}. {hint}"
