"""Fingerprints of secrets and settings that are stored so that other processes can compare them with their own.

Keyed digests, with keys derived from SECRET_KEY (HKDF-SHA256, RFC 5869) only for this purpose: they reveal nothing, and
values cannot be guessed without the key.
"""

import hmac
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from aishare.settings.catalog import SPECS, Settings
from aishare.settings.spec import plain_text

_KEY: Final = b"aishare fingerprint of SECRET_KEY"
_VALUE: Final = b"aishare digest of a setting"


def key_fingerprint(key: SecretStr, installation: str) -> str:
    """The same key has a different fingerprint in another installation."""
    return _derived(key, _KEY, salt=installation.encode()).hex()


def value_digests(settings: Settings, names: Iterable[str]) -> dict[str, str]:
    """By variable; unknown names are left out."""
    key = _derived(settings.signing_keys[0], _VALUE)
    return {name: _digest(key, name, settings) for name in names if name in SPECS}


def differing(settings: Settings, digests: Mapping[str, str]) -> tuple[str, ...]:
    """The variables that have different values here. The digests may have been made with an older or newer
    SECRET_KEY.
    """
    keys = [_derived(key, _VALUE) for key in settings.signing_keys]
    known = {name: digest for name, digest in digests.items() if name in SPECS}
    return tuple(
        name
        for name, digest in known.items()
        if not any(hmac.compare_digest(digest, _digest(key, name, settings)) for key in keys)
    )


def _digest(key: bytes, name: str, settings: Settings) -> str:
    text = f"{name}={plain_text(getattr(settings, SPECS[name].field))}"
    return hmac.new(key, text.encode(), sha256).hexdigest()


def _derived(key: SecretStr, purpose: bytes, *, salt: bytes | None = None) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose).derive(key.get_secret_value().encode())
