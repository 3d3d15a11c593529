"""One request for bytes and its answer, as plain ASGI: a framework's objects cost more than a small file itself."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote_to_bytes

from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from aishare.api.http.callers import caller_of
from aishare.api.http.incoming import IncomingBody, body_of
from aishare.api.http.response_plan import Header
from aishare.api.http.transfer import send_content
from aishare.catalogue.people.sessions import Caller
from aishare.core.errors import InvalidPath
from aishare.runtime import Runtime
from aishare.services.content import Representation


@dataclass(frozen=True, slots=True)
class Exchange:
    """The request, where the response is sent, and the services that were current when the request began."""

    scope: Scope
    receive: Receive
    send: Send
    runtime: Runtime
    match: re.Match[str]
    """Of the template of the door with the path as the server decoded it: enough for ids."""

    async def caller(self) -> Caller:
        return await caller_of(self.scope, self.runtime)

    def named(self, parameter: str) -> str:
        """A part of the path, decoded here: the server replaces what is not UTF-8, so it would be another name.

        Raises:
            InvalidPath: it is not UTF-8.

        """
        match = self.match.re.fullmatch(decoded_path(self.scope))
        if match is None:
            raise InvalidPath("The path is not valid.")
        return match[parameter]

    def query(self) -> dict[str, list[str]]:
        return parse_qs(self.scope["query_string"].decode("latin-1"))

    def body(self) -> IncomingBody:
        return body_of(self.scope, self.receive)

    async def send_content(self, content: Representation, *headers: Header) -> None:
        """With ranges and conditions; as an attachment if the client wants that."""
        attached = asks_download(self.scope)
        await send_content(self.scope, self.receive, self.send, content, download=attached, extra_headers=list(headers))

    async def send_json(self, status: int, answer: BaseModel, *headers: Header) -> None:
        body = answer.model_dump_json().encode()
        kind = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await self.send({"type": "http.response.start", "status": status, "headers": [*kind, *headers]})
        await self.send({"type": "http.response.body", "body": body})

    async def send_nothing(self) -> None:
        await self.send({"type": "http.response.start", "status": 204, "headers": []})
        await self.send({"type": "http.response.body", "body": b""})


def asks_download(scope: Scope) -> bool:
    """Whether the client wants an attachment, whatever the type."""
    if not scope["query_string"]:
        return False
    values = parse_qs(scope["query_string"].decode("latin-1")).get("download", [])
    return bool(values) and values[-1] not in {"0", "false"}


def decoded_path(scope: Scope) -> str:
    """The path of a request; InvalidPath if it is not UTF-8."""
    raw = scope.get("raw_path") or scope["path"].encode()
    try:
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidPath("The path is not UTF-8.", hint="Encode the name as UTF-8, then percent-encode it.") from None
