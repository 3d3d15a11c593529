"""What the environment says to other programs does not bend a location with keys of its own; what is wrong with
it where it counts is named.
"""

import contextlib
import socket
from dataclasses import replace

import pytest

from aishare.core.certificates import certificate_file
from aishare.core.errors import BackendError, BackendUnavailable, InvalidSettings
from aishare.storage.backends.s3.backend import open_s3
from aishare.storage.backends.s3.config import Profile, S3Config
from aishare.storage.backends.s3.proxies import proxy_for
from aishare.storage.checks.ping import ping
from aishare.storage.checks.probe import run_probe
from tests.support.faultproxy import fault_proxy, make_certificate
from tests.support.ports import free_port
from tests.support.sources import content_of, new_key, read_all, source_of

_ACCELERATED = """\
[default]
region = eu-nowhere-9
ca_bundle = /nonexistent
services = other
s3 =
    use_accelerate_endpoint = true
    addressing_style = virtual
    use_dualstack_endpoint = true
    payload_signing_enabled = true
[services other]
s3 =
    endpoint_url = http://127.0.0.1:9
"""


async def _works(config):
    """The connection test, and a file there and back."""
    backend = await open_s3(config.impatient())
    try:
        report = await run_probe(backend)
        assert report.ok, report
        key = new_key()
        await backend.put(key, source_of(1000), size=1000, content_type="a/b")
        assert await read_all(backend, key) == content_of(1000)
    finally:
        await backend.aclose()


async def _failure(config):
    backend = await open_s3(config.impatient())
    try:
        report = await run_probe(backend)
    finally:
        await backend.aclose()
    return next(step for step in report.steps if step.ok is False)


async def _raised(config, expected):
    backend = await open_s3(replace(config.impatient()))
    try:
        with pytest.raises(expected) as caught:
            await backend.stat(new_key())
    finally:
        await backend.aclose()
    return caught.value


