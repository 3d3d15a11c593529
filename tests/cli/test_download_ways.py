"""`aishare download` by every address there is, and to standard output."""

import asyncio
import io
import json
import os
import random
import subprocess
import sys
import time
import zipfile
from hashlib import sha256

import pytest

from aishare.cli.commands.downloading import content_url, unlock_url
from aishare.cli.endings import WrongCommandLine, reporting_errors
from aishare.cli.main import app
from tests.api.conftest import make_bucket, s3_environ
from tests.support.faultproxy import Kind, fault_proxy
from tests.support.ports import free_port
from tests.support.s3servers import s3_server, s3_server_names
from tests.support.server import serving

CONTENT = random.Random(6).randbytes(7_000_000)
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def store():
    """What the service sends its clients to."""
    with fault_proxy(s3_server("minio" if "minio" in s3_server_names() else "seaweedfs").url) as between:
        yield between


@pytest.fixture(scope="module")
def server(tmp_path_factory, store):
    s3, bucket = s3_server("minio" if "minio" in s3_server_names() else "seaweedfs"), f"ways-{time.time_ns()}"
    asyncio.run(make_bucket(s3, bucket))
    environ = {**s3_environ(s3, bucket), "DOWNLOAD_MODE": "redirect", "S3_PUBLIC_ENDPOINT": store.url}
    with serving(tmp_path_factory.mktemp("aishare"), environ=environ) as running:
        yield running


@pytest.fixture(autouse=True)
def healthy(store):
    yield
    store.clear()
    store.seen.clear()


@pytest.fixture(scope="module")
def file(server):
    with server.client("ada") as client:
        return client.put("/api/files/by-path/models/a.bin", content=CONTENT).json()["id"]


@pytest.fixture(scope="module")
def token(server):
    with server.client("ada") as client:
        return client.post("/api/tokens", json={"name": "download"}).json()["token"]


@pytest.fixture
def link(server, file):
    def make(**wishes):
        with server.client("ada") as client:
            answer = client.post(f"/api/files/{file}/links", json=wishes)
        assert answer.status_code == 201, answer.text
        return answer.json()["download_url"]

    return make


@pytest.fixture
def download(tmp_path, monkeypatch, capfdbinary):
    """The command in this process: (status, standard output, standard error)."""

    def run(*arguments, token=None, stdin=""):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("AISHARE_TOKEN", token or "")
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended, reporting_errors():
            app(["download", *map(str, arguments)])
        told = capfdbinary.readouterr()
        return int(ended.value.code or 0), told.out, " ".join(told.err.decode().split())

    return run


def test_bytes_that_the_storage_sends_are_taken_and_proven(tmp_path, download, server, store, file, token):
    status, _, told = download(f"{server.address}/api/files/{file}/content", token=token)
    assert status == 0, told
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert DIGEST in told
    assert any(line.startswith("GET") for line in store.seen)


@pytest.mark.parametrize("kind", [Kind.RESET, Kind.TRUNCATE])
def test_what_the_storage_breaks_off_the_service_goes_on_with(tmp_path, download, server, store, file, token, kind):
    store.inject(kind, at=2_000_000, times=None, method="GET")
    status, _, told = download(f"{server.address}/api/files/{file}/content", token=token)
    assert status == 0, told
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert sum(line.startswith("GET") for line in store.seen) == 1


@pytest.mark.parametrize("kind", [Kind.REFUSE_RESET, Kind.SLOW_DOWN])
def test_a_storage_that_this_machine_cannot_use_is_left_out(tmp_path, download, server, store, file, token, kind):
    store.inject(kind, times=None, method="GET")
    status, _, told = download(f"{server.address}/api/files/{file}/content", token=token)
    assert status == 0, told
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


def test_a_bit_that_the_storage_flips_is_found_out(tmp_path, download, server, store, file, token):
    store.inject(Kind.FLIP_RESPONSE, at=1_234_567, times=1, method="GET")
    status, _, told = download(f"{server.address}/api/files/{file}/content", token=token)
    assert (status, list(tmp_path.iterdir())) == (1, [])
    assert "SHA-256" in told


@pytest.mark.parametrize("place", ["/api/files/{}", "/api/files/{}/", "/file/{}"])
def test_the_addresses_that_people_copy_lead_to_the_bytes(tmp_path, download, server, file, token, place):
    status, _, told = download(server.address + place.format(file), token=token)
    assert status == 0, told
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


@pytest.mark.parametrize("place", ["/api/files", "/api/links", "/"])
def test_an_address_that_is_no_file_leaves_nothing(tmp_path, download, server, token, place):
    status, _, told = download(server.address + place, token=token)
    assert (status, list(tmp_path.iterdir())) == (2, [])
    assert "There is no file at" in told


