"""Unknown fields and query parameters are refused, not ignored.

What is ignored is believed to have counted: a token would get rights that its maker had left out, a list be taken for
the answer to a question that nobody read.
"""

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import ParamTypes
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError
from starlette.types import Scope

from aishare.api.http.callers import require_may_ask
from aishare.api.http.deps import RuntimeDep
from aishare.api.http.incoming import content_length
from aishare.core.errors import InvalidInput

UNKNOWN_FIELD = "unknown_field"
"""The type of pydantic's error; its message is a sentence of its own."""

_LONGEST_EMPTY = len("[ {} ]")
"""Bytes of a body in which there is no field."""

_ADDED_ON_THE_WAY = re.compile(
    r"utm_\w+|(fb|g|d|ms|tw|tt|y)clid|gad_source|[gw]braid|_gl|mibextid|igsh(id)?|li_fat_id|rdt_cid|mc_[ce]id|mkt_tok"
    r"|_hs(enc|mi)|ref(_src)?|si"
)
"""What chats, mail programs and networks append to addresses that people send: of links, it says nothing to us."""

_SHOWN = 60
"""Characters of a name that are repeated."""


class RequestBody(BaseModel):
    """What clients send in JSON, and each part of it."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown(cls, given: Any) -> Any:
        """Before pydantic does: it does not say which name may have been meant."""
        if isinstance(given, dict):
            for name in given:
                if name not in cls.model_fields:
                    said = unknown("field", str(name), cls.model_fields)
                    raise PydanticCustomError(UNKNOWN_FIELD, "{said}", {"said": said})
        return given


def unknown(what: str, name: str, known: Collection[str]) -> str:
    """The sentence about it."""
    near = get_close_matches(name[:_SHOWN], known, n=1)
    meant = f' Did you mean "{near[0]}"?' if near else ""
    return f'Unknown {what} "{name[:_SHOWN]}".{meant}'


def unknown_parameter(scope: Scope, known: Collection[str]) -> InvalidInput | None:
    """Of the query."""
    sent_around = scope["path"].startswith("/d/")
    for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name not in known and not (sent_around and _ADDED_ON_THE_WAY.fullmatch(name)):
            return InvalidInput(unknown("query parameter", name, known))
    return None


def unexpected_body(scope: Scope) -> InvalidInput | None:
    """For what takes none."""
    if (content_length(scope) or 0) > _LONGEST_EMPTY:
        return InvalidInput("This request does not take a body.", hint="Send it without a body.")
    return None


async def only_known(request: Request, runtime: RuntimeDep) -> None:
    """For every JSON route: its query parameters, and no body where it takes none."""
    route = request.scope["route"]
    if isinstance(route, APIRoute) and (problem := _problem(request.scope, route)) is not None:
        await require_may_ask(request.scope, runtime)
        raise problem


def _problem(scope: Scope, route: APIRoute) -> InvalidInput | None:
    if scope["query_string"]:
        fields = (field for field in get_flat_params(route.dependant) if _place(field.field_info) is ParamTypes.query)
        if (problem := unknown_parameter(scope, {field.alias for field in fields})) is not None:
            return problem
    return unexpected_body(scope) if route.body_field is None else None


def _place(info: object) -> ParamTypes | None:
    """Path, query, header or cookie."""
    return getattr(info, "in_", None)