# --- files and variables of AWS -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "variables",
    [
        {"AWS_PROFILE": "nosuch"},
        {"AWS_DEFAULT_PROFILE": "nosuch"},
        {"AWS_CONFIG_FILE": "junk"},
        {"AWS_SHARED_CREDENTIALS_FILE": "junk"},
        {"AWS_CONFIG_FILE": "accelerated"},
        {"AWS_CA_BUNDLE": "/nonexistent"},
        {"AWS_DEFAULTS_MODE": "nosuch"},
        {"AWS_MAX_ATTEMPTS": "many"},
        {"AWS_RETRY_MODE": "nosuch"},
        {"AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "many"},
        {"AWS_ACCOUNT_ID_ENDPOINT_MODE": "nosuch"},
        {"AWS_SDK_UA_APP_ID": "x" * 200},
        {"AWS_METADATA_SERVICE_TIMEOUT": "long"},
        {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"},
        {"AWS_ACCESS_KEY_ID": "foreign", "AWS_SECRET_ACCESS_KEY": "foreign", "AWS_SESSION_TOKEN": "foreign"},
    ],
    ids="+".join,
)
async def test_what_is_meant_for_other_programs_does_not_count(server, bucket, tmp_path, monkeypatch, variables):
    (tmp_path / "junk").write_text("this is\nno file of AWS [\n")
    (tmp_path / "accelerated").write_text(_ACCELERATED)
    for name, value in variables.items():
        monkeypatch.setenv(name, str(tmp_path / value) if value in {"junk", "accelerated"} else value)
    await _works(server.config(bucket))


async def test_keys_of_aws_that_are_set_need_no_profile(server, bucket, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nosuch")
    config = server.config(bucket, profile=Profile.AWS, region="us-east-1", addressing_style="path")
    await _works(config)


@pytest.mark.parametrize(
    ("variables", "culprit"),
    [
        ({"AWS_PROFILE": "nosuch"}, "AWS_PROFILE"),
        ({"AWS_DEFAULT_PROFILE": "nosuch"}, "AWS_DEFAULT_PROFILE"),
        ({"AWS_CONFIG_FILE": "junk"}, "junk"),
        ({"AWS_SHARED_CREDENTIALS_FILE": "junk"}, "junk"),
        ({"AWS_SHARED_CREDENTIALS_FILE": "half"}, "aws_secret_access_key"),
        ({"AWS_CA_BUNDLE": "/nonexistent"}, "AWS_CA_BUNDLE"),
        ({"AWS_DEFAULTS_MODE": "nosuch"}, "InvalidDefaultsMode"),
        ({"AWS_METADATA_SERVICE_TIMEOUT": "long"}, "AWS"),
    ],
)
async def test_the_standard_chain_names_what_is_wrong_in_it(tmp_path, monkeypatch, variables, culprit):
    (tmp_path / "junk").write_text("this is\nno file of AWS [\n")
    (tmp_path / "half").write_text("[default]\naws_access_key_id = canary-key\n")
    for name, value in variables.items():
        monkeypatch.setenv(name, str(tmp_path / value) if value in {"junk", "half"} else value)
    with pytest.raises(InvalidSettings) as caught:
        await open_s3(S3Config(profile=Profile.AWS, bucket="some-bucket", region="us-east-1"))
    assert culprit in str(caught.value)
    assert "canary" not in str(caught.value)


# --- proxies ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "exceptions", "proxied"),
    [
        ("http://127.0.0.1:9000", "", True),
        ("http://127.0.0.1:9000", "127.0.0.1", False),
        ("http://127.0.0.1:9000", "127.0.0.0/8", False),
        ("http://localhost:9000", "127.0.0.0/8", False),
        ("http://10.20.30.40", "10.0.0.0/8", False),
        ("http://11.20.30.40", "10.0.0.0/8", True),
        ("http://minio:9000", "10.0.0.0/8", True),
        ("http://[::1]:9000", "::1", False),
        ("http://[::1]:9000", "[::1]", False),
        ("http://[::1]:9000", "[::1]:9000", False),
        ("http://[::1]:9000", "[::1]:9001", True),
        ("http://[fd00::5]:9000", "fd00::/8", False),
        ("http://[fe00::5]:9000", "fd00::/8", True),
        ("https://s3.lan.example.org", "example.org", False),
        ("https://s3.lan.example.org", ".example.org", False),
        ("https://s3.lan.example.org", "*.example.org", False),
        ("https://s3.badexample.org", "example.org", True),
        ("https://S3.Example.ORG", "s3.EXAMPLE.org", False),
        ("https://s3.example.org.", "s3.example.org", False),
        ("https://s3.example.org", "s3.example.org:443", False),
        ("https://s3.example.org:9000", "s3.example.org:443", True),
        ("http://minio:9000", "other, minio ,third", False),
        ("http://minio:9000", "other minio", False),
        ("http://minio:9000", "*", False),
        ("http://minio:9000", ", ,", True),
        ("http://minio:9000", "10.0.0.0/99,:,[,*.", True),
    ],
)
def test_what_no_proxy_covers(url, exceptions, proxied):
    environ = {"http_proxy": "proxy:3128", "https_proxy": "http://proxy:3128"}
    for name in ("no_proxy", "NO_PROXY"):
        found = proxy_for(url, {**environ, name: exceptions})
        assert (found is not None) == proxied


def test_a_proxy_is_named_without_its_password():
    found = proxy_for("https://store", {"HTTPS_PROXY": "http://me:canary@proxy.lan:3128"})
    assert found is not None
    assert (found.variable, found.place) == ("HTTPS_PROXY", "proxy.lan:3128")
    assert proxy_for("http://store", {"https_proxy": "http://proxy"}) is None


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY"])
async def test_a_proxy_that_is_not_there_is_named(server, bucket, monkeypatch, name):
    monkeypatch.setenv(name, f"http://me:canary@127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    failed = await _failure(server.config(bucket))
    error = await _raised(server.config(bucket), BackendUnavailable)
    for message, hint in ((failed.message, failed.hint), (error.message, error.hint)):
        assert name in message
        assert "127.0.0.1:" in message
        assert "NO_PROXY" in hint
        assert "canary" not in f"{message}{hint}"
    assert failed.name == "connect"
    monkeypatch.setenv("no_proxy", "127.0.0.0/8")
    await _works(server.config(bucket))


@pytest.mark.parametrize("address", ["socks5://127.0.0.1:1080", "http://", "http://127.0.0.1:nine"])
async def test_what_is_no_address_of_a_proxy_is_named(server, bucket, monkeypatch, address):
    monkeypatch.setenv("http_proxy", address)
    monkeypatch.setenv("no_proxy", "")
    failed = await _failure(server.config(bucket))
    assert (failed.name, "http_proxy" in failed.message) == ("connect", True)


async def test_a_proxy_that_works_is_used(server, bucket, monkeypatch, proxy):
    """A proxy gets whole addresses; what stands here passes requests on whatever their target looks like."""
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", "")
    backend = await open_s3(server.config(bucket).impatient())
    with contextlib.suppress(Exception):
        await backend.stat(new_key())
    await backend.aclose()
    assert any("http://" in line for line in proxy.seen)


# --- certificates -------------------------------------------------------------------------------------------------


async def test_a_renewed_authority_under_the_same_name_counts_at_once(server, bucket, tmp_path, certificate):
    """The same client, before and after: what was opened with the old file follows the new one."""
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(certificate.certificate.read_bytes())
    (tmp_path / "new").mkdir()
    renewed = make_certificate(tmp_path / "new")
    with fault_proxy(server.url, tls=certificate) as tls:
        config = server.config(bucket, endpoint_url=tls.url, ca_bundle=certificate_file(bundle))
        backend = await open_s3(replace(config.impatient(), max_attempts=3))
        key = new_key()
        await backend.put(key, source_of(100), size=100, content_type="a/b")
        tls.renew(renewed)
        with pytest.raises(BackendUnavailable):
            await read_all(backend, key)
        bundle.write_bytes(b"half a file")
        with pytest.raises(BackendUnavailable):
            await read_all(backend, key)
        bundle.write_bytes(renewed.certificate.read_bytes())
        assert await read_all(backend, key) == content_of(100)
        await backend.put(new_key(), source_of(100), size=100, content_type="a/b")
    assert certificate_file(bundle) != config.ca_bundle
    await backend.aclose()


async def test_the_bundle_of_aws_counts_where_there_is_none_of_ours(server, bucket, monkeypatch, tmp_path, certificate):
    with fault_proxy(server.url, tls=certificate) as tls:
        config = server.config(bucket, endpoint_url=tls.url)
        monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate.certificate))
        await _works(config)
        monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "nowhere"))
        with pytest.raises(InvalidSettings, match="AWS_CA_BUNDLE"):
            await open_s3(config)
        await _works(replace(config, ca_bundle=certificate_file(certificate.certificate)))


