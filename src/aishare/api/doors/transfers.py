"""Uploads and downloads of one's own files and of what is shared with one."""

from aishare.api.doors.exchange import Exchange
from aishare.api.doors.forms import form_file
from aishare.api.http.incoming import conditions_of
from aishare.api.http.known import unexpected_body
from aishare.api.routes.content.files import file_json
from aishare.core.paths import FilePath, parse_folder, parse_path
from aishare.services.content.uploads import Uploaded


async def download(exchange: Exchange) -> None:
    caller = await exchange.caller()
    downloads = exchange.runtime.content.downloads
    await exchange.send_content(await downloads.content(caller, exchange.match["file_id"]))


async def download_by_path(exchange: Exchange) -> None:
    caller = await exchange.caller()
    await exchange.send_content(await exchange.runtime.content.downloads.content_at(caller, _own_path(exchange)))


async def download_shared(exchange: Exchange) -> None:
    caller = await exchange.caller()
    share_id, path = exchange.match["share_id"], parse_path(exchange.named("path"))
    await exchange.send_content(await exchange.runtime.content.downloads.content_in_share(caller, share_id, path))


async def upload(exchange: Exchange) -> None:
    caller, path = await exchange.caller(), _own_path(exchange)
    body = exchange.body()
    uploaded = await exchange.runtime.content.uploads.upload(
        caller, path, body.pieces, announced_bytes=body.announced_bytes, conditions=body.conditions
    )
    await _send_uploaded(exchange, uploaded)


async def replace(exchange: Exchange) -> None:
    caller = await exchange.caller()
    body = exchange.body()
    replaced = await exchange.runtime.content.uploads.replace(
        caller,
        exchange.match["file_id"],
        body.pieces,
        announced_bytes=body.announced_bytes,
        conditions=body.conditions,
    )
    await _send_uploaded(exchange, replaced)


async def upload_shared(exchange: Exchange) -> None:
    caller = await exchange.caller()
    share_id, path = exchange.match["share_id"], parse_path(exchange.named("path"))
    body = exchange.body()
    uploaded = await exchange.runtime.content.uploads.upload_into_share(
        caller, share_id, path, body.pieces, announced_bytes=body.announced_bytes, conditions=body.conditions
    )
    await _send_uploaded(exchange, uploaded)


async def upload_form(exchange: Exchange) -> None:
    caller = await exchange.caller()
    async with form_file(exchange.scope, exchange.receive) as form:
        folder = parse_folder(form.fields.get("folder", ""))
        path = parse_path(f"{folder}/{form.filename}" if folder else form.filename)
        uploaded = await exchange.runtime.content.uploads.upload(
            caller, path, form.pieces, announced_bytes=None, conditions=form.conditions
        )
    await _send_uploaded(exchange, uploaded)


async def delete_by_path(exchange: Exchange) -> None:
    caller = await exchange.caller()
    if (problem := unexpected_body(exchange.scope)) is not None:
        raise problem
    conditions = conditions_of(exchange.scope)
    await exchange.runtime.content.files.delete_at(caller, _own_path(exchange), conditions=conditions)
    await exchange.send_nothing()


async def _send_uploaded(exchange: Exchange, uploaded: Uploaded) -> None:
    etag = (b"etag", uploaded.file.version.etag.encode("ascii"))
    shown = file_json(uploaded.file, exchange.runtime.previews.thumbnails.shown, uploaded.shared)
    await exchange.send_json(201 if uploaded.created else 200, shown, etag)


def _own_path(exchange: Exchange) -> FilePath:
    return parse_path(exchange.named("path"))
