"""What exists at given paths; pages check this before they upload many files."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from aishare.api.http.deps import CallerDep, RuntimeDep
from aishare.api.http.known import RequestBody
from aishare.catalogue.content.paths import Occupied
from aishare.core.errors import InvalidPath
from aishare.core.paths import FilePath, parse_path

router = APIRouter(prefix="/api/paths", tags=["files"])


class LookUpBody(RequestBody):
    """Paths to check; with `share_id`, relative to the shared folder."""

    paths: Annotated[list[Annotated[str, Field(max_length=4096)]], Field(max_length=1000)]
    share_id: Annotated[str, Field(max_length=64)] | None = None


class OccupiedJson(BaseModel):
    """What exists at a path. For a folder, `size` and `sha256` are null; the ETag of a file is its `sha256`
    in quotes.
    """

    path: str
    kind: Literal["file", "folder"]
    size: int | None
    sha256: str | None
    modified_at: datetime


class OccupiedListJson(BaseModel):
    """Only paths that exist, in no particular order."""

    items: list[OccupiedJson]


@router.post("/look-up")
async def check_paths(body: LookUpBody, caller: CallerDep, runtime: RuntimeDep) -> OccupiedListJson:
    """Check which of these paths exist as a file or folder. Names are compared as they are stored: upper and lower case
    differ, and Unicode is normalised (NFC). An invalid path is not an error; it does not exist.
    """
    found = await runtime.content.files.occupied(caller, list(_possible(body.paths)), share_id=body.share_id)
    return OccupiedListJson(items=[_occupied_json(item) for item in found])


def _possible(texts: list[str]) -> Iterator[FilePath]:
    for text in texts:
        try:
            yield parse_path(text)
        except InvalidPath:
            continue


def _occupied_json(item: Occupied) -> OccupiedJson:
    return OccupiedJson(
        path=item.path,
        kind="folder" if item.sha256 is None else "file",
        size=item.size_bytes,
        sha256=None if item.sha256 is None else item.sha256.hex(),
        modified_at=item.modified_at,
    )
