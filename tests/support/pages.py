"""The pages of the documentation, and the code in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """Fenced code. `ini` is an .env file, `sh` runs against a server, `shell` is for people."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """Everything a user reads."""
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def blocks(*languages: str, page: str | None = None) -> list[Block]:
    """The blocks in these languages, of one page or of all."""
    return [
        block
        for path in pages()
        for block in _blocks(path)
        if block.language in languages and page in (None, block.page)
    ]


def _blocks(path: Path) -> Iterator[Block]:
    text = path.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(path.relative_to(ROOT).as_posix(), line, found[1], found[2])


def env_values(text: str) -> dict[str, str]:
    """NAME -> value of a plain .env sample."""
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))
