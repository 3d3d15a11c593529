"""Which reader a file gets: by its media type, detected from its first bytes, then by its name."""

from pathlib import PurePosixPath
from typing import Final, Literal

from aishare.core.media import OCTETS

Reader = Literal[
    "csv", "tsv", "parquet", "safetensors", "gguf", "text", "jsonl", "notebook", "npy", "npz", "zip", "tar"
]

_BY_TYPE: Final[dict[str, Reader]] = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/vnd.apache.parquet": "parquet",
    "application/vnd.safetensors": "safetensors",
    "application/vnd.gguf": "gguf",
    "application/json": "text",
    "application/jsonl": "jsonl",
    "application/yaml": "text",
    "application/toml": "text",
    "application/xml": "text",
    "application/x-ipynb+json": "notebook",
    "application/vnd.npy": "npy",
    "application/vnd.npz": "npz",
    "application/zip": "zip",
    "application/vnd.pytorch": "zip",
    "application/x-tar": "tar",
    "image/svg+xml": "text",
}
_BY_SUFFIX: Final[dict[str, Reader]] = {
    "csv": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    "parquet": "parquet",
    "pq": "parquet",
    "safetensors": "safetensors",
    "gguf": "gguf",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "npy": "npy",
    "npz": "npz",
    "ipynb": "notebook",
    "tar": "tar",
    "zip": "zip",
}
"""For files that cannot be recognised by their beginning: damaged files, whose reader reports the problem, and texts
that are not UTF-8.
"""


_TABLES: Final = frozenset({"csv", "tsv", "tab", "jsonl", "ndjson", "ipynb"})
"""Names of texts. A text with the name of a binary format, such as a pointer to a large file, is shown as text."""

_COMPRESSED: Final = frozenset({"application/gzip", "application/x-bzip2", "application/x-xz"})
_TARBALLS: Final = (".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz")


def reader_of(media_type: str, name: str) -> Reader | None:
    """None if files of this kind have no preview."""
    suffix = PurePosixPath(name).suffix.removeprefix(".").lower()
    known = _BY_TYPE.get(media_type)
    if known is not None:
        return known
    if media_type in _COMPRESSED and name.lower().endswith(_TARBALLS):
        return "tar"
    if media_type == OCTETS:
        return _BY_SUFFIX.get(suffix, "text")
    if media_type == "text/plain" and suffix in _TABLES:
        return _BY_SUFFIX[suffix]
    return "text" if media_type.startswith("text/") else None
