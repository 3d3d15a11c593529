"""Every door and what it answers to whom: the table that tests/api/test_doors.py walks.

A line per door: method, path as in the OpenAPI document, and the status for each of CALLERS. `RANGE` is a GET that asks
for some bytes. What stands behind `#` tells several requests of one door apart. A `+` before the path means that the
document does not describe it. To add a door: a line here, and where it needs more than an empty JSON body a line in
REQUESTS.

The thing asked for is the owner's: a file in a folder that was shared with the reader for reading and with the writer
for writing. `disabled` is an owner that was disabled, asking for things of their own.
"""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

CALLERS = ("nobody", "other", "reader", "writer", "owner", "disabled", "superuser")

TABLE = """
# files                                       nobody other reader writer owner disabled superuser
GET    /api/files                                401   200    200    200   200      401       200
POST   /api/files                                401   201    201    201   201      401       201
GET    /api/files/{file_id}                      401   404    200    200   200      401       200
PATCH  /api/files/{file_id}                      401   404    403    200   200      401       404
PATCH  /api/files/{file_id}#out                  401   404    403    200   200      401       404
DELETE /api/files/{file_id}                      401   404    403    204   204      401       204
PUT    /api/files/by-path/{path}                 401   201    201    201   200      401       201
GET    /api/files/by-path/{path}                 401   404    404    404   200      401       404
RANGE  /api/files/by-path/{path}                 401   404    404    404   206      401       404
HEAD   /api/files/by-path/{path}                 401   404    404    404   200      401       404
DELETE /api/files/by-path/{path}                 401   404    404    404   204      401       404
GET    /api/files/{file_id}/content              401   404    200    200   200      401       200
RANGE  /api/files/{file_id}/content              401   404    206    206   206      401       206
HEAD   /api/files/{file_id}/content              401   404    200    200   200      401       200
PUT    /api/files/{file_id}/content              401   404    403    200   200      401       404
GET    /api/files/{file_id}/preview              401   404    200    200   200      401       200

# a file that was shared by itself            nobody other reader writer owner disabled superuser
GET    /api/files/{file_id}#alone                401   404    200    200   200      401       200
PATCH  /api/files/{file_id}#alone                401   404    403    403   200      401       404
DELETE /api/files/{file_id}#alone                401   404    403    403   204      401       204
RANGE  /api/files/{file_id}/content#alone        401   404    206    206   206      401       206
GET    /api/files/{file_id}/preview#alone        401   404    200    200   200      401       200
PUT    /api/files/{file_id}/content#alone        401   404    403    200   200      401       404

# folders and archives                        nobody other reader writer owner disabled superuser
GET    /api/folders                              401   404    404    404   200      401       404
POST   /api/folders                              401   201    201    201   409      401       201
PATCH  /api/folders                              401   404    404    404   200      401       404
DELETE /api/folders                              401   404    404    404   200      401       404
POST   /api/paths/look-up                        401   200    200    200   200      401       200
POST   /api/paths/look-up#share                  401   404    200    200   200      401       404
GET    /api/archives#folder                      401   404    404    404   200      401       404
HEAD   /api/archives#folder                      401   404    404    404   200      401       404
GET    /api/archives#share                       401   404    200    200   200      401       404
HEAD   /api/archives#share                       401   404    200    200   200      401       404
GET    /api/archives#id                          401   404    200    200   200      401       200
RANGE  /api/archives#id                          401   404    200    200   200      401       200
HEAD   /api/archives#id                          401   404    200    200   200      401       200

# shares                                      nobody other reader writer owner disabled superuser
POST   /api/shares                               401   404    404    404   201      401       404
POST   /api/shares#file                          401   404    404    404   201      401       404
GET    /api/shares                               401   200    200    200   200      401       200
GET    /api/shares/with-me                       401   200    200    200   200      401       200
PATCH  /api/shares/{share_id}                    401   404    403    403   200      401       404
DELETE /api/shares/{share_id}                    401   404    204    204   204      401       404
GET    /api/shares/{share_id}/entries            401   404    200    200   200      401       404
POST   /api/shares/{share_id}/folders            401   404    403    201   201      401       404
PUT    /api/shares/{share_id}/by-path/{path}     401   404    403    201   201      401       404
GET    /api/shares/{share_id}/by-path/{path}     401   404    200    200   200      401       404
RANGE  /api/shares/{share_id}/by-path/{path}     401   404    206    206   206      401       404
HEAD   /api/shares/{share_id}/by-path/{path}     401   404    200    200   200      401       404
GET    /api/users/search                         401   200    200    200   200      401       200

# links: who has one needs no account         nobody other reader writer owner disabled superuser
POST   /api/files/{file_id}/links                401   404    404    404   201      401       404
POST   /api/links                                401   404    404    404   201      401       404
GET    /api/links                                401   200    200    200   200      401       200
GET    /api/links/{link_id}                      401   404    404    404   200      401       404
PATCH  /api/links/{link_id}                      401   404    404    404   200      401       404
DELETE /api/links/{link_id}                      401   404    404    404   204      401       404
GET    /api/links/{link_id}/uses                 401   404    404    404   200      401       200
POST   /api/links/revoke                         401   200    200    200   200      401       200
GET    /api/admin/links                          401   403    403    403   403      401       200
DELETE /api/admin/links/{link_id}                401   403    403    403   403      401       204
GET    /d/{token}                                200   200    200    200   200      410       200
RANGE  /d/{token}                                206   206    206    206   206      410       206
HEAD   /d/{token}                                200   200    200    200   200      410       200
GET    /d/{token}#folder                         200   200    200    200   200      410       200
GET    /d/{token}/{path}                         200   200    200    200   200      410       200
RANGE  /d/{token}/{path}                         206   206    206    206   206      410       206
HEAD   /d/{token}/{path}                         200   200    200    200   200      410       200
GET    /d/{token}/thumbnail                      200   200    200    200   200      410       200
HEAD   /d/{token}/thumbnail                      200   200    200    200   200      410       200
OPTIONS +/d/{token}                              204   204    204    204   204      410       204
GET    +/s/{token}                               307   307    307    307   307      307       307
POST   /d/{token}/unlock                         204   204    204    204   204      410       204
GET    /api/d/{token}                            200   200    200    200   200      410       200
GET    /api/d/{token}/entries                    200   200    200    200   200      410       200
GET    /api/d/{token}/preview                    200   200    200    200   200      410       200
PUT    /api/d/{token}/files/{name}               201   201    201    201   201      410       201

# thumbnails                                  nobody other reader writer owner disabled superuser
GET    /api/files/{file_id}/thumbnail            401   404    200    200   200      401       200
HEAD   /api/files/{file_id}/thumbnail            401   404    200    200   200      401       200

# oneself                                     nobody other reader writer owner disabled superuser
POST   /api/auth/login                           401   401    401    401   401      401       401
POST   /api/auth/logout                          204   204    204    204   204      204       204
GET    /api/auth/me                              401   200    200    200   200      401       200
PATCH  /api/auth/me                              401   200    200    200   200      401       200
GET    /api/auth/demo-users                      200   200    200    200   200      200       200
POST   /api/auth/demo-login                      404   404    404    404   404      404       404
POST   /api/auth/password                        401   422    422    422   422      401       422
GET    /api/auth/sessions                        401   200    200    200   200      401       200
DELETE /api/auth/sessions/{session_id}           401   404    404    404   204      401       404
GET    /api/auth/setup                           200   200    200    200   200      200       200
POST   /api/auth/setup                          404   404    404    404   404      404       404
GET    /api/tokens                               401   200    200    200   200      401       200
POST   /api/tokens                               401   201    201    201   201      401       201
GET    /api/tokens/{token_id}                    401   404    404    404   200      401       404
DELETE /api/tokens/{token_id}                    401   404    404    404   204      401       404

# administration                              nobody other reader writer owner disabled superuser
GET    /api/admin/users                          401   403    403    403   403      401       200
POST   /api/admin/users                          401   403    403    403   403      401       422
PATCH  /api/admin/users/{user_id}                401   403    403    403   403      401       404
GET    /api/admin/storage-service/info           401   403    403    403   403      401       200
GET    +/admin/storage-service/info              401   403    403    403   403      401       200
POST   /api/admin/storage-service/test-connection     401   403    403    403   403      401       200
POST   +/admin/storage-service/test-connection   401   403    403    403   403      401       200
POST   /api/admin/storage-service/take-over      401   403    403    403   403      401       200
GET    /api/environment-variables                401   403    403    403   403      401       200
GET    +/environment-variables                   401   403    403    403   403      401       200
PATCH  /api/environment-variables                401   403    403    403   403      401       422
PATCH  +/environment-variables                   401   403    403    403   403      401       422
POST   /api/environment-variables/reload         401   403    403    403   403      401       200
POST   +/environment-variables/reload            401   403    403    403   403      401       200
POST   /api/environment-variables/validate       401   403    403    403   403      401       422
GET    /api/environment-variables/changes        401   403    403    403   403      401       200
POST   /api/environment-variables/changes/{change_id}/confirm 401   403    403    403   403      401       404
POST   /api/environment-variables/changes/{change_id}/revert 401   403    403    403   403      401       404
GET    /api/environment-variables/backups        401   403    403    403   403      401       200
GET    /api/environment-variables/backups/{backup_id}/diff 401   403    403    403   403      401       404
POST   /api/environment-variables/backups/{backup_id}/restore 401   403    403    403   403      401       422
GET    /api/admin/locations                      401   403    403    403   403      401       200
POST   /api/admin/locations/{location_id}/retire 401   403    403    403   403      401       404
POST   /api/admin/migrations/plan                401   403    403    403   403      401       422
GET    /api/admin/migrations                     401   403    403    403   403      401       200
POST   /api/admin/migrations                     401   403    403    403   403      401       422
GET    /api/admin/migrations/{migration_id}      401   403    403    403   403      401       404
PATCH  /api/admin/migrations/{migration_id}      401   403    403    403   403      401       404
POST   /api/admin/migrations/{migration_id}/{act}     401   403    403    403   403      401       404
GET    /api/admin/migrations/{migration_id}/manifest  401   403    403    403   403      401       404
GET    /api/admin/migrations/{migration_id}/failures  401   403    403    403   403      401       404
GET    /api/admin/scrubs                         401   403    403    403   403      401       200
POST   /api/admin/scrubs                         401   403    403    403   403      401       422
GET    /api/admin/scrubs/{scrub_id}              401   403    403    403   403      401       404
POST   /api/admin/scrubs/{scrub_id}/cancel       401   403    403    403   403      401       404
GET    /api/admin/damages                        401   403    403    403   403      401       200
POST   /api/admin/garbage/plan                   401   403    403    403   403      401       200
POST   /api/admin/garbage                        401   403    403    403   403      401       422
GET    /api/admin/jobs                           401   403    403    403   403      401       200
GET    /api/admin/audit                          401   403    403    403   403      401       200
GET    /api/admin/audit/export                   401   403    403    403   403      401       200

# for everybody                               nobody other reader writer owner disabled superuser
GET    /api/health/live                          200   200    200    200   200      200       200
GET    /api/health/ready                         200   200    200    200   200      200       200
GET    +/metrics                                 200   200    200    200   200      200       200
GET    +/api/openapi.json                        200   200    200    200   200      200       200
GET    +/api/docs                                200   200    200    200   200      200       200
GET    +/api/nothing                             404   404    404    404   404      404       404
"""


