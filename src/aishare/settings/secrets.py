"""The secret values of a configuration, for the log's redaction."""

import re
from urllib.parse import unquote

from aishare.settings.catalog import CATALOGUE, Settings
from aishare.settings.spec import plain_text

_PASSWORD_IN_URL = re.compile(r"[^:]+://[^:@/]*:(.+)@")
"""Up to the last '@', for a password that should have been URL-quoted and was not."""


def secret_values(settings: Settings) -> tuple[str, ...]:
    """Every secret that is set, each key of SECRET_KEY_PREVIOUS, and the password in DATABASE_URL.

    Only for comparing with text on its way out.
    """
    values = [plain_text(getattr(settings, spec.field)) for spec in CATALOGUE if spec.secret]
    values += [key.get_secret_value() for key in settings.signing_keys]
    found = _PASSWORD_IN_URL.match(plain_text(settings.database_url))
    if found:
        values += [found.group(1), unquote(found.group(1))]
    return tuple(value for value in values if value)
