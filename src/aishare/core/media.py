"""What a file is: its media type by signature, its kind for people, and whether a browser may show it inline.

General libraries do not know GGUF, safetensors and npy, and take .pt for a Word document; a table of signatures is
better and takes microseconds. Extensions are only used for text, which has no signature; a text that begins with a tag
is only markup if its extension does not name another kind of text.
"""

import codecs
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final

OCTETS: Final = "application/octet-stream"

_WRITTEN: Final = bytes({*range(32, 127), *range(128, 256), *b"\t\n\v\f\r\x1b"})

_SIGNATURES: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"II+\x00", "image/tiff"),
    (0, b"MM\x00+", "image/tiff"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\x93NUMPY", "application/vnd.npy"),
    (0, b"\x89HDF\r\n\x1a\n", "application/x-hdf5"),
    (0, b"PAR1", "application/vnd.apache.parquet"),
    (0, b"ARROW1\x00\x00", "application/vnd.apache.arrow.file"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
)
"""Only used for content that is not text: a text could begin with any of these letters."""

_PATTERNS: Final[tuple[tuple[re.Pattern[bytes], str], ...]] = (
    (re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)", re.DOTALL), "application/x-bzip2"),
    (re.compile(rb"GGUF(?:[\x01-\xff]\x00\x00\x00|\x00\x00\x00[\x01-\xff])", re.DOTALL), "application/vnd.gguf"),
    (re.compile(rb"ID3[\x00-\x0f]", re.DOTALL), "audio/mpeg"),
)
"""Signatures for which the bytes after the letters matter too."""

_PDF: Final = re.compile(rb"%PDF-\d\.\d[ \t]*(?:[\r\n]|\Z)")
"""The only format here whose whole content can be text."""

_QUICKTIME: Final = re.compile(rb"\x00.{3}(?:moov|mdat|wide|free|skip|pnot)", re.DOTALL)
_ADTS_HEADER: Final = 7

_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_FTYP: Final = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
}
"""The main brand of a file in the ISO base media format; any other means MP4."""

_FTYP_LEAST: Final = 12
_FTYP_MOST: Final = 4096
_OFFICE: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_EMPTY_ZIP: Final = b"PK\x05\x06" + bytes(16)
_PACKAGED: Final = re.compile(
    rb"mimetype(application/(?:epub\+zip|vnd\.oasis\.opendocument\.[a-z]{1,20}))(?:PK|[^a-z.+-])"
)
"""EPUB and OpenDocument keep their media type as the first file of the archive, uncompressed."""

_TEXT_SUFFIXES: Final = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "ndjson": "application/jsonl",
    "md": "text/markdown",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "toml": "application/toml",
    "py": "text/x-python",
    "js": "text/javascript",
    "css": "text/css",
    "xml": "application/xml",
    "ipynb": "application/x-ipynb+json",
}
_PLAIN_SUFFIXES: Final = frozenset(
    {"txt", "text", "rst", "log", "markdown", "adoc", "org", "tab", "ini", "cfg", "conf", "env", "tex", "bib"}
    | {"sh", "bash", "sql", "c", "h", "cpp", "hpp", "cu", "rs", "go", "java", "r", "jl", "ts", "tsx", "jsx", "mjs"}
    | {"pyi", "diff", "patch", "geojson"}
)
_NAMED_TEXT: Final = (frozenset(_TEXT_SUFFIXES) | _PLAIN_SUFFIXES) - {"xml"}
"""Texts that are no markup, even if they begin with a tag: a page or a table may quote one."""

_PROLOG: Final = re.compile(
    rb"\s+|<\?.*?\?>|<!--.*?-->|<!doctype(?!\s+html\b)[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE
)
"""What can precede the first element: white space, XML declarations, comments, document types."""

_HTML: Final = re.compile(rb"<(?:!doctype\s+html\b|(?:html|head|body|title|style|script|iframe)\b)", re.IGNORECASE)
_SVG: Final = re.compile(rb"<(?:[\w-]{1,40}:)?svg\b", re.IGNORECASE)
_UNFINISHED: Final = (b"<!--", b"<?", b"<!DOCTYPE", b"<!doctype")
"""Starts of comments and declarations that may be longer than the sample."""