class Door(NamedTuple):
    """A row. `label` names it in the table and in REQUESTS."""

    label: str
    method: str
    path: str
    described: bool
    statuses: dict[str, int]


@dataclass
class Thing:
    """What the owner has: a file in a folder that was shared, and one that was shared by itself (`alone`)."""

    file_id: str
    alone_id: str
    folder: str
    shares: dict[str, str]
    """Of the folder, by the caller that it was given to; everybody else asks for the reader's."""
    links: dict[str, str] = field(default_factory=dict)
    """`link_id` and `token` of one to the file beside the folder, `folder_token`, `request_token`."""
    session_id: str = "none"
    token_id: str = "none"

    def values(self, caller: str) -> dict[str, str]:
        """The names in braces in paths and in REQUESTS. Other parameters name nothing that exists."""
        return {
            "caller": caller,
            "file_id": self.file_id,
            "alone_id": self.alone_id,
            "folder": self.folder,
            "share_id": self.shares.get(caller, self.shares["reader"]),
            "session_id": self.session_id,
            "token_id": self.token_id,
            "act": "pause",
            **self.links,
        }


_RENAME = {"json": {"name": "renamed.txt"}}
_CONTENT = {"content": b"anew"}
_BY_PATH = {"path": "/api/files/by-path/{folder}/a.txt"}
_IN_SHARE = {"path": "/api/shares/{share_id}/by-path/a.txt"}

