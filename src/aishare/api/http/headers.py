"""Request headers as text."""

from collections.abc import Iterable, Mapping

from starlette.types import Scope


def wanted(names: Iterable[str]) -> dict[bytes, str]:
    """For `texts_of`: encoded once, not for each request."""
    return {name.encode("ascii"): name for name in names}


def header(scope: Scope, name: bytes) -> str | None:
    """One header, by lower-case name; a repeated one joined as a list (RFC 9110 §5.3)."""
    values = [value for key, value in scope["headers"] if key == name]
    return b", ".join(values).decode("latin-1") if values else None


def accepts_page(scope: Scope) -> bool:
    """Whether a person opens the address: browsers ask for HTML explicitly, programs and page scripts do not."""
    return "text/html" in (header(scope, b"accept") or "").lower()


def texts_of(scope: Scope, names: Mapping[bytes, str]) -> dict[str, str]:
    """These headers, by lower-case name; repeated ones joined as lists (RFC 9110 §5.3)."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = names.get(name)
        if key is not None:
            text = value.decode("latin-1")
            found[key] = f"{found[key]}, {text}" if key in found else text
    return found
