"""The ASGI application: one request layer around file transfers, the JSON API and the browser application."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aishare import __version__
from aishare.api.doors import description, table
from aishare.api.doors.exchange import Exchange
from aishare.api.doors.link_addresses import LinkAddresses
from aishare.api.http.callers import require_may_ask
from aishare.api.http.conditions import refuse_conditions
from aishare.api.http.errors import failure_body, problem_body, problem_document
from aishare.api.http.forwarded import ForwardedLayer
from aishare.api.http.json_bodies import JsonBodies
from aishare.api.http.known import UNKNOWN_FIELD, only_known, unknown_parameter
from aishare.api.http.requests import RequestLayer, RequestMetrics
from aishare.api.routes.configuration import configuration, environment, storage
from aishare.api.routes.content import files, folders, paths
from aishare.api.routes.integrity import garbage, health, locations, scrubs
from aishare.api.routes.moving import jobs, migrations
from aishare.api.routes.people import audit, auth, setup, tokens, users
from aishare.api.routes.people import profile as people
from aishare.api.routes.previews import previews
from aishare.api.routes.sharing import directory, link_pages, links, shares
from aishare.core.errors import AishareError, InvalidInput, InvalidPath, InvalidRequest, LinkNotFound, NotAllowed
from aishare.runtime import LiveRuntime

_ALSO_WITHOUT_API: Final = frozenset(
    {
        "/admin/storage-service/info",
        "/admin/storage-service/test-connection",
        "/environment-variables",
        "/environment-variables/reload",
    }
)
"""Early clients call these paths without /api."""

_MODULES: Final = (
    auth,
    people,
    setup,
    tokens,
    files,
    previews,
    folders,
    paths,
    links,
    link_pages,
    shares,
    directory,
    storage,
    configuration,
    environment,
    locations,
    migrations,
    scrubs,
    garbage,
    jobs,
    audit,
    users,
    health,
)
"""Each has a `router`."""

_CONDITIONAL: Final = (files, folders, shares, links)
"""Their routes check conditional headers themselves."""

_PROBLEM_TYPE: Final = "application/problem+json"

_NAMED: Final = 20
"""How many invalid fields of one body an answer names; the others are named once these are correct."""

_API_DOCS: Final = "/api-docs.html"
"""The page that shows the OpenAPI document; built and served as part of the browser application."""


def create_app(live: LiveRuntime, *, web: ASGIApp) -> ASGIApp:
    """The whole service as one ASGI application; `web` handles all requests that are not for the API."""
    api = create_api()
    api.state.live = live
    json = JsonBodies(api, _routes(), live)
    dispatcher = _Dispatcher(json, LinkAddresses(live, web), live)
    return ForwardedLayer(RequestLayer(dispatcher, RequestMetrics(live.current.registry)), live)


def create_api() -> FastAPI:
    """The JSON routes without a runtime: enough to describe them."""
    api = FastAPI(
        title="aishare",
        version=__version__,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(only_known)],
        generate_unique_id_function=lambda route: route.name,
    )
    for module in _MODULES:
        conditions = [] if module in _CONDITIONAL else [Depends(refuse_conditions)]
        api.include_router(module.router, dependencies=conditions)
    api.add_exception_handler(AishareError, _answer_ours)
    api.add_exception_handler(RequestValidationError, _answer_validation)
    api.add_exception_handler(HTTPException, _answer_http)
    api.add_exception_handler(Exception, _answer_failure)
    api.openapi = lambda: _described(api)  # type: ignore[method-assign]  # the way FastAPI's docs describe
    return api


def _routes() -> Iterator[APIRoute]:
    return (route for module in _MODULES for route in module.router.routes if isinstance(route, APIRoute))


class _Dispatcher:
    """Passes each request to a door, a JSON route or a page; HEAD is answered like GET, without the body."""

    def __init__(self, api: ASGIApp, web: ASGIApp, live: LiveRuntime) -> None:
        self._live = live
        self._api = api
        self._web = web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _refuse_nul(scope)
        if (path := scope["path"]) in _ALSO_WITHOUT_API:
            path = f"/api{path}"
            scope = {**scope, "path": path, "raw_path": path.encode()}
        place = table.find(path)
        if place is not None and (door := place.doors.get(scope["method"])):
            if scope["query_string"]:
                await self._refuse_unknown(scope)
            await door.handler(Exchange(scope, receive, send, self._live.current, place.match))
        elif path == "/api/docs":
            await self._web({**scope, "path": _API_DOCS}, receive, send)
        elif path == "/api" or path.startswith(("/api/", "/d/")) or path == "/metrics":
            _refuse_method(scope, place)
            await self._json(scope, receive, send)
        else:
            await self._web(scope, receive, send)

    async def _refuse_unknown(self, scope: Scope) -> None:
        problem = unknown_parameter(scope, table.query_parameters(scope))
        if problem is not None:
            await require_may_ask(scope, self._live.current)
            raise problem

    async def _json(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            await self._api({**scope, "method": "GET"}, receive, _without_body(send))
        else:
            await self._api(scope, receive, send)


def _refuse_method(scope: Scope, place: table.DoorMatch | None) -> None:
    """Refuses methods that neither a door nor a JSON route of this path handles."""
    beside = _routes_beside(scope["path"])
    if place is not None and scope["method"] not in beside:
        raise NotAllowed({*place.doors, *beside})


def _refuse_nul(scope: Scope) -> None:
    """Refuses NUL characters: no name, id or word contains them, and PostgreSQL cannot store them."""
    if "\0" in scope["path"] and scope["path"].startswith("/d/"):
        raise LinkNotFound("There is no such link.")
    if "\0" in scope["path"]:
        raise InvalidPath("The path contains a NUL character.")
    if b"%00" in scope["query_string"]:
        raise InvalidInput("A query parameter contains a NUL character.")


def _routes_beside(path: str) -> set[str]:
    """Methods of the JSON routes with paths that also have byte routes."""
    if path == "/api/files":
        return {"GET", "HEAD"}
    return {"POST"} if path.startswith("/d/") and path.endswith("/unlock") else set()


def _without_body(send: Send) -> Send:
    async def forward(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return forward


def _described(api: FastAPI) -> dict[str, Any]:
    if api.openapi_schema is None:
        api.openapi_schema = description.document(api)
    return api.openapi_schema


def _request_id(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", ""))


async def _answer_ours(request: Request, error: Exception) -> Response:
    if not isinstance(error, AishareError):
        raise error
    status, body, headers = problem_document(error, scope=request.scope, request_id=_request_id(request))
    return Response(body, status, dict(headers))


async def _answer_validation(request: Request, error: Exception) -> Response:
    """Malformed JSON is 400, an invalid value 422; the values themselves are not repeated."""
    if not isinstance(error, RequestValidationError):
        raise error
    details = error.errors()
    if any(detail["type"] == "json_invalid" for detail in details):
        return await _answer_ours(request, InvalidRequest("The body is not valid JSON."))
    return await _answer_ours(request, InvalidInput("; ".join(map(_said, details[:_NAMED]))))


def _said(detail: Mapping[str, Any]) -> str:
    """The field and its problem."""
    if detail["type"] == UNKNOWN_FIELD:
        return str(detail["msg"])
    return ".".join(str(part) for part in detail["loc"])[:200] + ": " + str(detail["msg"])


async def _answer_failure(request: Request, _error: Exception) -> Response:
    """The framework raises the error again once this is sent, and the request layer logs it."""
    return Response(failure_body(_request_id(request)), 500, media_type=_PROBLEM_TYPE)


async def _answer_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    body = problem_body(
        status=status,
        code=status.name.lower(),
        detail=status.description or status.phrase,
        hint=None,
        request_id=_request_id(request),
    )
    return Response(body, status, {**(error.headers or {}), "content-type": _PROBLEM_TYPE})
