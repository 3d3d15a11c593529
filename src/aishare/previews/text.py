"""Text, code, JSON and the like: the beginning, decoded."""

import codecs
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

from aishare.previews.answers import Text
from aishare.previews.encodings import WIDE, Decoder, detect
from aishare.previews.limits import TEXT_BYTES
from aishare.previews.source import Source
from aishare.previews.texts import printable

_LANGUAGES: Final = {
    "md": "markdown", "markdown": "markdown", "json": "json", "jsonl": "json", "ndjson": "json", "ipynb": "json",
    "geojson": "json", "yaml": "yaml", "yml": "yaml", "toml": "toml", "ini": "ini", "cfg": "ini", "env": "ini",
    "py": "python", "pyi": "python", "js": "javascript", "mjs": "javascript", "ts": "typescript", "tsx": "typescript",
    "jsx": "javascript", "css": "css", "html": "html", "htm": "html", "xhtml": "html", "xml": "xml", "svg": "xml",
    "sh": "shell", "bash": "shell", "sql": "sql", "c": "c", "h": "c", "cpp": "cpp", "hpp": "cpp", "cu": "cpp",
    "rs": "rust", "go": "go", "java": "java", "r": "r", "jl": "julia", "tex": "latex", "diff": "diff", "patch": "diff",
}  # fmt: skip
_NAMES: Final = {"dockerfile": "dockerfile", "makefile": "makefile", "modelfile": "dockerfile"}


def read_text(source: Source, name: str) -> Text:
    """The first TEXT_BYTES of it; Unreadable if it is not text."""
    head = source.read(0, TEXT_BYTES)
    truncated = source.size > len(head)
    encoding, mark = detect(head, cut=truncated)
    text, encoding = _decoded(head[mark:], encoding, truncated=truncated)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Text(printable(text), language_of(name), encoding, truncated)


def _decoded(content: bytes, encoding: str, *, truncated: bool) -> tuple[str, str]:
    """Without the last character if only a part of it was read."""
    whole = codecs.getincrementaldecoder(encoding)("replace")
    text = whole.decode(content, final=not truncated)
    if encoding in WIDE:
        return text, encoding
    pending = len(whole.getstate()[0]) if truncated else 0
    lines = content[: len(content) - pending].splitlines(keepends=True)
    decoder = Decoder(encoding)
    text = "".join(decoder.decode(line, islice(lines, place + 1, None)) for place, line in enumerate(lines))
    return text, decoder.encoding


def language_of(name: str) -> str | None:
    """The language for syntax highlighting; None for prose and unknown formats."""
    path = PurePosixPath(name.lower())
    return _LANGUAGES.get(path.suffix.removeprefix(".")) or _NAMES.get(path.name)
