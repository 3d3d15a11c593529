"""The records of a ZIP archive that is written while it is sent (PKWARE APPNOTE 6.3.10).

Members are stored, not compressed: datasets and models are usually compressed already. Their size is known in advance,
their CRC-32 only afterwards, so it comes after the content (a data descriptor, §4.3.9) and in the central directory.
Values larger than 32 bits are in the Zip64 fields (§4.5.3).
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

_FULL_32: Final = 0xFFFFFFFF
_FULL_16: Final = 0xFFFF
"""Means that the value is in the Zip64 record."""

_UTF8: Final = 0x0800
_CRC_FOLLOWS: Final = 0x0008
_VERSION: Final = 20
_VERSION_64: Final = 45
_UNIX: Final = 3 << 8
_FILE_MODE: Final = 0o100644 << 16
_FOLDER_MODE: Final = (0o040755 << 16) | 0x10
_LAST_SECOND: Final = 0x7FFFFFFF


@dataclass(frozen=True, slots=True)
class ZipMember:
    """A file, or a folder if its name ends with a slash."""

    name: str
    size_bytes: int
    modified_at: datetime


@dataclass(slots=True)
class _Open:
    member: ZipMember
    offset: int


class ZipRecords:
    """Everything between the contents: for each member `begin`, its content, `end`; finally `finish`.

    `end` also returns the member's record of the central directory, which the caller keeps and sends before `finish`.
    """

    def __init__(self) -> None:
        self._offset = 0
        self._count = 0
        self._directory_size = 0
        self._open: _Open | None = None

    def begin(self, member: ZipMember) -> bytes:
        """The local header (§4.3.7)."""
        self._open = _Open(member, self._offset)
        extra = _times(member.modified_at)
        large = member.size_bytes >= _FULL_32
        if large:
            extra = struct.pack("<HHQQ", 1, 16, 0, 0) + extra
        size = _FULL_32 if large else 0
        version = _VERSION_64 if large else _VERSION
        name = member.name.encode()
        head = struct.pack(
            "<4s5H3L2H",
            b"PK\x03\x04",
            version,
            _flags(member),
            0,
            *_dos_time(member.modified_at),
            0,
            size,
            size,
            len(name),
            len(extra),
        )
        record = head + name + extra
        self._offset += len(record) + member.size_bytes
        return record

    def end(self, crc: int) -> tuple[bytes, bytes]:
        """What follows the content, and the member's record of the central directory (§4.3.12)."""
        assert self._open is not None
        member, offset = self._open.member, self._open.offset
        self._open = None
        after = b""
        if member.size_bytes:
            layout = "<4sLQQ" if member.size_bytes >= _FULL_32 else "<4sLLL"
            after = struct.pack(layout, b"PK\x07\x08", crc, member.size_bytes, member.size_bytes)
        self._offset += len(after)
        record = _central(member, offset, crc)
        self._count += 1
        self._directory_size += len(record)
        return after, record

    def finish(self) -> bytes:
        """The end of the central directory, also in its Zip64 form if necessary (§4.3.14-16)."""
        start, size, count = self._offset, self._directory_size, self._count
        end_64 = b""
        if count >= _FULL_16 or size >= _FULL_32 or start >= _FULL_32:
            made_by = _UNIX | _VERSION_64
            end_64 = struct.pack(
                "<4sQ2H2L4Q", b"PK\x06\x06", 44, made_by, _VERSION_64, 0, 0, count, count, size, start
            ) + struct.pack("<4sLQL", b"PK\x06\x07", 0, start + size, 1)
        shown = min(count, _FULL_16)
        return end_64 + struct.pack(
            "<4s4H2LH", b"PK\x05\x06", 0, 0, shown, shown, min(size, _FULL_32), min(start, _FULL_32), 0
        )


def _central(member: ZipMember, offset: int, crc: int) -> bytes:
    size = member.size_bytes
    wide = [size, size] if size >= _FULL_32 else []
    if offset >= _FULL_32:
        wide.append(offset)
    extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    extra += _times(member.modified_at)
    version = _VERSION_64 if wide else _VERSION
    name = member.name.encode()
    head = struct.pack(
        "<4s6H3L5H2L",
        b"PK\x01\x02",
        _UNIX | version,
        version,
        _flags(member),
        0,
        *_dos_time(member.modified_at),
        crc,
        min(size, _FULL_32),
        min(size, _FULL_32),
        len(name),
        len(extra),
        0,
        0,
        0,
        _FOLDER_MODE if member.name.endswith("/") else _FILE_MODE,
        min(offset, _FULL_32),
    )
    return head + name + extra


def _flags(member: ZipMember) -> int:
    return _UTF8 | (_CRC_FOLLOWS if member.size_bytes else 0)


def _dos_time(moment: datetime) -> tuple[int, int]:
    """Time and date in steps of two seconds since 1980 (§4.4.6), in UTC."""
    at = moment.astimezone(UTC)
    if at.year < 1980:  # noqa: PLR2004 - first year of the format
        return 0, (1 << 5) | 1
    date = (min(at.year - 1980, 127) << 9) | (at.month << 5) | at.day
    return (at.hour << 11) | (at.minute << 5) | (at.second // 2), date


def _times(moment: datetime) -> bytes:
    """The exact modification time (Info-ZIP's extended timestamp), if it fits into 32 bits."""
    seconds = int(moment.timestamp())
    return struct.pack("<HHBl", 0x5455, 5, 1, seconds) if 0 <= seconds <= _LAST_SECOND else b""
