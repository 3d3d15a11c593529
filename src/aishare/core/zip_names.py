"""Names inside ZIP archives: safe to unpack on every system, and unique on all of them.

People who unpack an archive trust its names: `../` leaves the folder, `CON` and `a:b` mean devices and streams on
Windows, a bidi character makes `gpj.exe` look like an image. Names that differ only in case, or in how accents are
encoded, are the same on Windows and macOS: the second file would replace the first.
"""

import re
import unicodedata
from typing import Final

from aishare.core.paths import MAX_SEGMENT_BYTES

_BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSAFE: Final = re.compile(f'[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\\\\/:*?"<>|{_BIDI}]')
"""Control characters, line separators, unpaired surrogates, characters that Windows forbids, and marks that change the
text direction.
"""

_RESERVED: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])", re.IGNORECASE
)
"""Windows device names, with any extension (learn.microsoft.com: Naming Files, Paths, and Namespaces)."""


def safe_name(name: str) -> str:
    """One segment of a path, of 255 bytes at most; never empty, never a path that leaves the folder."""
    clean = _UNSAFE.sub("_", unicodedata.normalize("NFC", name))
    stem = clean.split(".", 1)[0].rstrip(" ")
    if _RESERVED.fullmatch(stem):
        clean = f"_{clean}"
    kept = clean.rstrip(". ")  # Windows removes them, which would turn the name into `..` or into another file's name
    clean = kept + "_" * (len(clean) - len(kept))
    return _cut(clean or "_", "")


class Names:
    """The names of one folder. Only their hashes are kept: after a collision a name gets a number that it
    did not need.
    """

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._next: dict[int, int] = {}

    def claim(self, name: str) -> str:
        """The safe name, with a number if it would be the same as another on some system."""
        wanted = safe_name(name)
        key = _key(wanted)
        if key not in self._taken:
            self._taken.add(key)
            return wanted
        number = self._next.get(key, 2)
        while True:
            found = _cut(wanted, f" ({number})")
            number += 1
            if _key(found) not in self._taken:
                self._next[key] = number
                self._taken.add(_key(found))
                return found


def _key(name: str) -> int:
    """Equal for names that some system treats as the same."""
    return hash(unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold()))


def _cut(name: str, mark: str) -> str:
    """With the number before the extension, shortened if it would be too long."""
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > MAX_SEGMENT_BYTES // 4:
        stem, dot, extension = name, "", ""
    room = MAX_SEGMENT_BYTES - len(f"{mark}{dot}{extension}".encode())
    return stem.encode()[:room].decode(errors="ignore") + mark + dot + extension
