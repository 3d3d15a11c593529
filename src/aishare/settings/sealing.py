"""The settings that lead to a storage, encrypted, so that it stays readable when the settings lead elsewhere.

AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D §8.2.2); the key comes from SECRET_KEY by HKDF-SHA256
(RFC 5869), with a purpose of its own: nothing else that is made with SECRET_KEY opens it. What a key of
SECRET_KEY_PREVIOUS sealed opens as well.
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
    return _VERSION + nonce + AESGCM(_key(settings.signing_keys[0])).encrypt(nonce, text, _VERSION + _PURPOSE)


def unseal(sealed: bytes, running: Settings) -> Settings:
    """`running` with the storage that was sealed. LocationUnavailable if it can not be opened with this SECRET_KEY."""
    opened = next((text for key in running.signing_keys if (text := _opened(sealed, key)) is not None), None)
    if opened is None:
        raise LocationUnavailable(
            "The configuration of this storage was sealed with another SECRET_KEY.",
            hint="Add that key to SECRET_KEY_PREVIOUS, or apply the settings of that storage once more.",
        )
    values = {name: plain_text(getattr(running, spec.field)) for name, spec in SPECS.items() if name not in _SEALED}
    values |= json.loads(opened)
    return validated({name: value for name, value in values.items() if value}, base_dir=Path("/"))


def is_sealed_by_older_key(sealed: bytes, running: Settings) -> bool:
    """Whether it opens only as long as SECRET_KEY_PREVIOUS holds the key: it should be sealed anew."""
    return _opened(sealed, running.signing_keys[0]) is None


def _opened(sealed: bytes, key: SecretStr) -> bytes | None:
    version, nonce, text = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(_key(key)).decrypt(nonce, text, version + _PURPOSE)
    except (InvalidTag, ValueError):
        return None


def _key(secret: SecretStr) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.get_secret_value().encode())
