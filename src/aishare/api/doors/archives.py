"""Downloads of a folder, a shared folder or several files as one ZIP archive."""

from typing import Final
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from aishare.api.doors.exchange import Exchange
from aishare.api.http.disposition import content_disposition
from aishare.api.http.response_plan import Header
from aishare.api.http.streams import send_stream
from aishare.catalogue.people.sessions import Caller
from aishare.core.errors import InvalidInput
from aishare.core.paths import parse_folder, parse_named_folder
from aishare.runtime import Runtime
from aishare.services.content.archive import Archive

_FILES_MAX: Final = 1000
"""For more files, download a folder; also keeps the URL short enough."""

_PARAMETERS: Final = frozenset({"folder", "share", "id"})


async def send_archive(scope: Scope, receive: Receive, send: Send, archive: Archive) -> None:
    """The same for all routes that send archives."""
    await send_stream(scope, receive, send, archive_headers(archive.name), archive.pieces)


def archive_headers(name: str) -> list[Header]:
    """No ranges and no validators: the content is not known before it is made."""
    return [
        (b"content-type", b"application/zip"),
        (b"content-disposition", content_disposition(name, attachment=True).encode("ascii")),
        (b"accept-ranges", b"none"),
        (b"cache-control", b"private, no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"sandbox; default-src 'none'; frame-ancestors 'none'"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"referrer-policy", b"no-referrer"),
    ]


async def download_archive(exchange: Exchange) -> None:
    caller = await exchange.caller()
    archive = await _asked(exchange.scope, exchange.runtime, caller)
    await send_archive(exchange.scope, exchange.receive, exchange.send, archive)


async def _asked(scope: Scope, runtime: Runtime, caller: Caller) -> Archive:
    query = _query(scope)
    folder, share = query.get("folder", [""])[-1], query.get("share", [""])[-1]
    file_ids = query.get("id", [])
    if file_ids and not (folder or share):
        if len(file_ids) > _FILES_MAX:
            raise InvalidInput(
                f"More than {_FILES_MAX} files are selected.",
                hint="Move the files to a folder and download the folder.",
            )
        return await runtime.content.archives.of_files(caller, file_ids)
    if share and not file_ids:
        return await runtime.content.archives.of_shared_folder(caller, share, parse_folder(folder))
    if folder and not file_ids:
        return await runtime.content.archives.of_own_folder(caller, parse_named_folder(folder))
    raise InvalidInput(
        "The request does not say what to download.", hint="Give `folder`, `share`, or an `id` for each file."
    )


def _query(scope: Scope) -> dict[str, list[str]]:
    try:
        query = parse_qs(scope["query_string"].decode("ascii"), errors="strict", max_num_fields=_FILES_MAX + 10)
    except ValueError:
        raise InvalidInput("The query string is not UTF-8, or is too long.") from None
    if set(query) - _PARAMETERS:
        raise InvalidInput(f"The only parameters are {', '.join(sorted(_PARAMETERS))}.")
    return query
