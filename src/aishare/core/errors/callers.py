"""Who is calling may not do this."""

from aishare.core.errors.root import AishareError


class NotAuthenticated(AishareError):
    """Nobody is signed in, or the session or token is not valid any more."""

    code = "not_authenticated"


class WrongCredentials(NotAuthenticated):
    """User name or password is wrong; which of them is not said."""

    code = "wrong_credentials"


class LinkPasswordRequired(NotAuthenticated):
    """The link has a password, and this client has not given it."""

    code = "link_password_required"


class Forbidden(AishareError):
    """The caller is known and may not do this."""

    code = "forbidden"


class LinkOtherUser(Forbidden):
    """The link is for another user."""

    code = "link_other_user"


class LinkPrefetched(Forbidden):
    """A browser asks for the bytes of a link before anybody has clicked on it."""

    code = "link_prefetched"


class MissingScope(Forbidden):
    """The API token was made for less than this; the detail says which scope it lacks."""

    code = "missing_scope"

    def __init__(self, message: str, *, scope: str | None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.scope = scope
        """None where no scope is enough."""


class OutsideFolder(Forbidden):
    """The API token was made for one folder, and this lies outside of it."""

    code = "outside_folder"


class CrossOrigin(Forbidden):
    """A cookie request that changes something came from another origin."""

    code = "cross_origin"


class Throttled(AishareError):
    """Too many attempts."""

    code = "throttled"

    def __init__(self, message: str, *, retry_after_seconds: int, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_seconds = retry_after_seconds
