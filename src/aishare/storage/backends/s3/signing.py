"""Signature Version 4 in headers, for requests without a query whose body is not signed.

AWS, "Authenticating Requests: Using the Authorization Header": docs.aws.amazon.com/AmazonS3/latest/API/
sig-v4-header-based-auth.html. The client's own signer supports every service and every kind of request, and takes six
times as long; tests compare the two.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_UNSIGNED: Final = "UNSIGNED-PAYLOAD"
_SERVICE: Final = "s3"


class HeaderSigner:
    """For one key and region. The derived key is valid for a day and kept."""

    def __init__(self, access_key: str, secret_key: str, region: str) -> None:
        self._access_key = access_key
        self._secret_key = secret_key
        self._region = region
        self._day = ""
        self._mac: hmac.HMAC | None = None

    def signed(self, method: str, host: str, path: str, headers: Mapping[str, str], now: datetime) -> dict[str, str]:
        """`headers` with the signature added. `path` is encoded as it is sent; names of headers in any case."""
        moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        whole = {**headers, "Host": host, "X-Amz-Content-SHA256": _UNSIGNED, "X-Amz-Date": moment}
        lines = {name.lower(): " ".join(value.split()) for name, value in whole.items()}
        names = ";".join(sorted(lines))
        canonical = "".join(f"{name}:{lines[name]}\n" for name in sorted(lines))
        request = f"{method}\n{path}\n\n{canonical}\n{names}\n{_UNSIGNED}"
        scope = f"{moment[:8]}/{self._region}/{_SERVICE}/aws4_request"
        text = f"{_ALGORITHM}\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        mac = self._mac_of(moment[:8]).copy()
        mac.update(text.encode())
        credential = f"{self._access_key}/{scope}"
        proof = f"{_ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={mac.hexdigest()}"
        return {**whole, "Authorization": proof}

    def _mac_of(self, day: str) -> hmac.HMAC:
        """To be copied: copying is faster than `hmac.digest`, which also releases the GIL."""
        if self._mac is None or day != self._day:
            key = f"AWS4{self._secret_key}".encode()
            for part in (day, self._region, _SERVICE, "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._day, self._mac = day, hmac.new(key, digestmod="sha256")
        return self._mac
