"""The client's way to the network, told not to follow redirects.

S3 answers a redirect to say that a setting is wrong, and whoever runs the far side must not choose what we ask next.
aiohttp follows by default, and aiobotocore 3.10 has no setting for it.
"""

from typing import Any

import aiohttp
from aiobotocore.httpsession import AIOHTTPSession


class StraightSession(AIOHTTPSession):
    """Gives redirects to the caller, who takes them for what they are: errors."""

    async def _get_session(self, proxy_url: str | None) -> "_NoRedirects":
        return _NoRedirects(await super()._get_session(proxy_url))  # type: ignore[misc]  # known to no stub


class _NoRedirects:
    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def request(self, method: str, **options: Any) -> aiohttp.ClientResponse:
        return await self._session.request(method, allow_redirects=False, **options)