REQUESTS: dict[str, dict[str, Any]] = {
    "POST /api/files": {"files": {"file": ("form-{caller}.txt", b"form")}},
    "GET /api/files/{file_id}#alone": {"path": "/api/files/{alone_id}"},
    "GET /api/files/{file_id}/preview#alone": {"path": "/api/files/{alone_id}/preview"},
    "PATCH /api/files/{file_id}": _RENAME,
    "PATCH /api/files/{file_id}#alone": {**_RENAME, "path": "/api/files/{alone_id}"},
    "PATCH /api/files/{file_id}#out": {"json": {"path": "elsewhere/renamed.txt"}},
    "DELETE /api/files/{file_id}#alone": {"path": "/api/files/{alone_id}"},
    "PUT /api/files/by-path/{path}": {**_CONTENT, "path": "/api/files/by-path/{folder}/a.txt"},
    **{f"{method} /api/files/by-path/{{path}}": _BY_PATH for method in ("GET", "RANGE", "HEAD", "DELETE")},
    "PUT /api/files/{file_id}/content": _CONTENT,
    "PUT /api/files/{file_id}/content#alone": {**_CONTENT, "path": "/api/files/{alone_id}/content"},
    "RANGE /api/files/{file_id}/content#alone": {"path": "/api/files/{alone_id}/content"},
    "GET /api/folders": {"params": {"parent": "{folder}"}},
    "POST /api/folders": {"json": {"path": "{folder}"}},
    "PATCH /api/folders": {"json": {"path": "{folder}", "new_path": "{folder}-moved"}},
    "DELETE /api/folders": {"params": {"path": "{folder}"}},
    "POST /api/paths/look-up": {"json": {"paths": ["{folder}/a.txt"]}},
    "POST /api/paths/look-up#share": {"json": {"paths": ["a.txt"], "share_id": "{share_id}"}},
    "POST /api/shares/{share_id}/folders": {"json": {"path": "made"}},
    "GET /api/archives#folder": {"params": {"folder": "{folder}"}},
    "HEAD /api/archives#folder": {"params": {"folder": "{folder}"}},
    "GET /api/archives#share": {"params": {"share": "{share_id}"}},
    "HEAD /api/archives#share": {"params": {"share": "{share_id}"}},
    "GET /api/archives#id": {"params": {"id": "{file_id}"}},
    "HEAD /api/archives#id": {"params": {"id": "{file_id}"}},
    "RANGE /api/archives#id": {"params": {"id": "{file_id}"}},
    "POST /api/shares": {"json": {"folder": "{folder}", "username": "carl"}},
    "POST /api/shares#file": {"json": {"file_id": "{file_id}", "username": "carl"}},
    "PATCH /api/shares/{share_id}": {"json": {"right": "write"}},
    "PUT /api/shares/{share_id}/by-path/{path}": {**_CONTENT, "path": "/api/shares/{share_id}/by-path/new.txt"},
    **{f"{method} /api/shares/{{share_id}}/by-path/{{path}}": _IN_SHARE for method in ("GET", "RANGE", "HEAD")},
    "POST /api/links": {"json": {"folder": "{folder}", "kind": "folder"}},
    "PATCH /api/links/{link_id}": {"json": {"note": "x"}},
    "POST /api/links/revoke": {"json": {"ids": ("{link_id}",)}},
    "GET /d/{token}#folder": {"path": "/d/{folder_token}"},
    "GET /d/{token}/{path}": {"path": "/d/{folder_token}/a.txt"},
    "RANGE /d/{token}/{path}": {"path": "/d/{folder_token}/a.txt"},
    "HEAD /d/{token}/{path}": {"path": "/d/{folder_token}/a.txt"},
    "GET /d/{token}/thumbnail": {"params": {"size": "300"}},
    "HEAD /d/{token}/thumbnail": {"params": {"size": "300"}},
    "POST /d/{token}/unlock": {"json": {"password": "none is wanted"}},
    "GET /api/d/{token}/entries": {"path": "/api/d/{folder_token}/entries"},
    "PUT /api/d/{token}/files/{name}": {**_CONTENT, "path": "/api/d/{request_token}/files/new.txt"},
    "GET /api/files/{file_id}/thumbnail": {"path": "/api/files/{alone_id}/thumbnail"},
    "HEAD /api/files/{file_id}/thumbnail": {"path": "/api/files/{alone_id}/thumbnail"},
    "GET /api/admin/audit/export": {"params": {"format": "csv"}},
    "POST /api/auth/login": {"json": {"username": "nobody-{caller}", "password": "wrong one"}},
    "PATCH /api/auth/me": {"json": {"display_name": "{caller}"}},
    "POST /api/auth/demo-login": {"json": {"username": "nobody"}},
    "POST /api/auth/setup": {"json": {"token": "wrong", "username": "somebody", "password": "long enough"}},
    "POST /api/tokens": {"json": {"name": "x"}},
    "PATCH /api/admin/users/{user_id}": {"json": {"display_name": "x"}},
    "POST /api/admin/storage-service/test-connection": {},
    "POST /admin/storage-service/test-connection": {},
    "PATCH /api/admin/migrations/{migration_id}": {"json": {"concurrency": 1}},
    "POST /api/admin/scrubs": {"json": {"percent": 1000}},
}
"""What is sent, as arguments of httpx; by default an empty JSON body. `path` takes the place of the row's."""


