"""One SECRET_KEY for all who work on one database."""

import asyncio

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from aishare.catalogue import schema
from aishare.core.clock import utc_now
from aishare.core.errors import InvalidSettings
from aishare.services.configuration.secret_key import accept_key, refuse_other_key
from aishare.settings.catalog import Settings
from aishare.settings.fingerprint import differing, value_digests

FIRST, SECOND, THIRD = (f"{word}-key-for-this-test-0123456789abcdef" for word in ("first", "second", "third"))


def settings(key, *older, **more):
    previous = SecretStr(",".join(older)) if older else None
    return Settings(secret_key=SecretStr(key), secret_key_previous=previous, **more)


async def check(catalogue, *keys):
    await refuse_other_key(catalogue, settings(*keys), utc_now)


async def test_another_key_is_refused_and_nothing_of_the_key_is_kept(catalogue):
    await check(catalogue, FIRST)
    await check(catalogue, FIRST)
    with pytest.raises(InvalidSettings, match="SECRET_KEY_PREVIOUS"):
        await check(catalogue, SECOND)
    kept = await catalogue.read(lambda c: c.execute(select(schema.installation.c.key_fingerprint)).scalar_one())
    assert len(kept) == 64
    assert FIRST not in kept


async def test_a_key_that_names_the_one_of_before_replaces_it(catalogue):
    await check(catalogue, FIRST)
    await check(catalogue, SECOND, FIRST)
    await check(catalogue, SECOND)
    with pytest.raises(InvalidSettings):
        await check(catalogue, FIRST)
    with pytest.raises(InvalidSettings):
        await check(catalogue, THIRD, FIRST)


async def test_of_two_that_start_at_once_with_different_keys_one_is_refused(catalogue):
    results = await asyncio.gather(check(catalogue, FIRST), check(catalogue, SECOND), return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [InvalidSettings]


async def test_a_key_that_is_lost_is_given_up_on_an_administrators_word(catalogue):
    await check(catalogue, FIRST)
    await accept_key(catalogue, settings(SECOND), utc_now)
    await check(catalogue, SECOND)
    with pytest.raises(InvalidSettings):
        await check(catalogue, FIRST)


def test_values_are_compared_by_digests_also_while_the_key_is_replaced():
    digests = value_digests(settings(FIRST, link_expiry_days=3), ["LINK_EXPIRY_DAYS", "LOG_LEVEL", "NO_VARIABLE"])
    assert set(digests) == {"LINK_EXPIRY_DAYS", "LOG_LEVEL"}
    assert differing(settings(FIRST, link_expiry_days=3), digests) == ()
    assert differing(settings(SECOND, FIRST, link_expiry_days=3), digests) == ()
    assert differing(settings(FIRST, link_expiry_days=7), digests) == ("LINK_EXPIRY_DAYS",)
