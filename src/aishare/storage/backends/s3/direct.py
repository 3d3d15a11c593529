"""The most frequent requests, without most of the client's overhead.

Only successful responses are handled here; anything else is requested again through the client, which knows all errors,
retries and explains. The network connection is the client's own; its hooks, endpoint rules, signer and parsers are left
out, because they cost more than the request itself (docs/decisions/0042-direct-requests.md).
"""

from collections.abc import AsyncIterable, Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

import aiohttp
from botocore import exceptions as boto

from aishare.core.clock import utc_now
from aishare.storage.backends.s3.config import AddressingStyle, Profile, S3Config
from aishare.storage.backends.s3.session import StraightSession
from aishare.storage.backends.s3.signing import HeaderSigner

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client

_READ: Final = frozenset({200, 206})
_WRITTEN: Final = frozenset({200})
_UNPACKED: Final = {"Accept-Encoding": "identity"}
_HEADERS: Final = {
    "content-length": "ContentLength",
    "content-range": "ContentRange",
    "content-type": "ContentType",
    "etag": "ETag",
    "x-amz-server-side-encryption": "ServerSideEncryption",
    "x-amz-server-side-encryption-customer-algorithm": "SSECustomerAlgorithm",
}

Body = bytes | AsyncIterable[bytes]
"""What is sent: bytes, or pieces that can be iterated again from the start."""

Answer = dict[str, Any]
"""Same format as the client's responses: header values under the client's names, and `Body`."""


class _ResponseBody:
    """The body of a response; the client's own class checks the length, which `read` does itself."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def read(self, at_most: int = -1) -> bytes:
        return await self._answer.content.read(at_most)

    def close(self) -> None:
        """Ends the connection, unless the whole response has arrived: then it is reused."""
        self._answer.close()


class Direct:
    """Signs and sends requests itself. Not available if the client signs in another way: see `direct`."""

    def __init__(self, config: S3Config, signer: HeaderSigner, session: StraightSession) -> None:
        self._session = session
        self._signer = signer
        root = urlsplit(_root(config))
        self._origin, self._host, self._path = f"{root.scheme}://{root.netloc}", root.netloc, root.path
        self._proxy = session.proxy_of(self._origin)

    async def get(self, full_key: str, asked: str) -> Answer | None:
        """GetObject with this Range; None if the client must send the request."""
        answer = await self._send("GET", full_key, {"Range": asked}, None, _READ)
        return None if answer is None else _parsed(answer.headers) | {"Body": _ResponseBody(answer)}

    async def put(self, full_key: str, body: Body, *, headers: Mapping[str, str]) -> Answer | None:
        """PutObject of a body whose length is in the headers; None if the client must send it."""
        answer = await self._send("PUT", full_key, headers, body, _WRITTEN)
        if answer is None:
            return None
        answer.release()
        return _parsed(answer.headers)

    async def _send(
        self, method: str, full_key: str, headers: Mapping[str, str], body: Body | None, good: frozenset[int]
    ) -> aiohttp.ClientResponse | None:
        path = self._path + quote(full_key, safe="/~")
        signed = self._signer.signed(method, self._host, path, headers, utc_now())
        url = self._origin + path
        try:
            answer = await self._session.ask(method, url, headers=signed | _UNPACKED, data=body, **self._proxy)
        except aiohttp.ConnectionTimeoutError as error:
            raise boto.ConnectTimeoutError(endpoint_url=url, error=error) from error
        except TimeoutError:
            raise  # refused, broken or odd: the client retries several times anyway
        except (aiohttp.ClientError, OSError, ValueError):  # refused, broken or odd: the client tries several times
            return None
        if answer.status not in good:
            answer.close()
            return None
        return answer


def direct(config: S3Config, client: "S3Client") -> Direct | None:
    """For storages with their own keys and unsigned bodies; AWS has its own ways for both."""
    if config.profile is not Profile.S3_COMPATIBLE or config.sign_payload or config.secret_key is None:
        return None
    signer = HeaderSigner(config.access_key or "", config.secret_key.get_secret_value(), config.signing_region)
    return Direct(config, signer, client._endpoint.http_session)  # type: ignore[attr-defined]  # noqa: SLF001


def _root(config: S3Config) -> str:
    scheme, _, rest = config.reachable_url.partition("://")
    if config.style is AddressingStyle.VIRTUAL:
        return f"{scheme}://{config.bucket}.{rest}/"
    return f"{scheme}://{rest}/{config.bucket}/"


def _parsed(headers: Mapping[str, str]) -> Answer:
    answer: Answer = {name: headers[header] for header, name in _HEADERS.items() if header in headers}
    if "last-modified" in headers:
        answer["LastModified"] = parsedate_to_datetime(headers["last-modified"])
    return answer
