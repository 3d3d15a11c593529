"""The only cookie parser (RFC 6265 §4.2.1), used for sessions, link passwords and downloads.

Browsers also send cookies that other sites on the same host have set, in any format. Cookies that are not ours are
skipped wherever they are; the parser of the standard library drops everything after the first invalid name.
"""

from typing import Final

from starlette.types import Scope

_TRIED: Final = 16
"""Most cookies of one name that are tried. Other sites on the same domain may have set some, and checking each one
takes time.
"""


def cookie_values(scope: Scope, name: str) -> tuple[str, ...]:
    """All values of cookies with this name, in order: if there are two, browsers send the more specific one first."""
    wanted = name.encode("ascii")
    found = [
        content.strip().decode("latin-1")
        for header, value in scope["headers"]
        if header == b"cookie"
        for key, _, content in (pair.partition(b"=") for pair in value.split(b";"))
        if key.strip() == wanted and content.strip()
    ]
    return tuple(dict.fromkeys(found))[:_TRIED]
