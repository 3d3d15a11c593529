"""The scope that each route requires of an API token. A token with scopes cannot use a route that is missing here, and
a test fails.

One line per operation, as in the OpenAPI document; HEAD needs the same scope as GET.
"""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Final

from starlette.types import Scope

from aishare.core.tokens import ADMIN, READ, WRITE


class Need(Enum):
    """What a route requires; the values of the scopes are their names."""

    OPEN = "open"
    """No token needed: the route does not check the caller."""
    ANY = "any"
    """A token of any kind."""
    READ = READ
    WRITE = WRITE
    ADMIN = ADMIN
    EVERYTHING = "everything"
    """A token without scopes: these routes could grant more rights than a limited token has."""

    @property
    def scope(self) -> str | None:
        """None if no scope is sufficient, or none is needed."""
        return self.value if self in {Need.READ, Need.WRITE, Need.ADMIN} else None


_TABLE: Final = """
open        GET    /api/auth/demo-users
open        POST   /api/auth/demo-login
open        POST   /api/auth/login
open        POST   /api/auth/logout
open        GET    /api/auth/setup
open        POST   /api/auth/setup
open        GET    /api/health/live
open        GET    /api/health/ready
open        GET    /metrics
any         GET    /api/auth/me

everything  PATCH  /api/auth/me
everything  POST   /api/auth/password
everything  GET    /api/auth/sessions
everything  DELETE /api/auth/sessions/{session_id}
everything  GET    /api/tokens
everything  POST   /api/tokens
everything  GET    /api/tokens/{token_id}
everything  DELETE /api/tokens/{token_id}

read        GET    /api/files
write       POST   /api/files
read        GET    /api/files/by-path/{path}
write       PUT    /api/files/by-path/{path}
write       DELETE /api/files/by-path/{path}
read        GET    /api/files/{file_id}
write       PATCH  /api/files/{file_id}
write       DELETE /api/files/{file_id}
read        GET    /api/files/{file_id}/content
write       PUT    /api/files/{file_id}/content
read        GET    /api/files/{file_id}/preview
read        GET    /api/files/{file_id}/thumbnail
read        GET    /api/folders
write       POST   /api/folders
write       PATCH  /api/folders
write       DELETE /api/folders
read        POST   /api/paths/look-up
read        GET    /api/archives

read        GET    /api/shares
write       POST   /api/shares
read        GET    /api/shares/with-me
write       PATCH  /api/shares/{share_id}
write       DELETE /api/shares/{share_id}
read        GET    /api/shares/{share_id}/entries
write       POST   /api/shares/{share_id}/folders
read        GET    /api/shares/{share_id}/by-path/{path}
write       PUT    /api/shares/{share_id}/by-path/{path}
read        GET    /api/users/search

write       POST   /api/files/{file_id}/links
read        GET    /api/links
write       POST   /api/links
write       POST   /api/links/revoke
read        GET    /api/links/{link_id}
write       PATCH  /api/links/{link_id}
write       DELETE /api/links/{link_id}
read        GET    /api/links/{link_id}/uses

read        GET    /d/{token}
read        GET    /d/{token}/thumbnail
read        GET    /d/{token}/{path}
open        POST   /d/{token}/unlock
read        GET    /api/d/{token}
read        GET    /api/d/{token}/entries
read        GET    /api/d/{token}/preview
write       PUT    /api/d/{token}/files/{name}

admin       GET    /api/admin/users
admin       POST   /api/admin/users
admin       PATCH  /api/admin/users/{user_id}
admin       GET    /api/admin/links
admin       DELETE /api/admin/links/{link_id}
admin       GET    /api/admin/storage-service/info
admin       POST   /api/admin/storage-service/test-connection
admin       POST   /api/admin/storage-service/take-over
admin       GET    /api/admin/locations
admin       POST   /api/admin/locations/{location_id}/retire
admin       GET    /api/admin/migrations
admin       POST   /api/admin/migrations
admin       POST   /api/admin/migrations/plan
admin       GET    /api/admin/migrations/{migration_id}
admin       PATCH  /api/admin/migrations/{migration_id}
admin       GET    /api/admin/migrations/{migration_id}/failures
admin       GET    /api/admin/migrations/{migration_id}/manifest
admin       POST   /api/admin/migrations/{migration_id}/{act}
admin       GET    /api/admin/scrubs
admin       POST   /api/admin/scrubs
admin       GET    /api/admin/scrubs/{scrub_id}
admin       POST   /api/admin/scrubs/{scrub_id}/cancel
admin       GET    /api/admin/damages
admin       POST   /api/admin/garbage
admin       POST   /api/admin/garbage/plan
admin       GET    /api/admin/jobs
admin       GET    /api/admin/audit
admin       GET    /api/admin/audit/export
admin       GET    /api/environment-variables
admin       PATCH  /api/environment-variables
admin       POST   /api/environment-variables/reload
admin       POST   /api/environment-variables/validate
admin       GET    /api/environment-variables/changes
admin       POST   /api/environment-variables/changes/{change_id}/confirm
admin       POST   /api/environment-variables/changes/{change_id}/revert
admin       GET    /api/environment-variables/backups
admin       GET    /api/environment-variables/backups/{backup_id}/diff
admin       POST   /api/environment-variables/backups/{backup_id}/restore
"""


def _rows() -> Iterator[tuple[tuple[str, str], Need]]:
    for line in _TABLE.splitlines():
        if line:
            need, method, path = line.split()
            yield (method, path), Need(need)


NEEDS: Final[Mapping[tuple[str, str], Need]] = dict(_rows())
"""By method and path."""

_MANY_SEGMENTS: Final = frozenset({"path", "name"})


_LINKS: Final = ("/d/", "/api/d/")
"""Only the token in the path is needed, unless the link is for one user."""


def asks_who_calls(need: Need, path: str) -> bool:
    """Whether the route requires an account."""
    return need is not Need.OPEN and not path.startswith(_LINKS)


def path_pattern(path: str) -> re.Pattern[str]:
    """A pattern for a path of the OpenAPI document."""
    parts = re.split(r"{(\w+)}", path)
    wild = (r".+" if name in _MANY_SEGMENTS else r"[^/]+" for name in parts[1::2])
    fixed = (re.escape(part) for part in parts[::2])
    return re.compile("".join(f"{before}{next(wild, '')}" for before in fixed), re.DOTALL)


_PATTERNS: Final = tuple((method, path_pattern(path), need) for (method, path), need in NEEDS.items())


def need_of(scope: Scope) -> Need:
    """What this request requires. JSON routes are found by their path, byte routes by their pattern."""
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    route: Any = scope.get("route")
    if route is not None:
        return NEEDS.get((method, route.path), Need.EVERYTHING)
    found = (need for known, pattern, need in _PATTERNS if known == method and pattern.fullmatch(scope["path"]))
    return next(found, Need.EVERYTHING)
