"""The secret values of a configuration, for the log's redaction."""

from pydantic import SecretStr

from aishare.settings.catalog import CATALOGUE, Settings


def secret_values(settings: Settings) -> list[str]:
    """Every secret that is set. Only for comparing with text on its way out."""
    values = (getattr(settings, spec.field) for spec in CATALOGUE)
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
