"""Unknown fields and query parameters are refused, not ignored.

Otherwise a caller would assume that they took effect: a misspelled field would give a token more rights, or a
misspelled filter would list everything.
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
"""The type of pydantic's error, whose message is already a full sentence."""

_LONGEST_EMPTY = len("[ {} ]")
"""The most bytes a body without fields can have."""

_ADDED_ON_THE_WAY = re.compile(
    r"utm_\w+|(fb|g|d|ms|tw|tt|y)clid|gad_source|[gw]braid|_gl|mibextid|igsh(id)?|li_fat_id|rdt_cid|mc_[ce]id|mkt_tok"
    r"|_hs(enc|mi)|ref(_src)?|si|sccid|srsltid|epik|_ga|vero_id|_kx",
    re.IGNORECASE,
)
"""Tracking parameters that chat apps, mail programs and social networks add to links, in any case; they are ignored."""

_SHOWN = 60
"""How many characters of a name an error repeats."""


class RequestBody(BaseModel):
    """The base of all JSON sent by clients, and of its parts."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown(cls, given: Any) -> Any:
        """Runs before pydantic's own check, which does not suggest the name that was meant."""
        if isinstance(given, dict):
            for name in given:
                if name not in cls.model_fields:
                    said = unknown("field", str(name), cls.model_fields)
                    raise PydanticCustomError(UNKNOWN_FIELD, "{said}", {"said": said})
        return given


def unknown(what: str, name: str, known: Collection[str]) -> str:
    """The error message."""
    near = get_close_matches(name[:_SHOWN], known, n=1)
    meant = f' Did you mean "{near[0]}"?' if near else ""
    return f'Unknown {what} "{name[:_SHOWN]}".{meant}'


def unknown_parameter(scope: Scope, known: Collection[str]) -> InvalidInput | None:
    """An unknown query parameter."""
    sent_around = scope["path"].startswith("/d/")
    for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name not in known and not (sent_around and _ADDED_ON_THE_WAY.fullmatch(name)):
            return InvalidInput(unknown("query parameter", name, known))
    return None


def unexpected_body(scope: Scope) -> InvalidInput | None:
    """For routes that do not accept a body."""
    if (content_length(scope) or 0) > _LONGEST_EMPTY:
        return InvalidInput("This request does not take a body.", hint="Send it without a body.")
    return None


async def only_known(request: Request, runtime: RuntimeDep) -> None:
    """For every JSON route: checks its query parameters, and refuses a body if it accepts none."""
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
