"""A start with an S3 configuration that is incomplete or wrong: allowed where the spool takes the files."""

import pytest

from aishare.core.errors import InvalidSettings
from aishare.settings.load import load_settings

RIGHT = {
    "STORAGE_TYPE": "s3_compatible",
    "S3_COMPATIBLE_ENDPOINT": "http://127.0.0.1:9000",
    "S3_COMPATIBLE_ACCESS_KEY": "key",
    "S3_COMPATIBLE_SECRET_KEY": "secret",
    "S3_COMPATIBLE_BUCKET_NAME": "bucket",
}
BUCKET = {"S3_COMPATIBLE_BUCKET_NAME": "bucket"}
AWS = {"STORAGE_TYPE": "s3", "S3_BUCKET_NAME": "bucket", "AWS_DEFAULT_REGION": "eu-central-1"}
FAULTS = {
    "bucket missing": ({**RIGHT, "S3_COMPATIBLE_BUCKET_NAME": ""}, ["S3_COMPATIBLE_BUCKET_NAME"]),
    "secret missing": ({**RIGHT, "S3_COMPATIBLE_SECRET_KEY": ""}, ["S3_COMPATIBLE_SECRET_KEY"]),
    "endpoint missing": ({**RIGHT, "S3_COMPATIBLE_ENDPOINT": ""}, ["S3_COMPATIBLE_ENDPOINT"]),
    "endpoint malformed": ({**RIGHT, "S3_COMPATIBLE_ENDPOINT": "ftp://host"}, ["S3_COMPATIBLE_ENDPOINT"]),
    "bucket malformed": ({**RIGHT, "S3_COMPATIBLE_BUCKET_NAME": "/"}, ["S3_COMPATIBLE_BUCKET_NAME"]),
    "nothing but the type": ({"STORAGE_TYPE": "s3_compatible"}, [*RIGHT][1:]),
    "secret file missing": (
        {**{name: RIGHT[name] for name in [*RIGHT][:3]}, **BUCKET, "S3_COMPATIBLE_SECRET_KEY_FILE": "/nowhere"},
        ["S3_COMPATIBLE_SECRET_KEY_FILE"],
    ),
    "authorities missing": ({**RIGHT, "S3_CA_BUNDLE": "/nowhere.pem"}, ["S3_CA_BUNDLE"]),
    "unknown type": ({**RIGHT, "STORAGE_TYPE": "s4"}, ["STORAGE_TYPE"]),
    "half a pair": ({**AWS, "AWS_ACCESS_KEY_ID": "AKIA"}, ["AWS_SECRET_ACCESS_KEY"]),
    "region missing": ({**AWS, "AWS_DEFAULT_REGION": ""}, ["AWS_DEFAULT_REGION"]),
}


def load(tmp_path, environ, **options):
    return load_settings(base_dir=tmp_path, environ=environ, **options)


@pytest.mark.parametrize("fault", FAULTS)
def test_it_starts_and_names_every_problem(tmp_path, fault):
    environ, names = FAULTS[fault]
    found = load(tmp_path, environ, without_storage=True)
    assert sorted(problem.needs or problem.variable for problem in found.storage_problems) == sorted(names)


@pytest.mark.parametrize("fault", FAULTS)
def test_without_the_spool_or_for_a_change_it_is_refused_with_every_problem(tmp_path, fault):
    environ, names = FAULTS[fault]
    for text, options in (("off", {"without_storage": True}), ("spool", {})):
        with pytest.raises(InvalidSettings) as caught:
            load(tmp_path, {**environ, "STORAGE_FALLBACK": text}, **options)
        assert sorted(problem.needs or problem.variable for problem in caught.value.problems) == sorted(names)


@pytest.mark.parametrize(
    "other", [{"PORT": "many"}, {"STORAGE_FALLBACK": "maybe"}, {"DATA_DIR": "storage/objects"}, {"SECRET_KEY": "short"}]
)
def test_anything_else_that_is_wrong_is_refused_together_with_it(tmp_path, other):
    with pytest.raises(InvalidSettings) as caught:
        load(tmp_path, {"STORAGE_TYPE": "s3", **other}, without_storage=True)
    assert {problem.variable for problem in caught.value.problems} == {"STORAGE_TYPE", *other}


@pytest.mark.parametrize("fallback", ["spool", "off"])
@pytest.mark.parametrize("used", [RIGHT, {"STORAGE_TYPE": "local"}], ids=["another S3", "local"])
def test_what_is_wrong_with_a_storage_that_is_not_used_is_a_warning_at_the_start(tmp_path, used, fallback):
    environ = {**used, "STORAGE_FALLBACK": fallback, "AWS_DEFAULT_REGION": "!"}
    found = load(tmp_path, environ, without_storage=True)
    assert found.storage_problems == ()
    assert "AWS_DEFAULT_REGION" in found.warnings[0]
    with pytest.raises(InvalidSettings):
        load(tmp_path, environ)
