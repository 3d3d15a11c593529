"""Digests sent with content: Content-Digest and Repr-Digest (RFC 9530), Digest (RFC 3230), Content-MD5.

Uploads are always whole and not encoded, so content and representation are the same bytes, and all four mean the same.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from aishare.core.errors import DigestMismatch, InvalidRequest

_ALGORITHMS: Final = {"sha-256": "sha256", "sha-512": "sha512", "md5": "md5", "sha": "sha1"}
"""The two algorithms of RFC 9530, and two that it calls insecure but that detect random damage just as well. Others are
ignored (§2).
"""

_KEY: Final = r"(?P<key>[a-z*][a-z0-9_.*-]*)"
_BARE: Final = r"""(?::[A-Za-z0-9+/=]*:|"[^"\\]*"|[A-Za-z0-9*?@.%/+_-]+)"""
_PARAMETERS: Final = rf"(?:; *[a-z*][a-z0-9_.*-]*(?:={_BARE})?)*"
_MEMBER: Final = re.compile(rf"{_KEY}(?:=(?P<value>{_BARE}))?{_PARAMETERS}[ \t]*(?:,[ \t]*(?=[^ \t])|$)")
"""A member of a structured field dictionary (RFC 9651 §3.2). Inner lists are not digests."""

FIELDS: Final = ("content-digest", "repr-digest", "digest", "content-md5")


class Expected:
    """The expected digests of content, checked as it passes."""

    def __init__(self, digests: Mapping[tuple[str, str], bytes]) -> None:
        self._digests = digests
        self._hashes = {name: _new(name) for _, name in digests}

    def __bool__(self) -> bool:
        return bool(self._digests)

    def update(self, piece: bytes) -> None:
        """Adds the next bytes."""
        for running in self._hashes.values():
            running.update(piece)

    def check(self) -> None:
        """After the last byte. DigestMismatch names the field that does not match."""
        for (field, name), digest in self._digests.items():
            if not hmac.compare_digest(self._hashes[name].digest(), digest):
                raise DigestMismatch(
                    f"The content does not match the {name} in {field}.",
                    hint="It was damaged in transit, or the digest belongs to another file. Nothing was stored.",
                )


def expected_digests(headers: Mapping[str, str]) -> Expected:
    """From header texts by lower-case name; InvalidRequest if a header is malformed."""
    found: dict[tuple[str, str], bytes] = {}
    for field in FIELDS:
        text = headers.get(field)
        if text is not None:
            found.update({(field, name): digest for name, digest in _digests(field, text)})
    return Expected(found)


def _digests(field: str, text: str) -> Iterator[tuple[str, bytes]]:
    if field == "content-md5":
        yield "md5", _decoded(field, "md5", text)
        return
    members = _legacy_members(text) if field == "digest" else _members(field, text)
    for key, value in members.items():
        if key in _ALGORITHMS:
            yield key, _decoded(field, key, value)


def _members(field: str, text: str) -> dict[str, str]:
    """Members of a dictionary; if a key is repeated, the last value counts."""
    found: dict[str, str] = {}
    text, position = text.strip(" "), 0
    while position < len(text):
        match = _MEMBER.match(text, position)
        if match is None:
            raise _malformed(field)
        key, value = match["key"], match["value"] or ""
        if key in _ALGORITHMS and not (len(value) > 1 and value[0] == value[-1] == ":"):
            raise _malformed(field)
        found[key] = value[1:-1]
        position = match.end()
    return found


def _legacy_members(text: str) -> dict[str, str]:
    """RFC 3230: names in any case, Base64 without delimiters."""
    pairs = (item.strip(" \t").partition("=") for item in text.split(","))
    return {name.lower(): value for name, _, value in pairs}


def _decoded(field: str, name: str, text: str) -> bytes:
    """Base64; padding may be missing (RFC 9651 §4.2.7)."""
    bare = text.strip(" \t").rstrip("=")
    try:
        digest = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise _malformed(field) from None
    if len(digest) != _new(name).digest_size:
        raise _malformed(field)
    return digest


def _new(name: str) -> Any:
    return hashlib.new(_ALGORITHMS[name], usedforsecurity=False)


def _malformed(field: str) -> InvalidRequest:
    example = "the MD5 in Base64" if field == "content-md5" else "sha-256=:BASE64:"
    return InvalidRequest(f"The header {field} is not valid.", hint=f"Send {example}, or remove the header.")
