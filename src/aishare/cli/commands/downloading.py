"""How `aishare download` gets one file: in as many requests as it takes, and no file until its SHA-256 is right.

The bytes go into a part file beside the wanted one, whose name carries the version of the content: a download that
ended early goes on where it stopped (RFC 9110 §14: Range with If-Range), and never with bytes of another version.
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
"""Is told how many bytes are there, of how many."""

_PIECE: Final = 1 * MiB
_ATTEMPTS: Final = 5
"""In a row without a single byte; whoever gets some begins to count anew."""

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
    """What the service says about the content."""

    name: str
    size_bytes: int | None
    etag: str | None
    """Strong, or None."""
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Download:
    """One file to fetch. `target` may be a folder; without one it is the working directory."""

    url: str
    target: Path | None = None
    token: str | None = None
    replace: bool = False
    password: str | None = None
    """Of the link."""

    async def run(self, progress: Progress) -> tuple[Path, RemoteFile]:
        """The file, complete and verified; AishareError for everything else."""
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
        """To `stream` or standard output, as it comes; AishareError if that was not the file."""
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
        """What proves an archive stands at its end: it is looked at before anybody gets it."""
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
    """The file that is being filled."""

    path: Path
    remote: RemoteFile
    straight: bool = False
    """Whether to ask the service itself for the bytes: it was tried where it leads to."""

    @classmethod
    def beside(cls, target: Path, remote: RemoteFile) -> "_PartialFile":
        """Without a strong validator nothing can tell which version its bytes are of: such a part is never resumed."""
        version = "" if remote.etag is None else hashlib.sha256(remote.etag.encode()).hexdigest()[:12] + "."
        return cls(target.with_name(f"{target.name}.{version}part"), remote)

    def opened(self) -> io.FileIO:
        """At its end; held by this process alone."""
        try:
            # unbuffered: what was written is there after a kill, and closing has nothing left that could fail
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
    """The address of the bytes, also for that of a page: of a link, or of a file."""
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
    """Where the password of a link is given."""
    parts = urlsplit(url)
    found = re.match(r"^(?:(?!/api/).*/|/)d/[^/]+", parts.path)
    if found is None:
        raise WrongCommandLine(f"{url!r} is not a link; only links have passwords.")
    return urlunsplit(parts._replace(path=f"{found[0]}/unlock", query=""))


def safe_name(disposition: str | None, url: str) -> str:
    """A name in one folder: what a service sends may lead nowhere else, and may not play with the terminal."""
    with warnings.catch_warnings(action="ignore"):  # of a header that is none: the address has a name as well
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
    """One request for what is missing; whether the bytes are right, also those of a storage, is seen at the end."""
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
    """A storage that the service leads to may refuse what the service itself gives."""
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
    """Again after a while, as long as there is hope."""
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
    """Verified and on the disk first, then under its name."""
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
    """Of an archive that is made while it is sent nobody knows a digest; it has a checksum for each file in it."""
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
