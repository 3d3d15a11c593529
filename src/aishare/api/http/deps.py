"""FastAPI dependencies of the JSON routes: the runtime and the caller."""

from typing import Annotated, cast

from fastapi import Depends, Request

from aishare.api.http.callers import caller_of
from aishare.catalogue.people.sessions import Caller
from aishare.runtime import LiveRuntime, Runtime
from aishare.services.content.access import require_superuser


# Coroutines although they do not wait: FastAPI runs plain functions in threads, which costs more than the request.
async def _live(request: Request) -> LiveRuntime:
    return cast("LiveRuntime", request.app.state.live)


LiveDep = Annotated[LiveRuntime, Depends(_live)]


async def _runtime(live: LiveDep) -> Runtime:
    """The current configuration, used for the whole request."""
    return live.current


RuntimeDep = Annotated[Runtime, Depends(_runtime)]


async def _caller(request: Request, runtime: RuntimeDep) -> Caller:
    return await caller_of(request.scope, runtime)


CallerDep = Annotated[Caller, Depends(_caller)]


async def _superuser(caller: CallerDep) -> Caller:
    require_superuser(caller)
    return caller


SuperuserDep = Annotated[Caller, Depends(_superuser)]
