"""The secret values of a configuration, for the log's redaction."""

import re
from urllib.parse import unquote

from aishare.settings.catalog import CATALOGUE, Settings
from aishare.settings.spec import plain_text

_PASSWORD_IN_URL = re.compile(r"[^:]+://[^:@/]*:(.+)@")
"""Matches up to the last '@', for passwords that were not URL-quoted."""


def secret_values(settings: Settings) -> tuple[str, ...]:
    """Every secret that is set, each key of SECRET_KEY_PREVIOUS, and the password in DATABASE_URL.

    Only for comparison with text that is about to be logged.
    """
    values = [plain_text(getattr(settings, spec.field)) for spec in CATALOGUE if spec.secret]
    values += [key.get_secret_value() for key in settings.signing_keys]
    found = _PASSWORD_IN_URL.match(plain_text(settings.database_url))
    if found:
        values += [found.group(1), unquote(found.group(1))]
    return tuple(value for value in values if value)