# --- the bucket in the endpoint -----------------------------------------------------------------------------------


async def test_a_bucket_in_the_endpoint_is_told_as_such(any_server, bucket):
    for path in (bucket, f"{bucket}/"):
        failed = await _failure(any_server.config(bucket, endpoint_url=f"{any_server.url}/{path}"))
        assert "must not contain the bucket" in failed.hint
        assert any_server.url in failed.hint
    failed = await _failure(any_server.config(bucket, endpoint_url=f"{any_server.url}/elsewhere"))
    assert "without /elsewhere" in failed.hint
    backend = await open_s3(any_server.config(bucket, endpoint_url=f"{any_server.url}/{bucket}"))
    with pytest.raises(BackendError) as caught:
        await ping(backend, seconds=20)
    await backend.aclose()
    assert "must not contain the bucket" in caught.value.hint


async def test_a_bucket_before_the_host_is_told_where_the_host_is_known(server, bucket, monkeypatch):
    found = socket.getaddrinfo

    def only_localhost(host, *arguments, **options):
        if host.startswith(bucket):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return found(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", only_localhost)
    port = server.url.rpartition(":")[2]
    failed = await _failure(server.config(bucket, endpoint_url=f"http://{bucket}.localhost:{port}"))
    assert failed.name == "resolve"
    assert f"must not contain the bucket, which is set in S3_COMPATIBLE_BUCKET_NAME: use http://localhost:{port}" in (
        failed.hint
    )