_WIDE: Final = (
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_SAFETENSORS_HEADER_MAX: Final = 100_000_000
"""The limit of the format itself."""

INLINE: Final = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp", "text/plain", "application/pdf"}
    | {"audio/mpeg", "audio/ogg", "audio/wav", "audio/flac", "audio/mp4", "audio/aac"}
    | {"video/mp4", "video/webm", "video/quicktime"}
)
"""The only types that can be shown inline; all others are attachments. SVG, HTML and XML are excluded because they can
contain scripts.
"""

_RUN_BY_PAGES: Final = frozenset({"text/javascript", "text/css"})


def served_type(media_type: str) -> str:
    """The media type sent to browsers. Scripts and style sheets are sent as plain text: otherwise a page of ours into
    which someone injected a tag could load them, because they come from the same origin.
    """
    return "text/plain" if media_type in _RUN_BY_PAGES else media_type


_MODEL_TYPES: Final = frozenset({"application/vnd.gguf", "application/vnd.safetensors", "application/vnd.pytorch"})
_MODEL_SUFFIXES: Final = frozenset({"safetensors", "gguf", "pt", "pth", "ckpt", "onnx", "h5", "keras", "tflite"})
_DATASET_TYPES: Final = frozenset(
    {"text/csv", "text/tab-separated-values", "application/jsonl", "application/vnd.apache.parquet"}
    | {"application/vnd.apache.arrow.file", "application/x-hdf5", "application/vnd.npy", "application/vnd.npz"}
    | {"application/vnd.sqlite3"}
)
_ARCHIVES: Final = frozenset(
    {"application/zip", "application/gzip", "application/zstd", "application/x-tar", "application/x-bzip2"}
    | {"application/x-xz", "application/x-7z-compressed"}
)
_DOCUMENTS: Final = (
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
    "application/epub+zip",
)


def sniff(head: bytes, name: str) -> str:
    """The media type from the first bytes (up to 64 KiB), for text also from the extension of `name`."""
    found = _pdf(head)
    if found is None and _suffix(name) not in _NAMED_TEXT:
        found = _markup(head, name)
    if found is None and not _is_writing(head):
        found = _signed(head, name)
    return found or _text_type(head, name)


def _is_writing(head: bytes) -> bool:
    """Whether this may be text in some encoding, which could begin with the letters of a signature. Binary data has
    control characters among its first bytes.
    """
    return head[:4].isascii() and not head.translate(None, _WRITTEN)


def _signed(head: bytes, name: str) -> str | None:
    for offset, signature, media_type in _SIGNATURES:
        if head.startswith(signature, offset):
            return media_type
    for pattern, media_type in _PATTERNS:
        if pattern.match(head):
            return media_type
    for look in _LOOKS:
        found = look(head)
        if found:
            return found
    return _zip(head, name) or _old_quicktime(head, name)


def kind_of(media_type: str, name: str) -> str:
    """The kind that people see: dataset, model, image, text, audio, video, archive, document or other."""
    main, _, _ = media_type.partition("/")
    if media_type in _MODEL_TYPES or _suffix(name) in _MODEL_SUFFIXES:
        return "model"
    if media_type in _DATASET_TYPES:
        return "dataset"
    if media_type in _ARCHIVES:
        return "archive"
    if main in {"image", "audio", "video", "text"}:
        return main
    if media_type == "application/pdf" or media_type.startswith(_DOCUMENTS):
        return "document"
    return "other" if media_type == OCTETS else "text"


def _pdf(head: bytes) -> str | None:
    if not head.startswith(b"%PDF-") or (_is_writing(head) and not _PDF.match(head)):
        return None
    return "application/pdf"


def _riff(head: bytes) -> str | None:
    return _RIFF.get(head[8:12]) if head.startswith(b"RIFF") else None


def _iso_media(head: bytes) -> str | None:
    length = int.from_bytes(head[:4], "big")
    if head[4:8] != b"ftyp" or not _FTYP_LEAST <= length <= _FTYP_MOST:
        return None
    found = _FTYP.get(head[8:12], "video/mp4")
    brands = head[16:length]
    return "image/avif" if found == "image/heif" and b"avif" in brands else found


