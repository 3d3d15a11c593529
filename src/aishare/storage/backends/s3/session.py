"""The client's network connection, which does not follow redirects, and also allows requests without the client.

S3 redirects if a setting is wrong, and the other side must not decide what we request next. aiohttp follows redirects
by default, and aiobotocore 3.10 has no setting for it.
"""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
from aiobotocore.httpsession import AIOHTTPSession
from yarl import URL

from aishare.core.certificates import certificate_file, digest_of


class StraightSession(AIOHTTPSession):
    """Returns redirects to the caller, which treats them as errors.

    Renewed certificates under the same file name take effect with the first server that the old ones do not trust.
    """

    _trusted = ""
    """The digest of the CA certificates used for current connections."""

    async def _get_session(self, proxy_url: str | None) -> "_Requests":
        return _Requests(self, proxy_url, await super()._get_session(proxy_url))  # type: ignore[misc]  # no stub has it

    async def _create_connector(self, proxy_url: str | None) -> aiohttp.TCPConnector:
        self._trusted = await asyncio.to_thread(digest_of, self._certificates)
        return await super()._create_connector(proxy_url)  # type: ignore[misc,no-any-return]

    async def renewed(self, proxy_url: str | None) -> aiohttp.ClientSession | None:
        """Connections that trust the current content of the file; None if that is not valid."""
        try:
            found = await asyncio.to_thread(certificate_file, self._certificates)
        except ValueError:
            return None
        if found.digest != self._trusted:
            self._sessions.clear()  # type: ignore[attr-defined]  # running requests end on the old ones
        return await super()._get_session(proxy_url)  # type: ignore[misc,no-any-return]

    @property
    def _certificates(self) -> Path:
        return Path(str(self._verify))  # type: ignore[attr-defined]

    def proxy_of(self, url: str) -> dict[str, Any]:
        """The options for `ask`: no proxy, or the one of the environment."""
        config = self._proxy_config  # type: ignore[attr-defined]
        return {"proxy": config.proxy_url_for(url), "proxy_headers": config.proxy_headers_for(url)}

    async def ask(self, method: str, url: str, **options: Any) -> aiohttp.ClientResponse:
        """One request with the connections, limits and certificates of the client. Raises the errors of aiohttp.

        `url` is already encoded, and signed in that form; `options` are aiohttp's, with those of `proxy_of`.
        """
        session = await self._get_session(options["proxy"])
        return await session.request(method, url=URL(url, encoded=True), **options)


class _Requests:
    def __init__(self, owner: StraightSession, proxy_url: str | None, session: aiohttp.ClientSession) -> None:
        self._owner = owner
        self._proxy_url = proxy_url
        self._session = session

    async def request(self, method: str, **options: Any) -> aiohttp.ClientResponse:
        try:
            return await self._session.request(method, allow_redirects=False, **options)
        except aiohttp.ClientConnectorCertificateError:  # nothing was sent yet
            renewed = await self._owner.renewed(self._proxy_url)
            if renewed is None or renewed is self._session:
                raise
        return await renewed.request(method, allow_redirects=False, **options)
