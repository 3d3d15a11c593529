"""Finds out why a storage does not work: name, port, TLS, clock, key, region, bucket, addressing, in this order."""

import asyncio
import contextlib
import ssl
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from botocore.exceptions import ClientError
from yarl import URL

from aishare.core.errors import (
    AishareError,
    BackendDenied,
    BackendError,
    BackendTimeout,
    BackendUnavailable,
    BucketNotFound,
    ClockSkewed,
    ObjectNotFound,
    TlsFailure,
    WrongRegion,
)
from aishare.core.sizes import KiB
from aishare.storage.backends.s3.client import Connection, connect, describe_address
from aishare.storage.backends.s3.config import AddressingStyle, S3Config
from aishare.storage.backends.s3.errors import translated, vendor_code
from aishare.storage.backends.s3.exchange import Greeting, can_connect, greet, speaks_tls, trusted_context
from aishare.storage.backends.s3.guard import GuardedResolver, resolved
from aishare.storage.backends.s3.misplaced import explained, hint_for, in_host
from aishare.storage.backends.s3.proxies import Proxy, proxy_for, without_proxy_hint
from aishare.storage.base import Check, PresignedRequest

_MAX_SKEW_SECONDS: Final = 900
"""S3 refuses requests if the clocks differ by more than 15 minutes."""

_FETCH_LIMIT: Final = 64 * KiB
_TOKEN_CODES: Final = {"ExpiredToken", "InvalidToken", "TokenRefreshRequired"}


