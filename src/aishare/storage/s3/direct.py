"""The requests that happen by the million, without most of what the client does around each of them.

Only answers that everybody hopes for are taken here; anything else is asked again through the client, which knows every
refusal, retries and explains. The way to the network is the client's own; what is left out are its hooks, endpoint
rules, signer and parsers, which cost more than the request itself (docs/decisions/0042-direct-requests.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from aiobotocore.httpsession import AIOHTTPSession
from aiobotocore.response import StreamingBody
from botocore import exceptions as boto

from aishare.core.clock import utc_now
from aishare.storage.s3.config import AddressingStyle, Profile, S3Config
from aishare.storage.s3.signing import HeaderSigner

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client

_READ: Final = frozenset({200, 206})
_WRITTEN: Final = frozenset({200})
_HEADERS: Final = {
    "content-length": "ContentLength",
    "content-range": "ContentRange",
    "content-type": "ContentType",
    "etag": "ETag",
    "x-amz-server-side-encryption": "ServerSideEncryption",
    "x-amz-server-side-encryption-customer-algorithm": "SSECustomerAlgorithm",
}

Answer = dict[str, Any]
"""Like the client's answers: what the headers say, by its names, and `Body`."""


@dataclass(frozen=True, slots=True)
class _Request:
    """What the session sends. The client's own class wraps each header in two objects."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Any
    stream_output: bool = True


class Direct:
    """Signs and sends by itself. None is made where the client signs in another way: see `direct`."""

    def __init__(self, config: S3Config, signer: HeaderSigner, session: AIOHTTPSession) -> None:
        self._session = session
        self._signer = signer
        root = urlsplit(_root(config))
        self._origin, self._host, self._path = f"{root.scheme}://{root.netloc}", root.netloc, root.path

    async def get(self, full_key: str, asked: str) -> Answer | None:
        """GetObject with this Range; None if the client has to ask."""
        answer = await self._send("GET", full_key, {"Range": asked}, None, _READ)
        if answer is not None:
            answer["Body"] = StreamingBody(answer["Body"], answer.get("ContentLength"))  # type: ignore[arg-type]
        return answer

    async def put(self, full_key: str, body: Any, *, headers: Mapping[str, str]) -> Answer | None:
        """PutObject of a body that seeks; None if the client has to send it."""
        answer = await self._send("PUT", full_key, headers, body, _WRITTEN)
        if answer is not None:
            answer.pop("Body").release()
        return answer

    async def _send(
        self, method: str, full_key: str, headers: Mapping[str, str], body: Any, good: frozenset[int]
    ) -> Answer | None:
        path = self._path + quote(full_key, safe="/~")
        signed = self._signer.signed(method, self._host, path, headers, utc_now())
        request = _Request(method, self._origin + path, signed, body)
        try:
            answer = await self._session.send(request)  # type: ignore[arg-type]  # looks like the client's own kind
        except (boto.ConnectTimeoutError, boto.ReadTimeoutError):
            raise  # asking again would only wait once more
        except (boto.HTTPClientError, boto.ConnectionError):  # refused or broken: the client tries several times
            return None
        if answer.status_code not in good:
            answer.raw.close()
            return None
        return _parsed(answer.raw.headers) | {"Body": answer.raw}


def direct(config: S3Config, client: "S3Client") -> Direct | None:
    """For stores with keys of their own and bodies that are not signed; AWS has ways of its own for both."""
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
