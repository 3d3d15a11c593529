"""HTTP requests of `aishare download`: one session, and errors in plain words."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from aishare.cli.endings import WrongCommandLine
from aishare.core.errors import AishareError

_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=60)
_WAIT_STATUSES: Final = frozenset({408, 429, 500, 502, 503, 504})


class InterruptedAttempt(Exception):
    """One attempt failed; another may continue after the bytes that have arrived."""

    def __init__(self, reason: str, wait_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.wait_seconds = wait_seconds


@asynccontextmanager
async def opened_session(token: str | None) -> AsyncIterator[aiohttp.ClientSession]:
    """Sends the token, but not to other hosts that the server redirects to: aiohttp ensures this."""
    # with compression the bytes would differ from those that were stored
    headers = {"Accept-Encoding": "identity", "User-Agent": "aishare-download"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    # a link recognises the requests of one download by a cookie, even if its host is an IP address
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(
        headers=headers, timeout=_TIMEOUT, auto_decompress=False, cookie_jar=jar
    ) as session:
        yield session


@asynccontextmanager
async def request(
    session: aiohttp.ClientSession, method: str, url: str, headers: dict[str, str] | None = None, **options: Any
) -> AsyncIterator[aiohttp.ClientResponse]:
    """The response, whatever its status. Raises InterruptedAttempt if there is none."""
    try:
        answer = await session.request(method, url, headers=headers or {}, allow_redirects=True, **options)
    except aiohttp.InvalidURL as error:
        raise WrongCommandLine(f"{url!r} is not a valid address.") from error
    except aiohttp.TooManyRedirects as error:
        raise AishareError(f"{url} redirects too many times.") from error
    except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
        raise InterruptedAttempt(f"{urlsplit(url).netloc} cannot be reached: {in_words(error)}.") from error
    async with answer:
        yield answer


async def unlock(session: aiohttp.ClientSession, url: str, password: str) -> None:
    """Sends the password of a link; a cookie replaces it from then on."""
    async with request(session, "POST", url, json={"password": password}) as answer:
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise AishareError("The link password is wrong.")
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise await refusal(answer)


async def refusal(answer: aiohttp.ClientResponse) -> Exception:
    """The server's error message, or its status."""
    problem = _problem(await answer.read())
    message = str(problem.get("detail") or f"The server responded with status {answer.status}.")
    if answer.status in _WAIT_STATUSES:
        wait = answer.headers.get("Retry-After", "")
        return InterruptedAttempt(message, float(wait) if wait.isdigit() else None)
    return AishareError(message, hint=_hint(answer.status, problem))


def in_words(error: Exception) -> str:
    """Without the text of the library, which mentions TLS even for plain HTTP."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"its certificate is not trusted ({getattr(error.certificate_error, 'verify_message', 'unknown')})"
    if isinstance(error, aiohttp.ClientConnectorError):
        number = error.os_error.errno or 0
        return os.strerror(number) if number > 0 else error.os_error.strerror or type(error).__name__
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "it closed the connection"
    if isinstance(error, TimeoutError):
        return "it did not respond in time"
    return str(error) or type(error).__name__


def _hint(status: int, problem: dict[str, Any]) -> str | None:
    code = str(problem.get("code", ""))
    if code == "link_password_required":
        return "Pipe the link password in with --password-stdin."
    if status == HTTPStatus.UNAUTHORIZED or code == "link_other_user":
        return "Set AISHARE_TOKEN to an API token, or pipe it in with --token-stdin."
    return problem.get("hint")


def _problem(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
