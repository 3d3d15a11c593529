"""The names in an archive, ZIP or tar, without unpacking files."""

import bz2
import gzip
import io
import lzma
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, Final, cast

from aishare.core.sizes import KiB
from aishare.previews.answers import ArchiveEntry, ArchiveListing, Unreadable
from aishare.previews.handle import Enough, Handle
from aishare.previews.limits import ENTRIES, HEADER_BYTES, NAME_CHARACTERS, UNPACKED_BYTES
from aishare.previews.source import Source
from aishare.previews.texts import cut

_LARGEST: Final = 2**53
_PIECES: Final = 40
"""Most reads of the file; a tar archive of large files needs one for each entry."""

_SAYS_UTF8: Final = 0x800
_SECONDS: Final = 5.0
_PACKERS: Final[dict[bytes, Callable[[Any], Any]]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}


def read_zip(source: Source, page: int) -> ArchiveListing:
    """From the directory at its end."""
    try:
        with zipfile.ZipFile(cast("IO[bytes]", Handle(source, most=HEADER_BYTES))) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, EOFError, OSError):
        raise Unreadable("This ZIP archive is damaged or incomplete.") from None
    start = (page - 1) * ENTRIES
    return ArchiveListing(
        format="zip",
        entries=[_of_zip(member) for member in members[start : start + ENTRIES]],
        count=len(members),
        bytes=_total(member.file_size for member in members),
        page=page,
        more=len(members) > start + ENTRIES,
        truncated=False,
    )


def _of_zip(member: zipfile.ZipInfo) -> ArchiveEntry:
    year, month, day, hour, minute, second = member.date_time
    moment = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
    name = cut(_name(member), NAME_CHARACTERS)
    return ArchiveEntry(name, min(member.file_size, _LARGEST), member.is_dir(), moment if month and day else None)


def _name(member: zipfile.ZipInfo) -> str:
    """Many programs write UTF-8 without marking it."""
    if member.flag_bits & _SAYS_UTF8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def read_tar(source: Source, page: int) -> ArchiveListing:
    """From its start, because names precede each content."""
    start = (page - 1) * ENTRIES
    entries: list[ArchiveEntry] = []
    seen = total = 0
    more = ended = False
    try:
        for member in _members(source):
            if start <= seen < start + ENTRIES:
                entries.append(_of_tar(member))
            seen += 1
            total += member.size
            more = more or seen > start + ENTRIES
        ended = True
    except Enough:
        if not entries:
            raise
    return ArchiveListing(
        format="tar",
        entries=entries,
        count=seen if ended else None,
        bytes=_total([total]) if ended else None,
        page=page,
        more=more,
        truncated=not ended,
    )


def _members(source: Source) -> Iterator[tarfile.TarInfo]:
    until = time.monotonic() + _SECONDS
    count = 0
    try:
        with _opened(source) as archive:
            while (member := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined] # it keeps all of them
                count += 1
                yield member
                if time.monotonic() > until:
                    raise Enough
    except (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError, ValueError, OverflowError):
        if count == 0:
            raise Unreadable("This is not a tar archive, or it is damaged.") from None
        raise Enough from None


def _opened(source: Source) -> tarfile.TarFile:
    """If it is not compressed, the content between the names is skipped."""
    head = source.read(0, 6)
    packer = next((packer for start, packer in _PACKERS.items() if head.startswith(start)), None)
    if packer is None:
        return tarfile.open(fileobj=cast("IO[bytes]", Handle(source, most=HEADER_BYTES, pieces=_PIECES)), mode="r:")
    unpacked = packer(io.BufferedReader(Handle(source), 256 * KiB))
    return tarfile.open(fileobj=cast("IO[bytes]", _Counted(unpacked)), mode="r|")


class _Counted:
    """Reads up to a limit: a small archive may unpack to any size."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._left = UNPACKED_BYTES

    def read(self, size: int) -> bytes:
        if size > self._left:
            raise Enough
        self._left -= size
        return self._file.read(size)


def _of_tar(member: tarfile.TarInfo) -> ArchiveEntry:
    name = cut(member.name, NAME_CHARACTERS)
    return ArchiveEntry(name, min(max(member.size, 0), _LARGEST), member.isdir(), _moment(member.mtime))


def _moment(seconds: float) -> str | None:
    try:
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    except (ValueError, OverflowError, OSError):
        return None


def _total(sizes: Iterable[int]) -> int | None:
    total = sum(sizes)
    return total if total <= _LARGEST else None
