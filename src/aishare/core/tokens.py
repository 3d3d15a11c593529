"""What an API token may be made for."""

from collections.abc import Iterable
from typing import Final, Literal

TokenScope = Literal["read", "write", "admin"]

READ: Final = "read"
WRITE: Final = "write"
"""Whoever may write may read."""
ADMIN: Final = "admin"
"""What its owner may do as an administrator, and no more than that."""

TOKEN_SCOPES: Final[tuple[TokenScope, ...]] = (READ, WRITE, ADMIN)
"""In the order in which they are shown."""


def ordered_scopes(scopes: Iterable[str]) -> tuple[TokenScope, ...]:
    """Each once."""
    wanted = set(scopes)
    return tuple(scope for scope in TOKEN_SCOPES if scope in wanted)
