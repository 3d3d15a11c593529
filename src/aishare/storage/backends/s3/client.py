"""The aiobotocore client: every setting that matters, and one way to call it."""

import asyncio
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypedDict, TypeVar
from urllib.parse import urlsplit

from aiobotocore.config import AioConfig

from aishare.core.keys import Key
from aishare.storage.backends.s3.config import POOL_CONNECTIONS, Profile, S3Config
from aishare.storage.backends.s3.direct import Direct, direct
from aishare.storage.backends.s3.environment import certificates_for, naming_the_culprit, session_for
from aishare.storage.backends.s3.errors import translated
from aishare.storage.backends.s3.guard import GuardedResolver
from aishare.storage.backends.s3.proxies import proxy_for
from aishare.storage.backends.s3.session import StraightSession

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client

_T = TypeVar("_T")

_SLOWEST_BYTES_PER_SECOND: Final = 64 * 1024
"""A slower transfer counts as stalled: 8 MiB may take two minutes."""


class ObjectAddress(TypedDict):
    """The parameters that name an object."""

    Bucket: str
    Key: str


@dataclass(frozen=True, slots=True)
class Connection:
    """A client bound to one bucket and prefix; shared by all operations."""

    client: "S3Client"
    signer: "S3Client"
    """A client for the public endpoint; it only signs, and never connects."""
    config: S3Config
    direct: Direct | None
    """A faster client for simple requests, if available."""

    def full(self, key: str) -> str:
        """The name in the bucket."""
        return f"{self.config.prefix}/{key}" if self.config.prefix else key

    def place(self, key: Key) -> ObjectAddress:
        return ObjectAddress(Bucket=self.config.bucket, Key=self.full(key))

    async def call(self, request: Awaitable[_T], doing: str, *, body_bytes: int = 0) -> _T:
        """Waits for a response, with our errors and a deadline; the client has none of its own for a stalled upload."""
        with translated(doing, self.config):
            async with asyncio.timeout(self.patience_seconds(body_bytes)):
                return await request

    def patience_seconds(self, body_bytes: int = 0) -> float:
        """How long the response to a request of this size may take."""
        attempts = self.config.connect_timeout_seconds + self.config.read_timeout_seconds
        return attempts * 2 + body_bytes / _SLOWEST_BYTES_PER_SECOND


async def connect(config: S3Config, stack: AsyncExitStack) -> Connection:
    """Creates the clients; `stack` closes them. Does not contact the storage."""
    client = await _client(config, stack, endpoint_url=config.endpoint_url)
    signer = client
    if config.public_endpoint_url is not None:
        signer = await _client(config, stack, endpoint_url=config.public_endpoint_url)
    return Connection(client=client, signer=signer, config=config, direct=direct(config, client))


async def _client(config: S3Config, stack: AsyncExitStack, *, endpoint_url: str | None) -> "S3Client":
    secret = config.secret_key.get_secret_value() if config.secret_key is not None else None
    token = config.session_token.get_secret_value() if config.session_token is not None else None
    certificates = await asyncio.to_thread(certificates_for, config)
    with translated("opening the client", config), naming_the_culprit():
        client = await stack.enter_async_context(
            session_for(config).create_client(
                "s3",
                region_name=config.signing_region,
                endpoint_url=endpoint_url,
                aws_access_key_id=config.access_key,
                aws_secret_access_key=secret,
                aws_session_token=token,
                verify=certificates,
                config=_settings(config),
            )
        )
    client.meta.events.register_last("before-call.s3", _tame)
    return client


def _settings(config: S3Config) -> AioConfig:
    compatible = config.profile is Profile.S3_COMPATIBLE
    proxy = proxy_for(config.request_url)
    s3: dict[str, Any] = {"addressing_style": config.style.value}
    if compatible:
        # Without this, `when_required` makes botocore hash every body with SHA-256: one second of CPU time per GiB.
        s3["payload_signing_enabled"] = config.sign_payload
    return AioConfig(
        signature_version="s3v4",
        s3=s3,
        # Storages from before 2025 refuse or store botocore's CRC32 trailers (boto/boto3#4392, #4435).
        request_checksum_calculation="when_required" if compatible else "when_supported",
        # Useless for ranges and multipart objects; our own chunk digests detect more.
        response_checksum_validation="when_required",
        retries={"mode": "standard", "total_max_attempts": config.max_attempts},
        connect_timeout=config.connect_timeout_seconds,
        read_timeout=config.read_timeout_seconds,
        max_pool_connections=POOL_CONNECTIONS,
        connector_args={"resolver": GuardedResolver()},
        http_session_cls=StraightSession,
        # Empty if there is none: otherwise the client would read the environment again, and understand less of it.
        proxies={} if proxy is None else {urlsplit(config.request_url).scheme: proxy.url},
        tcp_keepalive=True,
    )


def _tame(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    """Turns off two things that botocore does by default.

    Expect: 100-continue makes aiohttp wait for a response that not every proxy sends. And following a bucket into
    another region would hide a wrong setting, which then breaks presigned links, because they cannot follow.
    """
    params["headers"].pop("Expect", None)
    context.setdefault("s3_redirect", {})["redirected"] = True


def describe_address(config: S3Config) -> tuple[str, str]:
    """Scheme and `host` or `host:port` that requests are sent to."""
    parts = urlsplit(config.request_url)
    return parts.scheme, parts.netloc
