"""Routes of the audit log: what users and the server did. Administrators only."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel

from aishare.api.http.callers import caller_of
from aishare.api.http.deps import RuntimeDep, SuperuserDep
from aishare.api.routes.people.audit_export import csv_file, jsonl_file
from aishare.catalogue.people.audit import AuditFilter
from aishare.services.content.access import require_superuser

router = APIRouter(prefix="/api/admin/audit", tags=["administration"])

_Text = Annotated[str | None, Query(max_length=200)]


class AuditRowJson(BaseModel):
    """Who did what, when and from where. `target` is the name of the affected item at that time: a path, a user, or
    "link to" a path. `target_id` is its id, which does not change, and `owner` is its owner. `detail` contains names
    and numbers, never values of settings.
    """

    id: str
    at: datetime
    actor: str
    action: str
    target: str | None
    target_id: str | None
    owner: str | None
    detail: str | None
    address: str | None
    request_id: str | None


class AuditPageJson(BaseModel):
    """Newest first; `next_cursor` is null on the last page."""

    items: list[AuditRowJson]
    next_cursor: str | None


async def _filter(
    action: _Text = None,
    actor: _Text = None,
    target: _Text = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> AuditFilter:
    return AuditFilter(action=action, actor=actor, target=target, since=since, until=until)


FilterDep = Annotated[AuditFilter, Depends(_filter)]


@router.get("")
async def list_audit(
    _admin: SuperuserDep,
    runtime: RuntimeDep,
    wanted: FilterDep,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> AuditPageJson:
    """List audit entries. `actor` must match exactly, `target` matches any part of target or detail, or a whole
    `target_id`; `until` is exclusive.
    """
    page = await runtime.people.audit.page(wanted, cursor=cursor, limit=limit)
    return AuditPageJson.model_validate(page, from_attributes=True)


@router.get("/export", response_class=StreamingResponse)
async def export_audit(
    request: Request,
    admin: SuperuserDep,
    runtime: RuntimeDep,
    wanted: FilterDep,
    form: Annotated[Literal["csv", "jsonl"], Query(alias="format")] = "csv",
) -> StreamingResponse:
    """Download all matching audit entries as a file. CSV cells that a spreadsheet would treat as a formula start with
    an apostrophe.
    """

    async def check() -> None:
        require_superuser(await caller_of(request.scope, runtime))

    pages = await runtime.people.audit.export(admin.user, wanted, form=form, check=check)
    name = f"aishare-audit-{runtime.clock():%Y%m%d-%H%M%S}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    if form == "csv":
        return StreamingResponse(csv_file(pages), media_type="text/csv; charset=utf-8", headers=headers)
    return StreamingResponse(jsonl_file(pages), media_type="application/x-ndjson", headers=headers)