def request_of(door: Door, thing: Thing, caller: str) -> dict[str, Any]:
    """The arguments of httpx."""
    method = "GET" if door.method == "RANGE" else door.method
    asked = REQUESTS.get(door.label, {"json": {}} if method in {"POST", "PATCH"} else {})
    values = thing.values(caller)
    path = re.sub(r"{(\w+)}", lambda found: values.get(found[1], "nothing"), asked.get("path", door.path))
    filled: dict[str, Any] = _filled({name: value for name, value in asked.items() if name != "path"}, values)
    headers = {"Range": "bytes=1-2"} if door.method == "RANGE" else {}
    return {"method": method, "url": path, "headers": headers, **filled}


def _filled(value: Any, values: dict[str, str]) -> Any:
    if isinstance(value, str):
        return value.format(**values)
    if isinstance(value, dict):
        return {name: _filled(one, values) for name, one in value.items()}
    return tuple(_filled(one, values) for one in value) if isinstance(value, tuple) else value


def doors() -> list[Door]:
    """The rows of the table."""
    found = []
    for line in TABLE.splitlines():
        if not line or line.startswith("#"):
            continue
        method, path, *statuses = line.split()
        assert len(statuses) == len(CALLERS), line
        described = not path.startswith("+")
        label = f"{method} {path.removeprefix('+')}"
        by_caller = dict(zip(CALLERS, map(int, statuses), strict=True))
        found.append(Door(label, method, path.removeprefix("+").partition("#")[0], described, by_caller))
    return found
