"""The settings that lead to a storage, encrypted, so that it stays readable when the settings lead elsewhere.

AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D §8.2.2); the key comes from SECRET_KEY by HKDF-SHA256
(RFC 5869), with a purpose of its own: nothing else that is made with SECRET_KEY opens it.
"""

import json
import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from aishare.core.errors import LocationUnavailable
from aishare.settings.candidate import STORAGE_CATEGORIES
from aishare.settings.catalog import SPECS, Settings
from aishare.settings.load import validated
from aishare.settings.spec import plain_text

_PURPOSE: Final = b"aishare location configuration"
_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_SEALED: Final = tuple(
    name for name, spec in SPECS.items() if spec.category in STORAGE_CATEGORIES or name == "IMAGE_STORAGE_PATH"
)
"""The image cache is left out of the local folder that it lies in."""


def seal(settings: Settings) -> bytes:
    """What of `settings` leads to their storage. SECRET_KEY must be there."""
    values = {name: plain_text(getattr(settings, SPECS[name].field)) for name in _SEALED}
    text = json.dumps({name: value for name, value in values.items() if value}).encode()
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(_key(settings)).encrypt(nonce, text, _VERSION + _PURPOSE)


def unseal(sealed: bytes, running: Settings) -> Settings:
    """`running` with the storage that was sealed. LocationUnavailable if it can not be opened with this SECRET_KEY."""
    version, nonce, text = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        opened = AESGCM(_key(running)).decrypt(nonce, text, version + _PURPOSE)
    except (InvalidTag, ValueError):
        raise LocationUnavailable(
            "The configuration of this storage was sealed with another SECRET_KEY.",
            hint="Set the SECRET_KEY of before, or apply the settings of that storage once more.",
        ) from None
    values = {name: plain_text(getattr(running, spec.field)) for name, spec in SPECS.items() if name not in _SEALED}
    values |= json.loads(opened)
    return validated({name: value for name, value in values.items() if value}, base_dir=Path("/"))


def _key(settings: Settings) -> bytes:
    secret = settings.secret_key or SecretStr("")
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.get_secret_value().encode())