def test_a_link_with_a_password_takes_it_from_a_pipe(tmp_path, download, link):
    url = link(password="correct horse", max_downloads=1)
    status, _, told = download(url)
    assert status == 1
    assert "--password-stdin" in told
    status, _, told = download(url, "--password-stdin", stdin="wrong\n")
    assert (status, "link password is wrong" in told) == (1, True)
    status, out, told = download(url.replace("/d/", "/s/"), "--password-stdin", "--json", stdin="correct horse\n")
    assert status == 0, told
    assert json.loads(out) == {"path": "a.bin", "name": "a.bin", "sha256": DIGEST}
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert "correct horse" not in told


def test_a_token_and_a_password_come_one_below_the_other(tmp_path, download, link, token):
    url = link(password="correct horse")
    status, _, told = download(url, "--token-stdin", "--password-stdin", stdin=f"{token}\ncorrect horse\n")
    assert status == 0, told


@pytest.mark.parametrize("kind", [None, Kind.RESET])
def test_standard_output_gets_the_bytes_and_nothing_else(tmp_path, download, server, store, file, token, kind):
    if kind is not None:
        store.inject(kind, at=2_000_000, times=1, method="GET")
    status, out, told = download(f"{server.address}/api/files/{file}/content", "-o", "-", token=token)
    assert status == 0, told
    assert out == CONTENT
    assert DIGEST in told
    assert list(tmp_path.iterdir()) == []


def test_standard_output_that_got_other_bytes_is_a_failure(download, server, store, file, token):
    store.inject(Kind.FLIP_RESPONSE, at=1_234_567, times=1, method="GET")
    status, out, told = download(f"{server.address}/api/files/{file}/content", "-o", "-", token=token)
    assert (status, len(out)) == (1, len(CONTENT))
    assert "SHA-256" in told


@pytest.mark.parametrize("replace", [(), ("--replace",)], ids=["", "replace"])
def test_a_named_pipe_or_device_takes_the_bytes_and_stays_what_it_is(tmp_path, download, server, file, token, replace):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["sha256sum", pipe], stdout=subprocess.PIPE, text=True) as reader:
        status, _, told = download(f"{server.address}/api/files/{file}", "-o", pipe, *replace, token=token)
        assert status == 0, told
        assert reader.stdout.read().split()[0] == DIGEST
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]
    assert download(f"{server.address}/api/files/{file}", "-o", os.devnull, *replace, token=token)[0] == 0


def test_an_archive_on_standard_output_was_proven_first(tmp_path, download, server, file, token):
    url = f"{server.address}/api/archives?folder=models"
    status, out, told = download(url, "-o", "-", token=token)
    assert status == 0, told
    with zipfile.ZipFile(io.BytesIO(out)) as archive:
        assert archive.read("models/a.bin") == CONTENT
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_ends_early_is_told_in_a_sentence(tmp_path, server, file, token):
    command = [sys.executable, "-m", "aishare", "download", f"{server.address}/api/files/{file}", "-o", "-"]
    running = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "AISHARE_TOKEN": token},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    running.stdout.read(10)
    running.stdout.close()
    told = running.stderr.read().decode()
    assert running.wait(60) == 1
    running.stderr.close()
    assert "has exited" in told
    assert "Traceback" not in told
    assert "Exception" not in told


def test_both_ways_to_use_standard_output_are_one_too_many(download, server, file):
    assert download(f"{server.address}/api/files/{file}", "-o", "-", "--json")[0] == 2


def test_nothing_that_listens_is_told_without_a_word_of_tls(download):
    address = f"127.0.0.1:{free_port()}"
    status, _, told = download(f"http://{address}/d/x")
    assert status == 1
    assert f"{address} cannot be reached: Connection refused" in told
    assert "ssl" not in told


@pytest.mark.parametrize("url", ["notaurl", "ftp://example.org/x", "http://", ""])
def test_what_is_no_address_is_a_wrong_command_line(download, url):
    assert download(url)[0] == 2


def test_pages_lead_to_bytes():
    assert content_url("https://h/base/file/abc") == "https://h/base/api/files/abc/content"
    assert content_url("https://h/api/files/abc") == "https://h/api/files/abc/content"
    assert content_url("https://h/s/abc/") == "https://h/d/abc"
    for same in ("https://h/d/abc/file/x", "https://h/api/files/by-path/file/x", "https://h/d/abc/api/files/x"):
        assert content_url(same) == same


def test_only_links_have_a_password():
    assert unlock_url("https://h/base/d/abc/x/y.csv?z=1") == "https://h/base/d/abc/unlock"
    with pytest.raises(WrongCommandLine):
        unlock_url("https://h/api/files/d/content")
