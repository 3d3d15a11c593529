"""Jupyter notebooks: cells with their outputs. HTML and scripts in outputs are left out."""

import base64
import json
import re
from typing import Any, Final, Literal

from aishare.core.sizes import MiB
from aishare.previews.answers import Notebook, NotebookCell, Output, Text, Unreadable
from aishare.previews.limits import CELL_TEXT, CELLS, NOTEBOOK_BYTES, PICTURE_BYTES, TEXT_TOTAL
from aishare.previews.source import Source
from aishare.previews.text import read_text
from aishare.previews.texts import cut

_PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")
_DRAWING: Final = "image/svg+xml"
_TEXTS: Final = ("text/markdown", "text/latex", "text/plain")
_PAGE: Final = "text/html"
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]{0,30}[A-Za-z]")
_OLD_NAMES: Final = {"png": "image/png", "jpeg": "image/jpeg", "svg": _DRAWING, "text": "text/plain", "html": _PAGE}
_OUTPUTS: Final = 100
"""Of one cell."""

_Json = dict[str, Any]


def read_notebook(source: Source, name: str) -> Notebook | Text:
    """Returns text if it is not a notebook."""
    if source.size > NOTEBOOK_BYTES:
        raise Unreadable(f"The notebook is too large for a preview (more than {NOTEBOOK_BYTES // MiB} MiB).")
    try:
        found = json.loads(source.read(0, source.size))
    except (ValueError, RecursionError):
        return read_text(source, name)
    cells = _cells(found)
    if cells is None:
        return read_text(source, name)
    return _Reader().notebook(found, cells)


def _cells(found: Any) -> list[Any] | None:
    """Older notebooks have sheets of cells."""
    if not isinstance(found, dict):
        return None
    sheets = found.get("worksheets") or []
    cells = found.get("cells", sheets[0].get("cells") if sheets and isinstance(sheets[0], dict) else None)
    return cells if isinstance(cells, list) else None


class _Reader:
    def __init__(self) -> None:
        self._text_left = TEXT_TOTAL
        self._picture_left = PICTURE_BYTES
        self._cut_any = False

    def notebook(self, found: _Json, cells: list[Any]) -> Notebook:
        shown = [self._cell(cell) for cell in cells[:CELLS] if isinstance(cell, dict)]
        return Notebook(_language(found), shown, len(cells), self._cut_any or len(cells) > CELLS)

    def _cell(self, cell: _Json) -> NotebookCell:
        kind: Literal["markdown", "code", "raw"] = "raw"
        if cell.get("cell_type") in {"markdown", "heading"}:
            kind = "markdown"
        elif cell.get("cell_type") == "code":
            kind = "code"
        text = self._text(cell.get("source", cell.get("input")))
        outputs = cell.get("outputs")
        shown = [self._output(output) for output in _listed(outputs)[:_OUTPUTS] if isinstance(output, dict)]
        self._cut_any = self._cut_any or len(_listed(outputs)) > _OUTPUTS
        number = cell.get("execution_count", cell.get("prompt_number"))
        exact = isinstance(number, int) and not isinstance(number, bool) and abs(number) < 2**53
        return NotebookCell(kind, text, number if exact else None, shown)

    def _output(self, output: _Json) -> Output:
        kind = output.get("output_type")
        if kind == "stream":
            return Output(self._text(output.get("text")), "text/plain", None)
        if kind in {"error", "pyerr"}:
            lines = [line for line in _listed(output.get("traceback")) if isinstance(line, str)]
            return Output(self._text("\n".join(lines)) or self._text(output.get("evalue")), "text/plain", None)
        data = output.get("data")
        return self._richest(data if isinstance(data, dict) else _of_old(output))

    def _richest(self, data: _Json) -> Output:
        """An image, otherwise text; if there is only HTML, just its type."""
        for media_type in _PICTURES:
            encoded = "".join(_joined(data.get(media_type)).split())
            if encoded and _BASE64.fullmatch(encoded):
                return self._picture(media_type, encoded)
        drawing = _joined(data.get(_DRAWING))
        if drawing:
            return self._picture(_DRAWING, base64.b64encode(drawing.encode("utf-8", "replace")).decode("ascii"))
        for media_type in _TEXTS:
            if media_type in data:
                return Output(self._text(data[media_type]), media_type, None)
        return Output(None, _PAGE if _PAGE in data else cut(next(iter(data), "nothing"), 100), None)

    def _picture(self, media_type: str, encoded: str) -> Output:
        self._picture_left -= len(encoded)
        if self._picture_left < 0:
            self._cut_any = True
            return Output(None, media_type, None)
        return Output(None, media_type, encoded)

    def _text(self, value: Any) -> str:
        text = _COLOURS.sub("", _joined(value)[: 4 * CELL_TEXT])
        room = max(min(CELL_TEXT, self._text_left), 1)
        self._cut_any = self._cut_any or len(text) > room
        shown = cut(text, room)
        self._text_left -= len(shown)
        return shown


def _of_old(output: _Json) -> _Json:
    return {_OLD_NAMES[name]: value for name, value in output.items() if name in _OLD_NAMES}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _joined(value: Any) -> str:
    """Notebooks store text as one string or as a list of lines."""
    if isinstance(value, str):
        return value
    return "".join(line for line in _listed(value) if isinstance(line, str))


def _language(found: _Json) -> str | None:
    about = found.get("metadata")
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        inner = about.get(part) if isinstance(about, dict) else None
        if isinstance(inner, dict) and isinstance(inner.get(key), str):
            return cut(inner[key].lower(), 40)
    return None
