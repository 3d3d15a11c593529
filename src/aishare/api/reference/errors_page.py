"""docs/errors.md: every code, from the error classes, the table of statuses and the advice here."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from aishare.api.http.errors import status_of
from aishare.core.errors import AishareError, InvalidSettings

INTRODUCTION: Final = """\
# Errors

<!-- Made by `python -m aishare.api.reference.docs` from core/errors.py, api/http/errors.py and
api/reference/errors_page.py: edit there. -->

Every error is a problem document (RFC 9457) with the content type `application/problem+json`:

```json
{
  "type": "urn:aishare:error:not_found",
  "title": "Not Found",
  "status": 404,
  "code": "not_found",
  "detail": "There is no such file.",
  "request_id": "k3vq0c1m9x7t"
}
```

- `code` is stable; use it in programs. `detail` and `hint` are for people and may change.
- Only administrators see the full `detail` and `hint` of storage, database and settings errors. Everyone else gets a
  general sentence; the details are in the log under the request id.
- Browsers that open the address of a file get an HTML page instead.
- `hint`, if present, says what to do. `request_id` is also in the `X-Request-Id` header and in every log line about the
  request.
- 429 and 503 include `Retry-After` in seconds, 401 and `missing_scope` include `WWW-Authenticate`, 405 has `Allow` and
  416 has `Content-Range`.
