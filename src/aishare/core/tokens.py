"""The scopes of API tokens."""

from collections.abc import Iterable
from typing import Final, Literal

TokenScope = Literal["read", "write", "admin"]

READ: Final = "read"
WRITE: Final = "write"
"""`write` includes `read`."""
ADMIN: Final = "admin"
"""Only what its owner can do as an administrator."""

TOKEN_SCOPES: Final[tuple[TokenScope, ...]] = (READ, WRITE, ADMIN)
"""In display order."""


def ordered_scopes(scopes: Iterable[str]) -> tuple[TokenScope, ...]:
    """Each scope once."""
    wanted = set(scopes)
    return tuple(scope for scope in TOKEN_SCOPES if scope in wanted)
