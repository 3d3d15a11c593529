"""API tokens of the caller."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field

from aishare.api.http.deps import CallerDep, RuntimeDep
from aishare.api.http.known import RequestBody
from aishare.catalogue.people.tokens import ApiToken
from aishare.core.errors import NotFound
from aishare.core.paths import parse_named_folder
from aishare.core.tokens import TokenScope
from aishare.services.people.sessions import TokenWish

router = APIRouter(prefix="/api/tokens", tags=["tokens"])

_TEN_YEARS_SECONDS = 10 * 366 * 86_400


class NewTokenBody(RequestBody):
    """`expires_in` is in seconds; without it, the token does not expire. Without `scopes`, the token can do everything
    its owner can. `read`: list and download; `write`: also upload, change, delete and share; `admin`: administer, as
    long as its owner is an administrator. With `folder`, the token is limited to the contents of that folder, also
    after the folder is moved.
    """

    name: Annotated[str, Field(min_length=1, max_length=200)]
    expires_in: Annotated[int, Field(ge=1, le=_TEN_YEARS_SECONDS)] | None = None
    scopes: Annotated[list[TokenScope], Field(min_length=1, max_length=20)] | None = None
    folder: Annotated[str, Field(max_length=4096)] | None = None


class TokenJson(BaseModel):
    """A token without its secret. `scopes` is null if it can do everything its owner can."""

    id: str
    name: str
    scopes: list[TokenScope] | None
    folder: str | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewTokenJson(TokenJson):
    """A token with its secret, which is shown only once."""

    token: str


class TokenListJson(BaseModel):
    """All your tokens."""

    items: list[TokenJson]


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_token(body: NewTokenBody, response: Response, caller: CallerDep, runtime: RuntimeDep) -> NewTokenJson:
    """Create an API token."""
    wish = TokenWish(
        name=body.name,
        expires_in_seconds=body.expires_in,
        scopes=body.scopes,
        folder=None if body.folder is None else parse_named_folder(body.folder),
    )
    token, secret = await runtime.people.tokens.create(caller.user, wish)
    response.headers["cache-control"] = "no-store"
    return NewTokenJson(**token_json(token).model_dump(), token=secret)


@router.get("")
async def list_tokens(caller: CallerDep, runtime: RuntimeDep) -> TokenListJson:
    """List your tokens."""
    tokens = await runtime.people.tokens.tokens_of(caller.user)
    return TokenListJson(items=[token_json(token) for token in tokens])


@router.get("/{token_id}")
async def get_token(token_id: str, caller: CallerDep, runtime: RuntimeDep) -> TokenJson:
    """Get one of your tokens."""
    for token in await runtime.people.tokens.tokens_of(caller.user):
        if token.id == token_id:
            return token_json(token)
    raise NotFound("There is no such token.")


@router.delete("/{token_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_token(token_id: str, caller: CallerDep, runtime: RuntimeDep) -> None:
    """Revoke a token; the next request with it is refused."""
    if not await runtime.people.tokens.revoke(caller.user, token_id):
        raise NotFound("There is no such token.")


def token_json(token: ApiToken) -> TokenJson:
    """The token as the API shows it."""
    return TokenJson(
        id=token.id,
        name=token.name,
        scopes=None if token.scopes is None else list(token.scopes),
        folder=token.folder,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
    )