- Mistakes in a request are always 4xx. A 5xx means a problem with the storage, the database or aishare itself.
"""

_STORAGE_TEST: Final = "Run the connection test (`aishare storage test`); its hint says which setting to correct."
_LATER: Final = "Try again after the number of seconds in `Retry-After`."
_NEW_LINK: Final = "Ask the person who sent the link for a new one."

ADVICE: Final[dict[str, str]] = {
    "invalid_request": "Correct the request; `detail` says what is malformed.",
    "invalid_input": "Correct the value named in `detail`.",
    "invalid_path": "Use a relative path in UTF-8 with `/` between its parts, such as `models/best.pt`.",
    "invalid_key": "No action: this is an internal error. Clients never send object keys.",
    "length_mismatch": "Send exactly as many bytes as `Content-Length` says, and upload again.",
    "partial_upload": "Send the whole file: `curl -C` can only resume downloads. An existing file was not changed.",
    "digest_mismatch": (
        "Nothing was stored; upload again. If it happens again, check that the digest belongs to the file."
    ),
    "unsupported_encoding": "Send the file as it is, without `Content-Encoding`.",
    "client_disconnected": "Nothing was stored; upload again. This code appears only in the log.",
    "request_timeout": "Nothing was stored; upload again over a faster connection.",
    "too_large": (
        "Send a smaller file, or ask an administrator to raise `MAX_UPLOAD_SIZE_MB`. JSON bodies are limited to 1 MiB."
    ),
    "range_not_satisfiable": "Request a range within the size given in `Content-Range`.",
    "method_not_allowed": "Use one of the methods in the `Allow` header.",
    "precondition_failed": "Someone else changed or created it: load it again, then decide. Nothing was changed.",
    "not_found": "Check the id and path. Other users' files are also reported as not found.",
    "no_thumbnail": "The file itself can be downloaded.",
    "thumbnails_busy": _LATER,
    "gone": _NEW_LINK,
    "link_not_found": "Copy the whole address again, or ask the person who sent the link.",
    "link_expired": _NEW_LINK,
    "link_revoked": _NEW_LINK,
    "link_used_up": "Ask the person who sent the link for a new one, or to raise the download limit.",
    "link_gone": _NEW_LINK,
    "conflict": "Choose another name, or reload and repeat the change.",
    "not_authenticated": "Sign in, or send `Authorization: Bearer TOKEN` with a valid token.",
    "wrong_credentials": (
        "Check the user name and password. After too many failed attempts the account is locked for a while."
    ),
    "link_password_required": "Enter the password on the link's page, or send it with `POST /d/TOKEN/unlock`.",
    "link_other_user": "Sign in as the user the link was made for.",
    "link_prefetched": (
        "No action: when the link is clicked, the browser sends the request again and it counts as a download."
    ),
    "forbidden": "Ask an administrator, or the owner of the file or folder, for permission.",
    "missing_scope": "Use a token with the scope named in `detail`, or sign in.",
    "outside_folder": "Choose a path in the token's folder, or use a token without a folder.",
    "cross_origin": "Open aishare at its own address. Behind a proxy, set `PUBLIC_URL` and forward the `Host` header.",
    "throttled": _LATER,
    "previews_busy": _LATER,
    "invalid_settings": "Correct the settings listed in `problems`. The running configuration was not changed.",
    "location_owned": (
        "Choose another bucket, prefix or folder. If the other installation no longer exists, [take the "
        "storage over](storage/index.md#one-storage-one-installation)."
    ),
    "catalogue_unavailable": f"{_LATER} Administrators: check that the database is running, and read the log.",
    "catalogue_not_opened": "Administrators: `detail` says what is wrong with the database, and `hint` what to do.",
    "storage_error": "Try again. If it keeps failing, run the connection test (`aishare storage test`).",
    "object_not_found": "Restore the object from a backup of the storage.",
    "storage_unavailable": f"{_LATER} Administrators: {_STORAGE_TEST[0].lower()}{_STORAGE_TEST[1:]}",
    "storage_timeout": f"{_LATER} Administrators: check the load on the storage and the network connection to it.",
    "storage_tls": (
        "Set `S3_CA_BUNDLE` if the certificate is from your own authority, or correct http/https in the endpoint."
    ),
    "storage_denied": (
        "Give the access key the permissions listed on your provider's page under [Storage](storage/index.md)."
    ),
    "object_archived": (
        "Restore the object in the storage, and disable the lifecycle rule that archives aishare's objects."
    ),
    "object_locked": "Wait until the retention period ends, or remove the lock in the storage.",
    "storage_wrong_secret": "Correct the secret key.",
    "storage_unknown_key": "Correct the access key, or create a new one at your provider.",
    "storage_clock_skew": "Set the server's clock (NTP); S3 allows a difference of 15 minutes at most.",
    "storage_no_bucket": "Create the bucket, or correct its name.",
    "storage_wrong_region": "Set the region named in `detail`.",
    "storage_not_supported": (
        "Use one of the storages listed under [Storage](storage/index.md); this one lacks an operation that "
        "aishare needs."
    ),
    "storage_full": "Free up or add space, then upload again.",
    "object_corrupt": (
        "Restore the object from a backup, and check the disk and memory for faults. The damaged content was not sent."
    ),
    "location_missing": (
        "Mount the storage's disk or restore its content; it is then used again automatically. To start with a "
        "new, empty storage, run `aishare storage take-over --yes`."
    ),
    "storage_not_configured": (
        "Correct the settings listed on the storage page. Until then, new files are kept in the spool."
    ),
    "location_unavailable": "Configure the storage that contains the file again.",
    "internal_error": "This is a bug in aishare: report it with the log lines that contain the request id.",
}
"""What to do, by code; a test fails when one is missing or left over."""


class Row(NamedTuple):
    """One code."""

    code: str
    status: str
    meaning: str


def rows() -> list[Row]:
    """Each base class before its subclasses; the code without a class comes last."""
    found = [Row(error.code, _status(error), _meaning(error)) for error in _tree(AishareError)]
    return [*found, Row("internal_error", "500", "Something went wrong on the server; the log has the details.")]


def render() -> str:
    """The whole of docs/errors.md."""
    head = ["| code | status | meaning | what to do |", "|---|---|---|---|"]
    body = [f"| `{row.code}` | {row.status} | {row.meaning} | {ADVICE[row.code]} |" for row in rows()]
    return "\n".join([INTRODUCTION, *head, *body]) + "\n"


def _tree(base: type[AishareError]) -> Iterator[type[AishareError]]:
    for error in base.__subclasses__():
        if not error.__name__.startswith("_"):  # private classes have the code of their base class
            yield error
        yield from _tree(error)


def _status(error: type[AishareError]) -> str:
    at_start = ", or exit status 2 at startup" if error is InvalidSettings else ""
    return f"{int(status_of(error))}{at_start}"


def _meaning(error: type[AishareError]) -> str:
    return " ".join((error.__doc__ or "").split())
