"""Headers of a request, as texts."""

from collections.abc import Iterable, Mapping

from starlette.types import Scope


def wanted(names: Iterable[str]) -> dict[bytes, str]:
    """For `texts_of`: encoded once, not at each request."""
    return {name.encode("ascii"): name for name in names}


def texts_of(scope: Scope, names: Mapping[bytes, str]) -> dict[str, str]:
    """Those headers, by lower-case name; repeated ones joined as lists (RFC 9110 §5.3)."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = names.get(name)
        if key is not None:
            text = value.decode("latin-1")
            found[key] = f"{found[key]}, {text}" if key in found else text
    return found
