"""The client's way to the network, told not to follow redirects, and open to requests without the client around them.

S3 answers a redirect to say that a setting is wrong, and whoever runs the far side must not choose what we ask next.
aiohttp follows by default, and aiobotocore 3.10 has no setting for it.
"""

from typing import Any

import aiohttp
from aiobotocore.httpsession import AIOHTTPSession
from yarl import URL


class StraightSession(AIOHTTPSession):
    """Gives redirects to the caller, who takes them for what they are: errors."""

    async def _get_session(self, proxy_url: str | None) -> "_NoRedirects":
        return _NoRedirects(await super()._get_session(proxy_url))  # type: ignore[misc]  # known to no stub

    def proxy_of(self, url: str) -> dict[str, Any]:
        """The options for `ask` that lead there: through no proxy, or the one of the environment."""
        config = self._proxy_config  # type: ignore[attr-defined]
        return {"proxy": config.proxy_url_for(url), "proxy_headers": config.proxy_headers_for(url)}

    async def ask(self, method: str, url: str, **options: Any) -> aiohttp.ClientResponse:
        """One request through the connections, limits and certificates of the client. Raises what aiohttp raises.

        `url` is encoded already, and signed so; `options` are aiohttp's, with those of `proxy_of`.
        """
        session = await self._get_session(options["proxy"])
        return await session.request(method, url=URL(url, encoded=True), **options)


class _NoRedirects:
    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def request(self, method: str, **options: Any) -> aiohttp.ClientResponse:
        return await self._session.request(method, allow_redirects=False, **options)
