"""The one reader of cookies (RFC 6265 §4.2.1): those of sessions, of passwords of links and of downloads.

A browser sends along what neighbours of the same host have set, in any spelling. So whatever is not ours is passed
over, wherever it stands; the parser of the standard library drops all the rest at the first odd name.
"""

from typing import Final

from starlette.types import Scope

_TRIED: Final = 16
"""Of cookies of one name. A neighbour may have set some; each costs a look whether it is ours."""


def cookie_values(scope: Scope, name: str) -> tuple[str, ...]:
    """All that came under this name, the first one first: of two browsers send the more specific first."""
    wanted = name.encode("ascii")
    found = [
        content.strip().decode("latin-1")
        for header, value in scope["headers"]
        if header == b"cookie"
        for key, _, content in (pair.partition(b"=") for pair in value.split(b";"))
        if key.strip() == wanted and content.strip()
    ]
    return tuple(dict.fromkeys(found))[:_TRIED]
