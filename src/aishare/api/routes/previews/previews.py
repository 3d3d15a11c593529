"""Routes for previews of files."""

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from aishare.api.http.deps import CallerDep, RuntimeDep
from aishare.api.http.visitors import visitor_of
from aishare.catalogue.sharing.links import FILE, FOLDER
from aishare.core.paths import parse_path
from aishare.previews.answers import Answer, ArchiveListing, Notebook, Nothing, Table, Tensors, Text
from aishare.previews.limits import ENTRIES, MAX_PAGE, ROWS, TENSORS
from aishare.services.sharing.link_visits import shows_content

router = APIRouter(tags=["files"])


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PreviewColumnJson(_Shown):
    """A table column and its type, as named by the file format."""

    name: str
    type: str


class TablePreviewJson(_Shown):
    """A page of at most 100 rows. Cells are numbers or short texts. `row_count` and `pages` are null if counting would
    take too long; `more` is true if there is another page. `truncated`: some columns or parts of cells are left out.
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
    """A tensor of a model."""

    name: str
    dtype: str
    shape: list[int]


class TensorsPreviewJson(_Shown):
    """The header of a model, 1000 tensors a page. `count` is the number of all tensors, `parameters` the number of all
    their elements.
    """

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
    """The beginning of a text. `language` is for syntax highlighting, null for plain text."""

    kind: Literal["text"]
    text: str
    language: str | None
    encoding: str
    truncated: bool


class ArchiveEntryJson(_Shown):
    """A file or folder in an archive. `modified` is a local time, because archives do not store time zones."""

    path: str
    size: int
    folder: bool
    modified: str | None


class ArchivePreviewJson(_Shown):
    """The names in an archive, 1000 a page. `count`, `bytes` and `pages` are null if reading to the end would take too
    long; `truncated` is then true.
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
    """Text, or an image in Base64 as `data`. Both are null for HTML and scripts, which are left out."""

    media_type: str
    text: str | None
    data: str | None


class NotebookCellJson(_Shown):
    """`number` is the execution count of a code cell."""

    type: Literal["markdown", "code", "raw"]
    text: str
    number: int | None
    outputs: list[NotebookOutputJson]


class NotebookPreviewJson(_Shown):
    """A Jupyter notebook. `truncated`: some cells, texts or images are left out."""

    kind: Literal["notebook"]
    language: str | None
    cells: list[NotebookCellJson]
    count: int
    truncated: bool


class NoPreviewJson(_Shown):
    """No preview, with the reason."""

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
        case ArchiveListing():
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
    """Preview a file: rows of CSV, JSON Lines and Parquet, tensors of safetensors, GGUF and NumPy, the names in an
    archive, the cells of a notebook, the beginning of a text. For other and damaged files, `kind` is `none`, with a
    reason.
    """
    response.headers["cache-control"] = "private, no-cache"
    return preview_json(await runtime.previews.previews.preview_of(caller, file_id, page))


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
    """Preview the file of a link, or the file at `path` in its folder; this does not count as a download. Links with a
    download limit have no previews (`kind` is `none`).
    """
    response.headers.update({"cache-control": "no-store", "referrer-policy": "no-referrer"})
    inside = None if path is None else parse_path(path)
    visits = runtime.sharing.visits
    visit = await visits.enter(token, visitor_of(request.scope, runtime), kinds=(FILE, FOLDER))
    file = await visits.file(visit, inside)
    if not shows_content(visit.link):
        return NoPreviewJson(kind="none", reason="A link with a download limit has no previews.")
    return preview_json(await runtime.previews.previews.preview(file, page))


def _pages(count: int | None, size: int) -> int | None:
    return None if count is None else max(1, -(-count // size))
