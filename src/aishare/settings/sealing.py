"""The settings of a storage, encrypted, so that it stays readable when the settings refer to another one."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from aishare.core.errors import LocationUnavailable
from aishare.core.sealing import Seal
from aishare.settings.candidate import STORAGE_GROUPS
from aishare.settings.catalog import SPECS, Settings
from aishare.settings.load import validated
from aishare.settings.spec import plain_text

_PURPOSE: Final = b"aishare location configuration"
_SEALED: Final = tuple(
    name for name, spec in SPECS.items() if spec.group in STORAGE_GROUPS or name == "IMAGE_STORAGE_PATH"
)
"""The image cache is not part of the storage, even if it is inside its folder."""


def seal(settings: Settings) -> bytes:
    """The storage settings in `settings`, encrypted. SECRET_KEY must be set."""
    values = {name: plain_text(getattr(settings, SPECS[name].field)) for name in _SEALED}
    text = json.dumps({name: value for name, value in values.items() if value}).encode()
    return _seal(settings.signing_keys).seal(text)


def unseal(sealed: bytes, running: Settings) -> Settings:
    """`running` with the encrypted storage settings. LocationUnavailable if they cannot be decrypted with this
    SECRET_KEY.
    """
    opened = _seal(running.signing_keys).opened(sealed)
    if opened is None:
        raise LocationUnavailable(
            "The configuration of this storage was encrypted with another SECRET_KEY.",
            hint="Add that key to SECRET_KEY_PREVIOUS, or apply the settings of that storage again.",
        )
    values = {name: plain_text(getattr(running, spec.field)) for name, spec in SPECS.items() if name not in _SEALED}
    values |= json.loads(opened)
    return validated({name: value for name, value in values.items() if value}, base_dir=Path("/"))


def is_sealed_by_older_key(sealed: bytes, running: Settings) -> bool:
    """Whether it was encrypted with a key in SECRET_KEY_PREVIOUS and should be encrypted again."""
    return _seal(running.signing_keys[:1]).opened(sealed) is None


def _seal(keys: Sequence[SecretStr]) -> Seal:
    return Seal(keys, _PURPOSE)
