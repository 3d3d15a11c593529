"""How `aishare download` gets one file: in as many requests as necessary, and only under its name once its SHA-256 is
correct.

The content goes into a part file next to the target, whose name contains the version of the content: an interrupted
download is resumed where it stopped (RFC 9110 §14: Range with If-Range), and never mixes versions.
"""

import asyncio
import base64
import fcntl
import hashlib
import io
import os
import re
import shutil
import sys
import tempfile
import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import unquote, urlsplit, urlunsplit

import aiohttp

from aishare.cli.commands.requesting import InterruptedAttempt, in_words, opened_session, refusal, request, unlock
from aishare.cli.commands.standard_output import StandardOutput
from aishare.cli.endings import WrongCommandLine
from aishare.core.errors import AishareError, Conflict
from aishare.core.sizes import MiB

Progress = Callable[[int, int | None], None]
"""Called with the number of bytes downloaded and the total."""

_PIECE: Final = 1 * MiB
_ATTEMPTS: Final = 5
"""Failed attempts in a row that brought no byte; any received byte resets the count."""

_FIRST_ATTEMPTS: Final = 2
"""An address that does not answer at all is more often wrong than busy."""

_LONGEST_WAIT_SECONDS: Final = 30.0
_Handle = io.FileIO | StandardOutput
_PAGES: Final = frozenset({"application/json", "application/problem+json", "text/html"})
"""What services answer that is no file: files with these types come under a name."""

_STRONG_ETAG: Final = re.compile(r'"[\x21\x23-\x7e]*"')
_HEX_SHA256: Final = re.compile(r'"([0-9a-f]{64})"')
_DIGEST: Final = re.compile(r"\bsha-256=:([A-Za-z0-9+/=]{44}):")
_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """What the server reports about the content."""

    name: str
    size_bytes: int | None
    etag: str | None
    """Strong, or None."""
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Download:
    """One file to download. `target` may be a folder; without one, the working directory is used."""

    url: str
    target: Path | None = None
    token: str | None = None
    replace: bool = False
    password: str | None = None
    """Of the link."""

    async def run(self, progress: Progress) -> tuple[Path, RemoteFile]:
        """The complete, verified file; AishareError for everything else."""
        async with opened_session(self.token) as session:
            remote = await self._found(session)
            target = self._target(remote)
            if await asyncio.to_thread(target.exists) and await self._is_there(target, remote):
                return target, remote
            part = _PartialFile.beside(target, remote)
            with part.opened() as handle:
                await self._filled(session, part, handle, progress)
                await asyncio.to_thread(_finish, part, handle, target)
        return target, remote

    async def pipe(self, progress: Progress, stream: BinaryIO | None = None) -> RemoteFile:
        """To `stream` or standard output, as it arrives; AishareError if the content was wrong."""
        async with opened_session(self.token) as session:
            remote = await self._found(session)
            if remote.sha256 is None:
                await self._pipe_archive(session, remote, progress, stream or sys.stdout.buffer)
                return remote
            output = StandardOutput(stream)
            await self._filled(session, _PartialFile(self.target or Path("-"), remote), output, progress)
            output.require(remote.sha256)
        return remote

    async def _pipe_archive(
        self, session: aiohttp.ClientSession, remote: RemoteFile, progress: Progress, stream: BinaryIO
    ) -> None:
        """An archive can only be verified at its end, so it is checked before any of it is passed on."""
        with tempfile.TemporaryDirectory(prefix="aishare-") as folder:
            part = _PartialFile(Path(folder) / "archive", remote)
            with part.opened() as handle:
                await self._filled(session, part, handle, progress)
            await asyncio.to_thread(_require_whole_archive, part)
            with part.path.open("rb") as archive:
                await asyncio.to_thread(shutil.copyfileobj, archive, stream)
            stream.flush()

    async def _found(self, session: aiohttp.ClientSession) -> RemoteFile:
        url = content_url(self.url)
        if self.password is not None:
            door = unlock_url(url)
            await _retrying(lambda: unlock(session, door, str(self.password)), attempts=_FIRST_ATTEMPTS)
        found: RemoteFile = await _retrying(lambda: _look(session, url), attempts=_FIRST_ATTEMPTS)
        return found

    async def _filled(
        self, session: aiohttp.ClientSession, part: "_PartialFile", handle: _Handle, progress: Progress
    ) -> None:
        url = content_url(self.url)
        await _retrying(lambda: _fill(session, url, part, handle, progress), part=handle)

    def _target(self, remote: RemoteFile) -> Path:
        if self.target is None or self.target.is_dir():
            return (self.target or Path()) / remote.name
        if not self.target.parent.is_dir():
            raise WrongCommandLine(
                f"The folder {self.target.parent} does not exist.", hint="Create it, or choose another file."
            )
        return self.target

    async def _is_there(self, target: Path, remote: RemoteFile) -> bool:
        if remote.sha256 == await asyncio.to_thread(_digest_of, target):
            return True
        if self.replace:
            return False
        raise Conflict(
            f"{target} already exists and has different content.",
            hint="Choose another file with -o, or add --replace.",
        )


