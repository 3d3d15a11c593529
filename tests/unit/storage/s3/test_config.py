import pytest
from pydantic import SecretStr

from aishare.core.errors import InvalidInput, InvalidKey
from aishare.storage.backends.s3.client import describe_address
from aishare.storage.backends.s3.config import AddressingStyle, Profile, S3Config

KEYS = {"access_key": "key", "secret_key": SecretStr("very-secret")}


def compatible(**changes):
    values = {"profile": "s3_compatible", "bucket": "b-1", "endpoint_url": "http://localhost:9000", **KEYS, **changes}
    return S3Config(**values)


def aws(**changes):
    return S3Config(**{"profile": "aws", "bucket": "b-1", "region": "eu-west-1", **changes})


@pytest.mark.parametrize(
    ("make", "changes", "setting"),
    [
        (compatible, {"endpoint_url": None}, "S3_COMPATIBLE_ENDPOINT"),
        (compatible, {"bucket": ""}, "S3_COMPATIBLE_BUCKET_NAME"),
        (compatible, {"access_key": None, "secret_key": None}, "S3_COMPATIBLE_ACCESS_KEY"),
        (compatible, {"secret_key": None}, "S3_COMPATIBLE_SECRET_KEY"),
        (aws, {"region": None}, "AWS_DEFAULT_REGION"),
        (aws, {"bucket": ""}, "S3_BUCKET_NAME"),
        (aws, {"access_key": "key"}, "AWS_SECRET_ACCESS_KEY"),
        (compatible, {"endpoint_url": "localhost:9000"}, "endpoint"),
        (compatible, {"endpoint_url": "http://user:pass@localhost"}, "keys"),
        (compatible, {"public_endpoint_url": "ftp://x"}, "endpoint"),
    ],
)
def test_what_is_missing_is_named(make, changes, setting):
    with pytest.raises(InvalidInput) as caught:
        make(**changes)
    assert setting in caught.value.hint
    assert "pass" not in str(caught.value)


def test_a_prefix_is_made_of_keys():
    assert compatible(prefix="/team/a/").prefix == "team/a"
    with pytest.raises(InvalidKey):
        compatible(prefix="../x")


def test_the_secret_is_not_shown():
    assert "very-secret" not in repr(compatible())


def test_aws_without_keys_uses_its_credential_chain():
    assert aws().access_key is None


@pytest.mark.parametrize(
    ("config", "address"),
    [
        (aws(), ("https", "b-1.s3.eu-west-1.amazonaws.com")),
        (aws(bucket="b.with.dots"), ("https", "s3.eu-west-1.amazonaws.com")),
        (compatible(), ("http", "localhost:9000")),
        (compatible(addressing_style="virtual"), ("http", "b-1.localhost:9000")),
    ],
)
def test_where_requests_go(config, address):
    assert describe_address(config) == address


def test_an_impatient_copy_is_the_same_store():
    copy = compatible().impatient()
    assert (copy.max_attempts, copy.bucket, copy.profile) == (1, "b-1", Profile.S3_COMPATIBLE)
    assert copy.style is AddressingStyle.PATH
