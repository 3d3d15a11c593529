"""What is in a file, for people who want to look before they fetch it."""

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from aishare.api.deps import CallerDep, RuntimeDep
from aishare.api.link_visitors import visitor_of
from aishare.catalogue.links import FILE, FOLDER
from aishare.core.paths import parse_path
from aishare.previews.answers import Answer, Listing, Notebook, Nothing, Table, Tensors, Text
from aishare.previews.limits import ENTRIES, MAX_PAGE, ROWS, TENSORS
from aishare.services.link_visits import shows_content

router = APIRouter(tags=["files"])


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PreviewColumnJson(_Shown):
    """A column of a table and its type, in the words of the format."""

    name: str
    type: str


class TablePreviewJson(_Shown):
    """A page of rows, 100 at most. Cells are numbers or short texts. `row_count` and `pages` are null where counting
    would take too long; `more` says whether there is another page. `truncated`: some columns or parts of cells are
    left out.
    """

    kind: Literal["table"]
    format: str
    columns: list[PreviewColumnJson]
    rows: list[list[str | int | float | None]]
    row_count: int | None
    column_count: int
    page: int
    pages: int | None
    more: bool
    truncated: bool
    encoding: str | None


class PreviewTensorJson(_Shown):
    """An array of a model."""

    name: str
    dtype: str
    shape: list[int]


class TensorsPreviewJson(_Shown):
    """The header of a model: 1000 tensors a page. `count` is of all tensors, `parameters` of all their elements."""

    kind: Literal["tensors"]
    format: str
    metadata: dict[str, str]
    tensors: list[PreviewTensorJson]
    count: int
    parameters: int | None
    page: int
    pages: int
    more: bool
    truncated: bool


class TextPreviewJson(_Shown):
    """The beginning of a text. `language` is what to colour it as, null for prose."""

    kind: Literal["text"]
    text: str
    language: str | None
    encoding: str
    truncated: bool


class ArchiveEntryJson(_Shown):
    """What lies in an archive. `modified` is a local time: archives know no zones."""

    path: str
    size: int
    folder: bool
    modified: str | None


class ArchivePreviewJson(_Shown):
    """The names in an archive, 1000 a page. `count`, `bytes` and `pages` are null where reading to its end would take
    too long; then `truncated` is true.
    """

    kind: Literal["archive"]
    format: str
    entries: list[ArchiveEntryJson]
    count: int | None
    bytes: int | None
    page: int
    pages: int | None
    more: bool
    truncated: bool


class NotebookOutputJson(_Shown):
    """A text, or a picture in Base64 as `data`. Both are null where it is a page or a script, which are left out."""

    media_type: str
    text: str | None
    data: str | None


class NotebookCellJson(_Shown):
    """`number` is the count that stands before code which was run."""

    type: Literal["markdown", "code", "raw"]
    text: str
    number: int | None
    outputs: list[NotebookOutputJson]


class NotebookPreviewJson(_Shown):
    """A Jupyter notebook. `truncated`: cells, texts or pictures are left out."""

    kind: Literal["notebook"]
    language: str | None
    cells: list[NotebookCellJson]
    count: int
    truncated: bool


class NoPreviewJson(_Shown):
    """No preview, and why."""

    kind: Literal["none"]
    reason: str


_AnyPreview = (
    TablePreviewJson | TensorsPreviewJson | TextPreviewJson | ArchivePreviewJson | NotebookPreviewJson | NoPreviewJson
)
PreviewJson = Annotated[_AnyPreview, Field(discriminator="kind")]


def preview_json(answer: Answer) -> _AnyPreview:
    """The preview as the API shows it."""
    match answer:
        case Table():
            return TablePreviewJson.model_validate({**asdict(answer), "pages": _pages(answer.row_count, ROWS)})
        case Tensors():
            return TensorsPreviewJson.model_validate({**asdict(answer), "pages": _pages(answer.count, TENSORS)})
        case Text():
            return TextPreviewJson.model_validate(answer)
        case Listing():
            return ArchivePreviewJson.model_validate({**asdict(answer), "pages": _pages(answer.count, ENTRIES)})
        case Notebook():
            return NotebookPreviewJson.model_validate(answer)
        case Nothing():
            return NoPreviewJson.model_validate(answer)


@router.get("/api/files/{file_id}/preview")
async def preview_file(
    file_id: str,
    response: Response,
    caller: CallerDep,
    runtime: RuntimeDep,
    page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
) -> PreviewJson:
    """What is in a file: rows of CSV, JSON Lines and Parquet, tensors of safetensors, GGUF and NumPy, the names in an
    archive, the
    cells of a notebook, the beginning of a text.

    A file of another kind, or a broken one, answers `none` with a reason.
    """
    response.headers["cache-control"] = "private, no-cache"
    return preview_json(await runtime.previews.preview_of(caller, file_id, page))


@router.get("/api/d/{token}/preview", tags=["link doors"])
async def preview_link(  # noqa: PLR0913 - each is a parameter
    token: str,
    request: Request,
    response: Response,
    runtime: RuntimeDep,
    *,
    path: Annotated[str | None, Query(max_length=4096)] = None,
    page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
) -> PreviewJson:
    """What is in the file of a link, or in the one at `path` in its folder; does not count as a download.

    Links with a number of downloads answer `none`: a preview would give away what they count.
    """
    response.headers.update({"cache-control": "no-store", "referrer-policy": "no-referrer"})
    inside = None if path is None else parse_path(path)
    visits = runtime.links.visits
    visit = await visits.enter(token, visitor_of(request.scope, runtime), kinds=(FILE, FOLDER))
    file = await visits.file(visit, inside)
    if not shows_content(visit.link):
        return NoPreviewJson(kind="none", reason="A link with a limited number of downloads shows no preview.")
    return preview_json(await runtime.previews.preview(file, page))


def _pages(count: int | None, size: int) -> int | None:
    return None if count is None else max(1, -(-count // size))
