"""Uploads with HTML forms (RFC 7578), parsed as they arrive: without a second copy on disk or a buffer of
their size.
"""

from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.types import Receive, Scope

from aishare.api.http.headers import header
from aishare.api.http.incoming import body_of, checked, content_expectations
from aishare.api.http.known import unknown
from aishare.core.conditions import Preconditions
from aishare.core.digest_fields import FIELDS, Expected
from aishare.core.errors import InvalidInput, InvalidRequest
from aishare.core.sizes import KiB

_KNOWN: Final = ("file", "folder")
_FIELD_MAX: Final = 8 * KiB
_HEADERS_MAX: Final = 8 * KiB
_FIELDS_MAX: Final = 20
_BOUNDARY_MAX: Final = 200
"""RFC 2046 §5.1.1 allows 70, the parser accepts 256."""

_ABOUT_CONTENT: Final = frozenset({"content-range", "content-encoding", "content-transfer-encoding", *FIELDS})
"""Headers of the part `file` that are respected. Few clients send them; those that do mean them (despite RFC 7578
§4.8).
"""


@dataclass(frozen=True, slots=True)
class FormFile:
    """The fields before the file, its name, its content, and the conditions for replacing a file."""

    fields: Mapping[str, str]
    filename: str
    pieces: AsyncIterator[bytes]
    conditions: Preconditions


@asynccontextmanager
async def form_file(scope: Scope, receive: Receive) -> AsyncIterator[FormFile]:
    """The part `file` of the form. Fields that describe it must come before it."""
    kind, options = parse_options_header(header(scope, b"content-type") or "")
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise InvalidRequest(
            "The request is not a multipart form.", hint="Send multipart/form-data with a part named `file`."
        )
    body = body_of(scope, receive)
    form = _Form(_parser_boundary(boundary), body.pieces)
    filename = await form.find_file()
    pieces = checked(form.file_pieces(), form.expected) if form.expected else form.file_pieces()
    yield FormFile(form.fields, filename, pieces, body.conditions)


def _parser_boundary(boundary: bytes) -> bytes:
    if len(boundary) > _BOUNDARY_MAX:
        raise InvalidRequest("The boundary of the form is too long.")
    return boundary


class _Form:
    """Feeds the parser and returns its results."""

    def __init__(self, boundary: bytes, body: AsyncIterator[bytes]) -> None:
        self.fields: dict[str, str] = {}
        self._body = body
        self._filename: str | None = None
        self._pieces: deque[bytes] = deque()
        self._ended = False
        self._name = ""
        self._header = self._value = b""
        self._header_bytes = 0
        self._about: dict[str, str] = {}
        self.expected: Expected | None = None
        """Of the part `file`, once its headers have been read."""
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begin,
                "on_header_field": self._header_data,
                "on_header_value": self._value_data,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._part_data,
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )

    async def find_file(self) -> str:
        """Returns after the headers of the file's part, because they can describe its content."""
        while self._filename is None or self.expected is None:
            if not await self._feed():
                raise InvalidRequest("The form has no part `file`.", hint="Send the file in a part named `file`.")
        return self._filename

    async def file_pieces(self) -> AsyncIterator[bytes]:
        """Ends only after the whole form was read: half a file must not be stored when a form is cut off."""
        more = True
        while self._pieces or more:
            while self._pieces:
                yield self._pieces.popleft()
            more = await self._feed()
        if not self._ended:
            raise InvalidRequest("The form is incomplete: its last boundary is missing.")

    async def _feed(self) -> bool:
        piece = await anext(self._body, b"")
        if not piece:
            return False
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise InvalidRequest(f"The form is malformed: {error}") from error
        return True

    def _part_begin(self) -> None:
        self._name, self._header, self._value = "", b"", b""
        self._header_bytes = 0
        self._about = {}

    def _header_data(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]
        self._check_headers(end - start)

    def _value_data(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._check_headers(end - start)

    def _check_headers(self, count: int) -> None:
        self._header_bytes += count
        if self._header_bytes > _HEADERS_MAX:
            raise InvalidRequest("The headers of a form part are too large.")

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            self._begin_field(_text(options.get(b"name", b"")))
            if self._name == "file":
                self._begin_file(options.get(b"filename"))
        elif (name := self._header.decode("latin-1").lower()) in _ABOUT_CONTENT:
            text = self._value.decode("latin-1")
            self._about[name] = f"{self._about[name]}, {text}" if name in self._about else text
        self._header = self._value = b""

    def _begin_field(self, name: str) -> None:
        if name and name not in _KNOWN:
            raise InvalidInput(unknown("field", name, _KNOWN))
        if self._filename is not None and name != "file":
            raise InvalidRequest(
                f"The field {name[:40]!r} comes after the file.", hint="Send the file as the last part of the form."
            )
        self._name = name

    def _begin_file(self, filename: bytes | None) -> None:
        if self._filename is not None:
            raise InvalidRequest("The form has more than one file.", hint="Send one file per request.")
        if not filename:
            raise InvalidRequest("The part `file` has no file name.")
        # RFC 7578 §4.2: a path before the name describes the sender's disk, not ours
        self._filename = _text(filename).replace("\\", "/").rpartition("/")[2]

    def _headers_finished(self) -> None:
        self._value = b""
        if not self._name:
            raise InvalidRequest("A part of the form has no name.")
        if self._name == "file":
            self.expected = content_expectations(self._about)

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._name == "file":
            self._pieces.append(data[start:end])
            return
        self._value += data[start:end]
        if len(self._value) > _FIELD_MAX:
            raise InvalidRequest("The form has too much text besides the file.")

    def _part_end(self) -> None:
        if self._name == "file":
            return
        self.fields[self._name] = _text(self._value)
        if len(self.fields) > _FIELDS_MAX:
            raise InvalidRequest("The form has too many fields.")

    def _end(self) -> None:
        self._ended = True


def _text(data: bytes) -> str:
    """Strict UTF-8: with replacement characters it would be a different name."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidRequest("A name or field of the form is not UTF-8.") from None
