"""One SECRET_KEY per database: with two keys, each server would refuse the links and sessions of the other."""

from typing import Final

from aishare.catalogue.configuration import installation
from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.integrity import locations
from aishare.catalogue.people.audit import COMMAND_LINE, AuditEntry, append_audit
from aishare.core.clock import Clock
from aishare.core.errors import InvalidSettings, LocationUnavailable, SettingProblem
from aishare.settings.catalog import Settings
from aishare.settings.fingerprint import key_fingerprint
from aishare.settings.sealing import unseal

_ANOTHER: Final = (
    "is not the key this database is used with. All servers and commands that use the same database need the same "
    "key: set SECRET_KEY to the same value, or copy DATA_DIR/secret_key from another server. To replace the key, "
    "put the old one in SECRET_KEY_PREVIOUS. If the old key is lost, run: aishare config accept-key"
)


async def refuse_other_key(catalogue: Catalogue, settings: Settings, clock: Clock) -> None:
    """InvalidSettings if the database is used with another key. A key that replaces the known one is accepted."""
    if settings.secret_key is None:
        return  # settings that were not loaded for a server: they sign and encrypt nothing
    known = await catalogue.read(lambda connection: _is_known(connection, settings))
    if not known and not await catalogue.write(lambda connection: _is_accepted(connection, settings, clock)):
        raise InvalidSettings([SettingProblem(_ANOTHER, "SECRET_KEY")])


async def is_known_key(catalogue: Catalogue, settings: Settings) -> bool:
    """Whether the database is already used with this key."""
    return await catalogue.read(lambda connection: _is_known(connection, settings))


async def accept_key(catalogue: Catalogue, settings: Settings, clock: Clock) -> None:
    """When an administrator confirms it: this is the key, whatever it was before."""
    entry = AuditEntry(clock(), "secret_key_accepted", COMMAND_LINE)

    def change(connection: Connection) -> None:
        _keep(connection, settings, clock)
        append_audit(connection, entry)

    await catalogue.write(change)


def _is_known(connection: Connection, settings: Settings) -> bool:
    made, kept = installation.find_installation(connection), installation.find_key_fingerprint(connection)
    return made is not None and kept == key_fingerprint(settings.signing_keys[0], made)


def _is_accepted(connection: Connection, settings: Settings, clock: Clock) -> bool:
    """In one transaction: if two servers start at once with different keys, one is refused."""
    made = installation.make_installation(connection, now=clock())
    kept = installation.find_key_fingerprint(connection)
    fits = _opens(connection, settings) if kept is None else kept in _fingerprints(settings, made)
    if fits:
        _keep(connection, settings, clock)
    return fits


def _keep(connection: Connection, settings: Settings, clock: Clock) -> None:
    made = installation.make_installation(connection, now=clock())
    installation.keep_key_fingerprint(connection, key_fingerprint(settings.signing_keys[0], made))


def _fingerprints(settings: Settings, made: str) -> list[str]:
    return [key_fingerprint(key, made) for key in settings.signing_keys]


def _opens(connection: Connection, settings: Settings) -> bool:
    """For a database from before fingerprints were stored: data encrypted by its last server must be readable."""
    sealed = [
        config
        for row, config in locations.sealed_configs(connection)
        if config is not None and row.state == locations.ACTIVE
    ]
    try:
        for config in sealed:
            unseal(config, settings)
    except LocationUnavailable:
        return False
    except InvalidSettings:
        return True  # it could be decrypted, but contains values that are no longer valid
    return True
