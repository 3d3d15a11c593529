"""Conditional requests (If-Match and others) for JSON routes, and the ETag in their responses."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from aishare.api.http.callers import require_may_ask
from aishare.api.http.deps import RuntimeDep
from aishare.api.http.incoming import conditions_of
from aishare.core.conditions import Preconditions, Version
from aishare.core.errors import InvalidRequest, PreconditionFailed


async def _conditions(request: Request) -> Preconditions:
    return conditions_of(request.scope)


ConditionsDep = Annotated[Preconditions, Depends(_conditions)]


_NO_ETAG: Final = Version("", None)


async def refuse_conditions(request: Request, runtime: RuntimeDep) -> None:
    """For routes without ETags: no tag matches, and what is to be changed or deleted exists."""
    try:
        _require_none(request)
    except (InvalidRequest, PreconditionFailed):
        await require_may_ask(request.scope, runtime)
        raise


def _require_none(request: Request) -> None:
    if request.method == "GET":
        return
    conditions = conditions_of(request.scope)
    if request.method == "POST":  # it creates something new
        conditions = replace(conditions, if_none_match=None)
    conditions.require(_NO_ETAG)


def show_version(response: Response, version: Version) -> None:
    """Sets the ETag of the content in the response."""
    response.headers["etag"] = version.etag
