"""Which downloads may be redirected to the storage itself (DOWNLOAD_MODE=redirect)."""

from collections.abc import Mapping
from typing import Final

from starlette.types import Scope

from aishare.api.http.headers import header

_REDIRECTED: Final = frozenset({200, 206})
_REFUSES: Final = "no-redirect"


def may_redirect(scope: Scope, conditions: Mapping[str, str], status: int) -> bool:
    """Whether the storage would answer this client the same as we do.

    Not with conditions: clients send them along, and the storage knows other ETags. Not for several ranges, which S3
    does not serve. Not for what a page embeds or fetches by script, as its content policy allows only our own address.
    """
    if scope["method"] != "GET" or status not in _REDIRECTED or conditions.keys() - {"range"}:
        return False
    if "," in conditions.get("range", "") or _REFUSES in (header(scope, b"prefer") or ""):
        return False
    return header(scope, b"origin") is None and header(scope, b"sec-fetch-dest") in {None, "document"}
