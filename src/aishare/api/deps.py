"""What JSON routes ask for: the runtime and the caller."""

from typing import Annotated, cast

from fastapi import Depends, Request

from aishare.api.callers import caller_of
from aishare.catalogue.sessions import Caller
from aishare.runtime import Runtime


async def _runtime(request: Request) -> Runtime:
    """A coroutine, though nothing waits: FastAPI runs plain functions in threads, for more than the request costs."""
    return cast("Runtime", request.app.state.runtime)


RuntimeDep = Annotated[Runtime, Depends(_runtime)]


async def _caller(request: Request, runtime: RuntimeDep) -> Caller:
    return await caller_of(request.scope, runtime)


CallerDep = Annotated[Caller, Depends(_caller)]
