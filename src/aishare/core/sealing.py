"""Encryption of data in the database that only the service may read.

AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D §8.2.2); the key is derived from SECRET_KEY with HKDF-SHA256
(RFC 5869), one for each purpose, so that other uses of SECRET_KEY cannot decrypt it. Data encrypted with older keys can
still be decrypted.
"""

import os
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12


class Seal:
    """Encrypts with the first key, decrypts with all of them."""

    def __init__(self, keys: Sequence[SecretStr], purpose: bytes) -> None:
        self._purpose = purpose
        self._ciphers = [AESGCM(self._key(key)) for key in keys]

    def seal(self, text: bytes, *, owner: bytes = b"") -> bytes:
        """`owner` is what the encrypted text belongs to; it cannot be decrypted for another owner."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._ciphers[0].encrypt(nonce, text, _VERSION + self._purpose + owner)

    def opened(self, sealed: bytes, *, owner: bytes = b"") -> bytes | None:
        """None if none of the keys can decrypt it."""
        version, nonce, text = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(nonce, text, version + self._purpose + owner)
            except (InvalidTag, ValueError):
                continue
        return None

    def _key(self, secret: SecretStr) -> bytes:
        derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=self._purpose)
        return derivation.derive(secret.get_secret_value().encode())
