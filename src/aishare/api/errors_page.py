"""docs/errors.md: every code, from the tree of errors, the table of statuses and the advice here."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from aishare.api.errors import status_of
from aishare.core.errors import AishareError, InvalidSettings

INTRODUCTION: Final = """\
# Errors

<!-- Made by `python -m aishare.api.docs` from core/errors, api/errors.py and api/errors_page.py: edit there. -->

An error is answered with a problem document (RFC 9457), content type `application/problem+json`:

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

- `code` is stable: programs decide by it. `detail` and `hint` are for people and may change.
- For errors of the storage, the database and the settings, superusers get the full `detail` and `hint`. Others get
  a plain sentence; the rest is in the log under the request id.
- People who open the address of a file in a browser get a page instead.
- `hint`, where there is one, says what to do. `request_id` is also in the header `X-Request-Id` and in each line of the
  log about the request.
- 429 and 503 come with `Retry-After` in seconds, 401 and `missing_scope` with `WWW-Authenticate`, 405 with `Allow`,
  416 with `Content-Range`.
- What a client does wrong is a 4xx, never a 5xx. A 5xx names the storage, the database or a fault of aishare itself.
"""

_STORAGE_TEST: Final = "Run the connection test (`aishare storage test`); its hint names the setting."
_LATER: Final = "Try again after the seconds in `Retry-After`."

ADVICE: Final[dict[str, str]] = {
    "invalid_request": "Correct the request; `detail` names what could not be read.",
    "invalid_input": "Correct the value that `detail` names.",
    "invalid_path": "Use a relative path with `/` between its parts, as in `models/best.pt`, in UTF-8.",
    "invalid_key": "Only seen by programmers: keys are made by aishare.",
    "length_mismatch": "Send as many bytes as `Content-Length` says; upload again.",
    "partial_upload": "Send the whole file: `curl -C` resumes downloads only. What was stored before is still there.",
    "digest_mismatch": "Nothing was stored; upload again. If it happens again, compare digest and file.",
    "unsupported_encoding": "Send the file as it is, without `Content-Encoding`.",
    "client_disconnected": "Nothing was kept; upload again. Only the log shows this code.",
    "request_timeout": "Nothing was kept; send it again, over a faster connection or in parts.",
    "too_large": "Send a smaller file, or have `MAX_UPLOAD_SIZE_MB` raised; a JSON body has 1 MiB at most.",
    "range_not_satisfiable": "Ask for bytes within the size in `Content-Range`.",
    "method_not_allowed": "Use a method of the header `Allow`.",
    "precondition_failed": "Somebody has changed or created it: read it again, then decide. Nothing was changed.",
    "not_found": "Check id and path. What belongs to somebody else is not found either.",
    "no_thumbnail": "Nothing is wrong with the file: download it. `detail` says why it cannot be shown.",
    "thumbnails_busy": _LATER,
    "gone": "Ask its owner for a new one.",
    "link_not_found": "Copy the whole address once more; ask whoever sent it.",
    "link_expired": "Ask whoever sent the link for a new one.",
    "link_revoked": "Ask whoever sent the link for a new one.",
    "link_used_up": "Ask whoever sent the link for a new one, or to raise its limit.",
    "link_gone": "Ask whoever sent the link for a new one.",
    "conflict": "Choose another name, or load the thing again and repeat the change.",
    "not_authenticated": "Sign in, or send `Authorization: Bearer TOKEN` with a token that is still valid.",
    "wrong_credentials": "Check name and password. After too many failures the account is locked for a while.",
    "link_password_required": "Give the password: on the page of the link, or by `POST /d/TOKEN/unlock`.",
    "link_other_user": "Sign in as the user whom the link is for.",
    "link_prefetched": "Nothing: the browser asks again when the link is clicked. Then it counts as a download.",
    "forbidden": "Ask an administrator, or the owner of what was shared with you.",
    "missing_scope": "Use a token that was made with the scope that `detail` names, or sign in.",
    "outside_folder": "Choose a path in the folder of the token, or use a token without a folder.",
    "cross_origin": "Open aishare at its own address; behind a proxy, set `PUBLIC_URL` and pass `Host` on.",
    "throttled": _LATER,
    "previews_busy": _LATER,
    "invalid_settings": "Correct the lines that are named; the running configuration stays as it was.",
    "location_owned": "Choose another bucket, prefix or folder; if its owner is gone, "
    "[take it over](storage/index.md#one-storage-one-installation).",
    "catalogue_unavailable": f"{_LATER} Administrators: check that the database runs, and look at the log.",
    "catalogue_not_opened": "Administrators: `detail` says what is wrong with the database, `hint` what to do.",
    "storage_error": "`detail` holds the storage's own code and request id. Try again; then run the connection test.",
    "object_not_found": "The bytes are gone from the storage: restore them from a backup of it.",
    "storage_unavailable": f"{_LATER} Administrators: {_STORAGE_TEST[0].lower()}{_STORAGE_TEST[1:]}",
    "storage_timeout": f"{_LATER} Administrators: look at the load of the storage and the network to it.",
    "storage_tls": "Set `S3_CA_BUNDLE` for a certificate of your own, or correct http/https in the endpoint.",
    "storage_denied": "Give the access key the rights of its page under Storage.",
    "object_archived": "Restore the object in the store, and end the lifecycle rule that archives what aishare keeps.",
    "object_locked": "Wait for the end of its retention, or end the lock in the store.",
    "storage_wrong_secret": "Correct the secret key.",
    "storage_unknown_key": "Correct the access key, or make a new one at the provider.",
    "storage_clock_skew": "Set the clock of the server (NTP); S3 accepts 15 minutes of difference.",
    "storage_no_bucket": "Create the bucket, or correct its name.",
    "storage_wrong_region": "Set the region that `detail` names.",
    "storage_not_supported": "The storage lacks an operation that aishare needs. Choose one of those under Storage.",
    "storage_full": "Free or add space. Nothing of the failed write is left.",
    "object_corrupt": "The bytes were not delivered. Restore the object from a backup, and check disk and memory.",
    "location_missing": "Mount the disk of the storage, or bring back what was in it; it is used again by itself. "
    "If it is to be a new, empty storage: `aishare storage take-over --yes`.",
    "storage_not_configured": "Correct the settings that the storage page names; files wait in the spool until then.",
    "location_unavailable": "Configure the storage again in which the file lies.",
    "internal_error": "A fault of aishare: report it with the lines of the log that carry the request id.",
}
"""What to do, by code; a test fails when one is missing or left over."""


class Row(NamedTuple):
    """One code."""

    code: str
    status: str
    meaning: str


def rows() -> list[Row]:
    """A group before its kinds; last the one that no class has."""
    found = [Row(error.code, _status(error), _meaning(error)) for error in _tree(AishareError)]
    return [*found, Row("internal_error", "500", "Something went wrong in the server; the log has the details.")]


def render() -> str:
    """The whole of docs/errors.md."""
    head = ["| code | status | meaning | what to do |", "|---|---|---|---|"]
    body = [f"| `{row.code}` | {row.status} | {row.meaning} | {ADVICE[row.code]} |" for row in rows()]
    return "\n".join([INTRODUCTION, *head, *body]) + "\n"


def _tree(base: type[AishareError]) -> Iterator[type[AishareError]]:
    for error in base.__subclasses__():
        if not error.__name__.startswith("_"):  # those are a module's own, with the code of their base
            yield error
        yield from _tree(error)


def _status(error: type[AishareError]) -> str:
    at_start = ", or exit status 2 at the start" if error is InvalidSettings else ""
    return f"{int(status_of(error))}{at_start}"


def _meaning(error: type[AishareError]) -> str:
    return " ".join((error.__doc__ or "").split())
