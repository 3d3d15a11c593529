"""What is in a file, for people who want to look before they fetch it."""

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from aishare.api.deps import CallerDep, RuntimeDep
from aishare.api.link_visitors import visitor_of
from aishare.catalogue.links import FILE, FOLDER
from aishare.core.paths import parse_path
from aishare.previews.answers import Answer, Nothing, Table, Tensors, Text
from aishare.previews.limits import MAX_PAGE, ROWS, TENSORS
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


class NoPreviewJson(_Shown):
    """No preview, and why."""

    kind: Literal["none"]
    reason: str


PreviewJson = Annotated[
    TablePreviewJson | TensorsPreviewJson | TextPreviewJson | NoPreviewJson, Field(discriminator="kind")
]


def preview_json(answer: Answer) -> TablePreviewJson | TensorsPreviewJson | TextPreviewJson | NoPreviewJson:
    """The preview as the API shows it."""
    match answer:
        case Table():
            return TablePreviewJson.model_validate({**asdict(answer), "pages": _pages(answer.row_count, ROWS)})
        case Tensors():
            return TensorsPreviewJson.model_validate({**asdict(answer), "pages": _pages(answer.count, TENSORS)})
        case Text():
            return TextPreviewJson.model_validate(answer)
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
    """What is in a file: rows of CSV and Parquet, tensors of safetensors and GGUF, the beginning of a text.

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
