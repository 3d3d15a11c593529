"""How values are shown: a mask in place of every secret. The mask says nothing, not even a length."""

from typing import Final

from pydantic import SecretStr

from aishare.settings.spec import SettingSpec, plain_text

MASK: Final = "••••••••"
_SHOWN_ID: Final = 12
"""Access key ids of AWS have 20 characters; of an id shorter than 12 the four shown would be too much."""


def masked(spec: SettingSpec, value: object) -> str:
    """`value` of `spec` for a screen: as written, or `AK…7Q` for an access key id, MASK for any other secret."""
    text = plain_text(value)
    if not text or not (spec.secret or isinstance(value, SecretStr)):
        return text
    if spec.mask == "id" and len(text) >= _SHOWN_ID:
        return f"{text[:2]}…{text[-2:]}"
    return MASK


def is_mask(spec: SettingSpec, text: str, *, current: object) -> bool:
    """Whether `text` is what `masked` shows for `current`: a form sent back unchanged, which keeps the secret."""
    return spec.secret and bool(text) and text in (MASK, masked(spec, current))
