"""Which downloads can be redirected to the storage (DOWNLOAD_MODE=redirect)."""

from collections.abc import Mapping
from typing import Final

from starlette.types import Scope

from aishare.api.http.headers import header

_REDIRECTED: Final = frozenset({200, 206})
_REFUSES: Final = "no-redirect"


def may_redirect(scope: Scope, conditions: Mapping[str, str], status: int) -> bool:
    """Whether the storage would respond to this client as we do.

    Not with conditions: clients repeat them, and the storage has other ETags. Not for several ranges, which S3 does not
    support. Not for content that a page embeds or fetches by script, because its content policy only allows our own
    address.
    """
    if scope["method"] != "GET" or status not in _REDIRECTED or conditions.keys() - {"range"}:
        return False
    if "," in conditions.get("range", "") or _REFUSES in (header(scope, b"prefer") or ""):
        return False
    return header(scope, b"origin") is None and header(scope, b"sec-fetch-dest") in {None, "document"}
