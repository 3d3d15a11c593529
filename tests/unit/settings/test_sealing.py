"""Sealed settings lead to the same storage again, and tell nobody else anything."""

import pytest

from aishare.core.errors import LocationUnavailable
from aishare.settings.load import validated
from aishare.settings.sealing import is_sealed_by_older_key, seal, unseal

KEY = "a secret key of the tests that is long enough"
S3 = {
    "STORAGE_TYPE": "s3_compatible",
    "S3_COMPATIBLE_ENDPOINT": "http://127.0.0.1:9000",
    "S3_COMPATIBLE_ACCESS_KEY": "the-access-key",
    "S3_COMPATIBLE_SECRET_KEY": "canary-of-the-secret",
    "S3_COMPATIBLE_BUCKET_NAME": "bucket",
}


def settings(tmp_path, **values):
    return validated({"SECRET_KEY": KEY, **values}, base_dir=tmp_path)


def test_the_storage_comes_back_and_everything_else_is_what_runs(tmp_path):
    before = settings(tmp_path, **S3, SESSION_IDLE_HOURS="3")
    now = settings(tmp_path, SESSION_IDLE_HOURS="5")
    opened = unseal(seal(before), now)
    assert opened.s3_compatible_secret_key.get_secret_value() == "canary-of-the-secret"
    assert (opened.storage_type, opened.session_idle_hours) == ("s3_compatible", 5)


def test_paths_of_a_local_storage_stay_where_they_were(tmp_path):
    before = settings(tmp_path, LOCAL_STORAGE_PATH="./old")
    opened = unseal(seal(before), settings(tmp_path, **S3))
    assert opened.local_storage_path == tmp_path / "old"


def test_the_seal_shows_nothing(tmp_path):
    sealed = seal(settings(tmp_path, **S3))
    assert b"canary" not in sealed
    assert b"127.0.0.1" not in sealed
    assert sealed != seal(settings(tmp_path, **S3))


def test_another_secret_key_opens_nothing_and_says_so(tmp_path):
    sealed = seal(settings(tmp_path, **S3))
    with pytest.raises(LocationUnavailable, match="another SECRET_KEY"):
        unseal(sealed, validated({"SECRET_KEY": f"another {KEY}"}, base_dir=tmp_path))


@pytest.mark.parametrize("at", [0, 1, 12, 13, -1])
def test_a_changed_byte_opens_nothing(tmp_path, at):
    sealed = bytearray(seal(settings(tmp_path, **S3)))
    sealed[at] ^= 1
    with pytest.raises(LocationUnavailable):
        unseal(bytes(sealed), settings(tmp_path))


def test_a_key_that_was_replaced_still_opens_and_never_seals(tmp_path):
    newer = "the secret key that came after: long enough too"
    before = settings(tmp_path, **S3)
    now = settings(tmp_path, SECRET_KEY=newer, SECRET_KEY_PREVIOUS=f"another key and older still: long enough , {KEY}")
    assert unseal(seal(before), now).s3_compatible_bucket_name == "bucket"
    assert is_sealed_by_older_key(seal(before), now)
    anew = seal(unseal(seal(before), now))
    assert not is_sealed_by_older_key(anew, now)
    assert unseal(anew, settings(tmp_path, SECRET_KEY=newer)).s3_compatible_bucket_name == "bucket"
    with pytest.raises(LocationUnavailable):
        unseal(seal(before), settings(tmp_path, SECRET_KEY=newer))