def _ebml(head: bytes) -> str | None:
    """WebM is the part of Matroska that browsers play."""
    if not head.startswith(b"\x1aE\xdf\xa3"):
        return None
    return "video/webm" if b"webm" in head[:64] else "video/x-matroska"


def _bmp(head: bytes) -> str | None:
    return "image/bmp" if head.startswith(b"BM") and head[6:10] == b"\x00\x00\x00\x00" else None


def _mp3_frame(head: bytes) -> str | None:
    return "audio/mpeg" if head.startswith((b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")) else None


def _adts(head: bytes) -> str | None:
    """AAC as in broadcasts: frame after frame, each with its length."""
    if len(head) < _ADTS_HEADER or not _is_adts_sync(head, 0):
        return None
    second = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    follows = second >= len(head) - 1 or _is_adts_sync(head, second)
    return "audio/aac" if second > _ADTS_HEADER and follows else None


def _is_adts_sync(head: bytes, place: int) -> bool:
    return head[place] == 0xFF and head[place + 1] & 0xF6 == 0xF0  # noqa: PLR2004 - twelve ones, and layer 0


def _old_quicktime(head: bytes, name: str) -> str | None:
    """From before these files had a type."""
    return "video/quicktime" if _suffix(name) in {"mov", "qt"} and _QUICKTIME.match(head) else None


def _safetensors(head: bytes) -> str | None:
    length = int.from_bytes(head[:8], "little")
    return "application/vnd.safetensors" if head[8:9] == b"{" and 1 < length <= _SAFETENSORS_HEADER_MAX else None


def _zip(head: bytes, name: str) -> str | None:
    """Archives with a purpose are recognised by the names inside, which are at the start as well as at the end."""
    if head.startswith(_EMPTY_ZIP):
        return "application/zip"
    if not head.startswith(b"PK\x03\x04"):
        return None
    first = head[30 : 30 + int.from_bytes(head[26:28], "little")]
    if first.endswith((b"/data.pkl", b"/.format_version", b"/byteorder")):
        return "application/vnd.pytorch"
    if first.endswith(b".npy"):
        return "application/vnd.npz"
    if first in {b"[Content_Types].xml", b"_rels/.rels"}:
        return _OFFICE.get(_suffix(name), "application/zip")
    packaged = _PACKAGED.match(head, 30)
    return packaged[1].decode() if packaged else "application/zip"


def _markup(head: bytes, name: str) -> str | None:
    """By the first element: a page may contain a drawing, and a drawing may begin with a comment."""
    start = _as_utf8(head).lstrip()
    if not start.startswith(b"<"):
        return None
    position = 0
    while match := _PROLOG.match(start, position):
        position = match.end()
    if _SVG.match(start, position) or (_suffix(name) == "svg" and start.startswith(_UNFINISHED, position)):
        return "image/svg+xml"
    if _HTML.match(start, position):
        return "text/html"
    return "application/xml" if start.startswith(b"<?xml") else None


def _as_utf8(head: bytes) -> bytes:
    """Includes markup in UTF-16, whose first character is a byte order mark or an angle bracket."""
    for start, encoding in _WIDE:
        if head.startswith(start):
            return head.decode(encoding, "ignore").removeprefix("\ufeff").encode("utf-8", "replace")
    return head.removeprefix(codecs.BOM_UTF8)


_LOOKS: Final[tuple[Callable[[bytes], str | None], ...]] = (
    _riff,
    _iso_media,
    _ebml,
    _bmp,
    _safetensors,
    _mp3_frame,
    _adts,
)


def _text_type(head: bytes, name: str) -> str:
    if not _is_text(head):
        return OCTETS
    return _TEXT_SUFFIXES.get(_suffix(name), "text/plain")


def _is_text(head: bytes) -> bool:
    """UTF-8 without control characters except white space; the last character may be cut off."""
    if b"\x00" in head:
        return False
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return False
        text = head[: error.start].decode("utf-8")
    return not re.search(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]", text)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.removeprefix(".").lower()
