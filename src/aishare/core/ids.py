"""Random identifiers and secrets."""

import base64
import hashlib
import os
import secrets

_ID_BYTES = 15
"""120 bits: ids do not collide and cannot be guessed; 15 bytes are exactly 24 base-32 characters."""


def new_id() -> str:
    """24 characters of a-z and 2-7: safe in URLs, S3 keys, file names on every system, and easy to select with a double
    click.
    """
    return base64.b32encode(secrets.token_bytes(_ID_BYTES)).decode().lower()


def new_request_id() -> str:
    """Also 24 characters, but hexadecimal digits: takes a fifth of the time, which matters for each request."""
    return os.urandom(12).hex()


def new_secret() -> str:
    """A bearer secret of 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def secret_digest(secret: str) -> bytes:
    """The 32 bytes stored instead of a bearer secret. Plain SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()
