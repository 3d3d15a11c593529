"""Errors about who is calling: not signed in, no permission, too many attempts."""

from aishare.core.errors.root import AishareError


class NotAuthenticated(AishareError):
    """You are not signed in, or the session or token is no longer valid."""

    code = "not_authenticated"


class WrongCredentials(NotAuthenticated):
    """The user name or password is wrong."""

    code = "wrong_credentials"


class LinkPasswordRequired(NotAuthenticated):
    """The link is protected by a password."""

    code = "link_password_required"


class Forbidden(AishareError):
    """You do not have permission to do this."""

    code = "forbidden"


class LinkOtherUser(Forbidden):
    """The link is for another user."""

    code = "link_other_user"


class LinkPrefetched(Forbidden):
    """The browser tried to load a link in advance, before anyone clicked it."""

    code = "link_prefetched"


class MissingScope(Forbidden):
    """The API token does not have the required scope; `detail` names it."""

    code = "missing_scope"

    def __init__(self, message: str, *, scope: str | None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.scope = scope
        """None if no scope is sufficient."""


class OutsideFolder(Forbidden):
    """The API token is limited to a folder, and this is outside it."""

    code = "outside_folder"


class CrossOrigin(Forbidden):
    """A request that would change something came from a page on another site."""

    code = "cross_origin"


class Throttled(AishareError):
    """Too many attempts."""

    code = "throttled"

    def __init__(self, message: str, *, retry_after_seconds: int, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_seconds = retry_after_seconds
