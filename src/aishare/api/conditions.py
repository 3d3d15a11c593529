"""Conditions of JSON routes that change something, and the ETag that the next ones can name."""

from typing import Annotated

from fastapi import Depends, Request, Response

from aishare.api.incoming import conditions_of
from aishare.core.conditions import Preconditions, Version


async def _conditions(request: Request) -> Preconditions:
    return conditions_of(request.scope)


ConditionsDep = Annotated[Preconditions, Depends(_conditions)]


def show_version(response: Response, version: Version) -> None:
    """Of what the answer shows."""
    response.headers["etag"] = version.etag
