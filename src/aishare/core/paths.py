"""File paths as users see them: `datasets/cats/train.csv`. They are data, never a path on a disk or a key
in a storage.
"""

import unicodedata
from typing import NewType

from aishare.core.errors import InvalidPath

FilePath = NewType("FilePath", str)
"""A checked path: NFC, relative, segments separated by single slashes."""

MAX_SEGMENT_BYTES = 255
"""The limit of common file systems, so that every file can be downloaded and every folder synchronised."""

MAX_PATH_BYTES = 2048


def parse_path(text: str) -> FilePath:
    """Checks and normalises a path; the error says which part is wrong and why."""
    path = unicodedata.normalize("NFC", text)
    if not path:
        raise InvalidPath("The path is empty.", hint="Give the file a name.")
    if path.startswith("/"):
        raise InvalidPath("The path is absolute.", hint="Remove the slash at the start.")
    if len(_encoded(path)) > MAX_PATH_BYTES:
        raise InvalidPath(f"The path is longer than {MAX_PATH_BYTES} bytes.")
    for segment in path.split("/"):
        _check_segment(segment)
    return FilePath(path)


def parse_folder(text: str) -> str:
    """Like `parse_path`; the empty string is the root, and slashes at either end are ignored."""
    stripped = text.strip("/")
    return parse_path(stripped) if stripped else ""


def parse_named_folder(text: str) -> FilePath:
    """Like `parse_folder`, if the root is not allowed."""
    stripped = text.strip("/")
    if not stripped:
        raise InvalidPath("This needs a folder; the root cannot be used.", hint="Give the path of a folder.")
    return parse_path(stripped)


def split_path(path: str) -> tuple[str, str]:
    """Folder and name; the folder of a file in the root is the empty string."""
    folder, _, name = path.rpartition("/")
    return folder, name


def ancestors_of(path: str) -> list[str]:
    """The folders above a path, outermost first, without the root."""
    segments = path.split("/")
    return ["/".join(segments[:count]) for count in range(1, len(segments))]


def join_path(folder: str, path: str) -> str:
    """The path of something below a folder; the empty string is the root, and the folder itself."""
    return f"{folder}/{path}" if folder and path else folder or path


def is_inside(path: str, folder: str) -> bool:
    """Whether a path is below a folder."""
    return not folder or path.startswith(f"{folder}/")


def path_below(path: str, folder: str) -> str:
    """The reverse of `join_path`; the empty string for the folder itself."""
    return path if not folder else path[len(folder) + 1 :]


def _check_segment(segment: str) -> None:
    if not segment:
        raise InvalidPath("The path contains an empty name.", hint="Use single slashes, and none at the end.")
    if segment in {".", ".."}:
        raise InvalidPath(f"The path contains the name {segment!r}.", hint="Use the full path.")
    if len(_encoded(segment)) > MAX_SEGMENT_BYTES:
        raise InvalidPath(f"A name in the path is longer than {MAX_SEGMENT_BYTES} bytes.", hint="Shorten the name.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in segment):
        raise InvalidPath("The path contains a control character.", hint="Rename the file.")


def _encoded(text: str) -> bytes:
    """UTF-8; an unpaired surrogate counts as three bytes here and is refused as a character later."""
    return text.encode("utf-8", "surrogatepass")