@dataclass(slots=True)
class _PartialFile:
    """The part file."""

    path: Path
    remote: RemoteFile
    straight: bool = False
    """Whether to download through the server itself, because its redirect has already failed."""

    @classmethod
    def beside(cls, target: Path, remote: RemoteFile) -> "_PartialFile":
        """Without a strong validator it is unknown which version the bytes belong to: such a part file is never
        resumed.
        """
        version = "" if remote.etag is None else hashlib.sha256(remote.etag.encode()).hexdigest()[:12] + "."
        return cls(target.with_name(f"{target.name}.{version}part"), remote)

    def opened(self) -> io.FileIO:
        """Opened at its end; locked by this process."""
        try:
            # unbuffered: written data survives a kill, and closing cannot fail
            handle = self.path.open("ab+", buffering=0)
        except OSError as error:
            raise AishareError(f"{self.path} cannot be written: {error.strerror}.") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            raise AishareError(f"Another download is writing to {self.path}.") from None
        size = self.remote.size_bytes
        if size is not None and handle.tell() > size:
            _empty(handle)
        return handle


def content_url(url: str) -> str:
    """The address of the content, also for the address of a page: of a link or of a file."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise WrongCommandLine(
            f"{url!r} is not a valid address.", hint="Use an address that starts with http:// or https://."
        )
    path = re.sub(r"^((?!/api/).*/|/)s/([^/]+)/?$", r"\1d/\2", parts.path)
    path = re.sub(r"^((?:(?!/(?:api|d|s)/).)*/)file/([^/]+)/?$", r"\1api/files/\2", path)
    path = re.sub(r"^((?:(?!/(?:d|s)/).)*/)api/files/([^/]+)/?$", r"\1api/files/\2/content", path)
    return urlunsplit(parts._replace(path=path, fragment=""))


def unlock_url(url: str) -> str:
    """The address for the password of a link."""
    parts = urlsplit(url)
    found = re.match(r"^(?:(?!/api/).*/|/)d/[^/]+", parts.path)
    if found is None:
        raise WrongCommandLine(f"{url!r} is not a link; only links have passwords.")
    return urlunsplit(parts._replace(path=f"{found[0]}/unlock", query=""))


def safe_name(disposition: str | None, url: str) -> str:
    """A name inside one folder: a name sent by a server must not lead elsewhere, nor control the terminal."""
    with warnings.catch_warnings(action="ignore"):  # from a malformed header; the address contains a name too
        _, parameters = aiohttp.parse_content_disposition(disposition)
    name = aiohttp.content_disposition_filename(parameters) or unquote(urlsplit(url).path.rpartition("/")[2])
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(letter for letter in name if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    return name if name.strip(". ") else "download"


async def _look(session: aiohttp.ClientSession, url: str) -> RemoteFile:
    async with request(session, "HEAD", url) as answer:
        if answer.status >= 400:  # noqa: PLR2004 - HTTP
            # the reason is in the body, which HEAD does not have
            async with request(session, "GET", url, {"Range": "bytes=0-0"}) as told:
                raise await refusal(told if told.status >= 400 else answer)  # noqa: PLR2004
        if answer.content_type in _PAGES and "Content-Disposition" not in answer.headers:
            raise WrongCommandLine(
                f"There is no file at {url}.",
                hint="Use the address of a link, of a file's page, or /api/files/ID/content.",
            )
        return _remote(answer, url)


def _remote(answer: aiohttp.ClientResponse, url: str) -> RemoteFile:
    etag = answer.headers.get("ETag")
    digest = _DIGEST.search(answer.headers.get("Repr-Digest", ""))
    named = _HEX_SHA256.fullmatch(etag or "")
    return RemoteFile(
        name=safe_name(answer.headers.get("Content-Disposition"), url),
        size_bytes=answer.content_length,
        etag=etag if etag and _STRONG_ETAG.fullmatch(etag) else None,
        sha256=base64.b64decode(digest[1]).hex() if digest else named[1] if named else None,
    )


async def _fill(
    session: aiohttp.ClientSession, url: str, part: _PartialFile, handle: _Handle, progress: Progress
) -> None:
    """One request for what is missing; whether the content is correct, even from a storage, is checked at the end."""
    if part.remote.etag is None:
        _empty(handle)
    there = handle.tell()
    if part.remote.size_bytes is not None and there >= part.remote.size_bytes:
        return
    headers = {"Range": f"bytes={there}-", "If-Range": str(part.remote.etag)} if there else {}
    if part.straight or part.remote.sha256 is None:
        headers["Prefer"] = "no-redirect"
    part.straight = True
    async with request(session, "GET", url, headers) as answer:
        if answer.status not in {200, 206}:
            raise await _refused(answer)
        if not answer.history and _remote(answer, url).etag != part.remote.etag:
            raise AishareError("The file was changed during the download.", hint="Start the download again.")
        if answer.status == 206 and _start_of(answer) != there:  # noqa: PLR2004
            raise AishareError("The server sent a different part of the file than requested.")
        if answer.status == 200:  # noqa: PLR2004
            _empty(handle)
        await _copy(answer, part, handle, progress)
    if part.remote.size_bytes is not None and handle.tell() < part.remote.size_bytes:
        raise InterruptedAttempt("The response was shorter than the file.")


async def _refused(answer: aiohttp.ClientResponse) -> Exception:
    """A storage that the server redirects to may refuse what the server itself would send."""
    if answer.history:
        return InterruptedAttempt(f"{answer.url.host} responded with status {answer.status}.")
    return await refusal(answer)


async def _copy(answer: aiohttp.ClientResponse, part: _PartialFile, handle: _Handle, progress: Progress) -> None:
    try:
        async for piece in answer.content.iter_chunked(_PIECE):
            await asyncio.to_thread(_write, handle, piece)
            progress(handle.tell(), part.remote.size_bytes)
    except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
        raise InterruptedAttempt(f"The connection was lost: {in_words(error)}") from error
    except OSError as error:
        raise AishareError(f"{part.path} cannot be written: {error.strerror}.") from error


def _write(handle: _Handle, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[handle.write(view) :]


def _empty(handle: _Handle) -> None:
    handle.truncate(0)
    handle.seek(0)


def _start_of(answer: aiohttp.ClientResponse) -> int | None:
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    return int(found[1]) if found else None


async def _retrying(act: Callable[[], Any], *, attempts: int = _ATTEMPTS, part: _Handle | None = None) -> Any:
    """Retries after a while, as long as it may help."""
    failures, there = 0, -1 if part is None else part.tell()
    while True:
        try:
            return await act()
        except InterruptedAttempt as error:
            now = -1 if part is None else part.tell()
            failures, there = (0 if now > there else failures) + 1, now
            if failures >= attempts:
                raise AishareError(str(error), hint="To resume the download, run the same command again.") from error
            await asyncio.sleep(min(_LONGEST_WAIT_SECONDS, error.wait_seconds or 0.25 * 2**failures))


def _finish(part: _PartialFile, handle: io.FileIO, target: Path) -> None:
    """First verified and written to disk, then renamed."""
    if part.remote.sha256 is None:
        _require_whole_archive(part)
    elif _digest_of(part.path) != part.remote.sha256:
        part.path.unlink(missing_ok=True)
        raise AishareError(
            "The downloaded content is not the file: its SHA-256 is different.",
            hint="It was deleted. Start the download again.",
        )
    os.fsync(handle.fileno())
    part.path.replace(target)


def _require_whole_archive(part: _PartialFile) -> None:
    """An archive is made while it is sent, so it has no digest; each file in it has a checksum."""
    try:
        with zipfile.ZipFile(part.path) as archive:
            damaged = archive.testzip()
    except (zipfile.BadZipFile, NotImplementedError):
        raise AishareError(
            "The server did not send a SHA-256, so the download cannot be verified.",
            hint=f"The downloaded content is in {part.path}.",
        ) from None
    if damaged is not None:
        part.path.unlink(missing_ok=True)
        raise AishareError("A file in the archive is damaged.", hint="It was deleted. Start the download again.")


def _digest_of(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
