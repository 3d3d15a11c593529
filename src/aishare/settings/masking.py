"""How values are shown: a mask instead of every secret. The mask reveals nothing, not even a length."""

from typing import Final

from pydantic import SecretStr

from aishare.settings.spec import SettingSpec, plain_text

MASK: Final = "••••••••"
_SHOWN_ID: Final = 12
"""AWS access key ids have 20 characters; showing four characters of an id shorter than 12 would reveal too much."""


def masked(spec: SettingSpec, value: object) -> str:
    """`value` of `spec` for display: as written, or `AK…7Q` for an access key id, MASK for any other secret."""
    text = plain_text(value)
    if not text or not (spec.secret or isinstance(value, SecretStr)):
        return text
    if spec.mask == "id" and len(text) >= _SHOWN_ID:
        return f"{text[:2]}…{text[-2:]}"
    return MASK


def is_mask(spec: SettingSpec, text: str, *, current: object) -> bool:
    """Whether `text` is what `masked` shows for `current`: a form sent back unchanged, which keeps the secret."""
    return spec.secret and bool(text) and text in (MASK, masked(spec, current))