class S3Preflight:
    """Preflight on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def checks(self) -> Sequence[Check]:
        run = _Run(self._connection)
        return (
            Check("resolve", run.resolve),
            Check("connect", run.connect),
            Check("clock", run.clock),
            Check("authenticate", run.authenticate),
            Check("bucket", run.bucket),
        )

    async def fetch(self, request: PresignedRequest) -> tuple[int, bytes]:
        config = self._connection.config
        context = await trusted_context(config)
        timeout = aiohttp.ClientTimeout(total=config.read_timeout_seconds, sock_connect=config.connect_timeout_seconds)
        connector = aiohttp.TCPConnector(ssl=context, resolver=GuardedResolver())
        proxy = proxy_for(request.url)
        with translated("fetching a presigned link", config):
            async with (
                aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
                session.request(
                    request.method,
                    _encoded(request.url),
                    headers=request.headers,
                    allow_redirects=False,
                    proxy=None if proxy is None else proxy.url,
                ) as answer,
            ):
                body = b""
                while len(body) < _FETCH_LIMIT and (piece := await answer.content.read(_FETCH_LIMIT - len(body))):
                    body += piece
                return answer.status, body


class _Run:
    """One test; each check leaves what the next one needs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._config = connection.config
        scheme, address = describe_address(connection.config)
        self._tls = scheme == "https"
        parts = urlsplit(f"//{address}")
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._tls else 80)
        self._proxy = proxy_for(connection.config.request_url)
        self._greeting: Greeting | None = None
        self._refusal: BackendError | None = None

    @property
    def _place(self) -> str:
        return f"{self._host}:{self._port}"

    async def resolve(self) -> str:
        if self._proxy is not None:
            return (
                f"Requests go through the proxy {self._proxy.place} ({self._proxy.variable}), which looks up host "
                "names."
            )
        try:
            found = await self._lookup(self._host)
        except OSError as error:
            raise BackendUnavailable(
                f"The host name {self._host} cannot be resolved.", hint=await self._resolve_hint()
            ) from error
        return f"{self._host} is {found}"

    async def _lookup(self, host: str) -> str:
        return ", ".join(sorted(await resolved(host, self._port)))

    async def _resolve_hint(self) -> str:
        names = self._config.names
        if self._host.startswith(f"{self._config.bucket}."):
            with contextlib.suppress(OSError):
                await self._lookup(self._host.removeprefix(f"{self._config.bucket}."))
                if (host := in_host(self._config)) is not None:
                    return hint_for(self._config, host, self._config.bucket)
                return "The storage has no host name for each bucket: set S3_COMPATIBLE_ADDRESSING_STYLE=path."
        return f"Correct the host in {names.endpoint}, or the DNS settings of this server."

    async def connect(self) -> str:
        if self._proxy is not None:
            return await self._connect_to_proxy(self._proxy)
        context = await trusted_context(self._config) if self._tls else None
        try:
            async with asyncio.timeout(self._config.connect_timeout_seconds):
                self._greeting = await greet(self._host, self._port, context=context)
        except TimeoutError as error:
            raise await self._silent() from error
        except OSError as error:
            raise await self._unreachable(error) from error
        if not self._tls:
            await self._check_plain(self._greeting)
        elif self._greeting.status is None:
            raise BackendError(f"The server at {self._place} does not use HTTP.", hint=self._endpoint_hint)
        return f"{'TLS' if self._tls else 'TCP'} connection to {self._place}"

    async def _connect_to_proxy(self, proxy: Proxy) -> str:
        """What is behind it is only tested by the next steps."""
        try:
            async with asyncio.timeout(self._config.connect_timeout_seconds):
                await can_connect(proxy.host, proxy.port)
        except OSError as error:
            reason = _reason(error) if proxy.usable else "it is not an http:// address"
            raise BackendUnavailable(
                f"The proxy {proxy.place} ({proxy.variable}) cannot be used: {reason}.",
                hint=without_proxy_hint(proxy, self._host),
            ) from error
        return f"TCP connection to the proxy {proxy.place} ({proxy.variable})"

    @property
    def _endpoint_hint(self) -> str:
        return f"Correct the host and port in {self._config.names.endpoint}, and check that the storage is running."

    async def _silent(self) -> AishareError:
        """Some servers wait for the end of a line, which a TLS greeting does not contain."""
        if self._tls and await self._speaks_plain_http():
            return self._plain()
        return BackendTimeout(f"{self._place} does not respond.", hint=self._endpoint_hint)

    async def _unreachable(self, error: OSError) -> AishareError:
        names = self._config.names
        if isinstance(error, ssl.SSLCertVerificationError):
            return TlsFailure(
                f"The certificate of {self._place} is not trusted: {error.verify_message}.",
                hint="Set S3_CA_BUNDLE to the certificate of its authority, or correct the host in " + names.endpoint,
            )
        if isinstance(error, ConnectionRefusedError) or not self._tls or not await self._speaks_plain_http():
            if isinstance(error, ssl.SSLError):
                return TlsFailure(f"TLS with {self._place} failed: {error.reason}.", hint=self._endpoint_hint)
            return BackendUnavailable(f"{self._place} cannot be reached: {_reason(error)}.", hint=self._endpoint_hint)
        return self._plain()

    def _plain(self) -> TlsFailure:
        return TlsFailure(
            f"{self._place} uses plain HTTP, not TLS.",
            hint=f"Use http:// in {self._config.names.endpoint}, or give the storage a certificate.",
        )

    async def _speaks_plain_http(self) -> bool:
        try:
            async with asyncio.timeout(self._config.connect_timeout_seconds):
                return (await greet(self._host, self._port, context=None)).status is not None
        except OSError:
            return False

    async def _check_plain(self, greeting: Greeting) -> None:
        """A TLS port answers plain HTTP with a TLS alert, nothing, or a text with status 400."""
        if greeting.status not in {None, HTTPStatus.BAD_REQUEST}:
            return
        if await speaks_tls(self._host, self._port, seconds=self._config.connect_timeout_seconds):
            raise TlsFailure(
                f"{self._place} uses TLS, not plain HTTP.", hint=f"Use https:// in {self._config.names.endpoint}."
            )
        if greeting.status is None:
            raise BackendError(f"The server at {self._place} does not use HTTP.", hint=self._endpoint_hint)

    async def clock(self) -> str:
        theirs = self._greeting.date if self._greeting is not None else None
        if theirs is None:
            return "The storage does not report its time, so the clock was not checked."
        offset = (theirs.astimezone(UTC) - datetime.now(UTC)).total_seconds() + 0.5  # the header only has whole seconds
        if abs(offset) > _MAX_SKEW_SECONDS:
            raise ClockSkewed(
                f"The storage's clock differs from this server's clock by {offset:+.0f} s.",
                hint="Set the clock of this server (NTP); S3 allows a difference of 15 minutes at most.",
            )
        return f"The storage's clock differs from this server's clock by {offset:+.0f} s."

    async def authenticate(self) -> str:
        try:
            await self._list(self._connection)
        except BackendError as error:
            if not _concerns_bucket(error):
                raise explained(_not_s3(error, self._config), self._config) from error.__cause__
            self._refusal = error
        return f"The access key is accepted by {self._place}."

    async def _list(self, connection: Connection) -> None:
        prefix = connection.full("")
        request = connection.client.list_objects_v2(Bucket=self._config.bucket, Prefix=prefix, MaxKeys=1)
        page = await connection.call(request, f"listing bucket {self._config.bucket}")
        if not {"Name", "KeyCount", "MaxKeys", "IsTruncated"} & page.keys():
            raise BackendError(f"{self._place} responds, but not with the contents of a bucket.")

    async def bucket(self) -> str:
        if isinstance(self._refusal, BucketNotFound):
            raise explained(await self._other_style(self._refusal), self._config)
        if self._refusal is not None:
            raise explained(self._refusal, self._config)
        return f"Bucket {self._config.bucket} exists and can be listed."

    async def _other_style(self, refusal: BackendError) -> BackendError:
        """A bucket may seem missing because it is in the wrong part of the address."""
        virtual = self._config.style is AddressingStyle.VIRTUAL
        style = AddressingStyle.PATH if virtual else AddressingStyle.VIRTUAL
        try:
            async with AsyncExitStack() as stack:
                await self._list(await connect(replace(self._config, addressing_style=style), stack))
        except BackendError:
            return refusal
        return BucketNotFound(
            f"{refusal.message}; found with {style.value} addressing",
            hint=f"Set S3_COMPATIBLE_ADDRESSING_STYLE={style.value}.",
        )


def _concerns_bucket(error: BackendError) -> bool:
    """Whether the key was accepted and only the bucket is wrong."""
    code = vendor_code(error.__cause__)
    if isinstance(error, WrongRegion):
        return code != "AuthorizationHeaderMalformed"
    if isinstance(error, BucketNotFound):
        return True
    denied = type(error) is BackendDenied and isinstance(error.__cause__, ClientError)
    return denied and code not in _TOKEN_CODES


def _not_s3(error: BackendError, config: S3Config) -> BackendError:
    """A web page, or the storage's web console, at the address of the storage."""
    if not isinstance(error, ObjectNotFound) and (type(error) is not BackendError):
        return error
    hint = f"Check {config.names.endpoint}: the S3 port, not that of a web console (MinIO: 9000, not 9001)."
    return type(error)(error.message, hint=hint)


def _reason(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "no server is listening there"
    if isinstance(error, TimeoutError):
        return "it does not respond"
    return error.strerror or type(error).__name__


def _encoded(url: str) -> URL:
    """Exactly as signed: quoting again would break the signature."""
    return URL(url, encoded=True)
