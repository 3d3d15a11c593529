"""The client's way to the network, told not to follow redirects, and open to requests without the client around them.

S3 answers a redirect to say that a setting is wrong, and whoever runs the far side must not choose what we ask next.
aiohttp follows by default, and aiobotocore 3.10 has no setting for it.
"""

from collections.abc import AsyncIterable, Mapping
from typing import Any

import aiohttp
from aiobotocore.httpsession import AIOHTTPSession
from yarl import URL


class StraightSession(AIOHTTPSession):
    """Gives redirects to the caller, who takes them for what they are: errors."""

    async def _get_session(self, proxy_url: str | None) -> "_NoRedirects":
        return _NoRedirects(await super()._get_session(proxy_url))  # type: ignore[misc]  # known to no stub

    def proxy_of(self, url: str) -> dict[str, Any]:
        """How `ask` reaches it: through no proxy, or the one of the environment."""
        config = self._proxy_config  # type: ignore[attr-defined]
        return {"proxy": config.proxy_url_for(url), "proxy_headers": config.proxy_headers_for(url)}

    async def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | AsyncIterable[bytes | memoryview] | None,
        proxy: Mapping[str, Any],
    ) -> aiohttp.ClientResponse:
        """One request through the connections, limits and certificates of the client. Raises what aiohttp raises.

        `url` is encoded already, and signed so; a body in pieces needs its Content-Length.
        """
        session = await super()._get_session(proxy["proxy"])  # type: ignore[misc]
        answer: aiohttp.ClientResponse = await session.request(
            method, URL(url, encoded=True), headers=headers, data=body, allow_redirects=False, **proxy
        )
        return answer


class _NoRedirects:
    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def request(self, method: str, **options: Any) -> aiohttp.ClientResponse:
        return await self._session.request(method, allow_redirects=False, **options)
