"""`aishare download` against the real service, over a network that breaks."""

import asyncio
import io
import os
import random
import signal
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from hashlib import sha256

import pytest

from aishare.cli.commands.downloading import content_url, safe_name
from aishare.cli.endings import reporting_errors
from aishare.cli.main import app
from tests.support.faultproxy import Kind, fault_proxy
from tests.support.odd_server import http, odd_server
from tests.support.server import serving, wait_until

CONTENT = random.Random(5).randbytes(7_000_000)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("aishare")) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(server):
    """The way to the service."""
    with fault_proxy(server.address) as between:
        yield between


@pytest.fixture(autouse=True)
def healthy(proxy):
    yield
    proxy.clear()
    proxy.seen.clear()


@pytest.fixture(scope="module")
def token(server):
    with server.client("ada") as client:
        return client.post("/api/tokens", json={"name": "download"}).json()["token"]


@pytest.fixture
def shared(server, proxy):
    """(name, content) -> the address of a new file, on the way that breaks."""

    def put(name, content=CONTENT):
        with server.client("ada") as client:
            file = client.put(f"/api/files/by-path/{name}", content=content)
        return f"{proxy.url}/api/files/{file.json()['id']}/content"

    return put


def command(*arguments):
    return [sys.executable, "-m", "aishare", "download", *map(str, arguments)]


@dataclass
class Ended:
    status: int
    told: str


@pytest.fixture
def download(tmp_path, monkeypatch, capsys):
    """The command in this process, for a start takes longer than a download."""

    def run(*arguments, token=None, stdin=""):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("AISHARE_TOKEN", token or "")
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended, reporting_errors():
            app(["download", *map(str, arguments)])
        told = capsys.readouterr()
        return Ended(int(ended.value.code or 0), " ".join((told.out + told.err).split()))

    return run


def parts(folder):
    return list(folder.glob("*.part"))


def test_a_file_arrives_under_its_name_and_is_verified(tmp_path, download, shared, token):
    done = download(shared("models/größe 1.bin"), token=token)
    assert done.status == 0, done.told
    assert (tmp_path / "größe 1.bin").read_bytes() == CONTENT
    assert sha256(CONTENT).hexdigest() in done.told
    assert parts(tmp_path) == []
    assert token not in done.told


def test_an_empty_file_arrives_and_the_token_may_come_through_a_pipe(tmp_path, download, shared, token):
    done = download(shared("empty.txt", b""), "--token-stdin", "-o", "here.txt", stdin=f"{token}\n")
    assert done.status == 0, done.told
    assert (tmp_path / "here.txt").read_bytes() == b""


@pytest.mark.parametrize("kind", [Kind.RESET, Kind.TRUNCATE, Kind.SHORTEN])
def test_a_connection_that_always_breaks_after_two_megabytes_is_enough(tmp_path, download, shared, token, proxy, kind):
    url = shared(f"broken-{kind.name}.bin")
    proxy.inject(kind, at=2_000_000, times=None, method="GET")
    done = download(url, "-o", "got.bin", token=token)
    assert done.status == 0, done.told
    assert (tmp_path / "got.bin").read_bytes() == CONTENT
    assert sum(line.startswith("GET") for line in proxy.seen) >= 4


def test_a_killed_download_goes_on_where_it_stopped(tmp_path, download, shared, token, proxy):
    url = shared("killed.bin")
    slow = proxy.inject(Kind.THROTTLE, at=4_000_000, times=1, method="GET")
    running = subprocess.Popen(command(url), cwd=tmp_path, env={**os.environ, "AISHARE_TOKEN": token})
    wait_until(lambda: any(part.stat().st_size > 1_000_000 for part in parts(tmp_path)))
    running.send_signal(signal.SIGKILL)
    running.wait(10)
    assert slow.times == 0
    (part,) = parts(tmp_path)
    there = part.stat().st_size
    assert 0 < there < len(CONTENT)
    # whatever comes breaks off one byte short of a whole file: only the missing part gets through
    proxy.inject(Kind.RESET, at=len(CONTENT) - there + 1, times=None, method="GET")
    done = download(url, token=token)
    assert done.status == 0, done.told
    assert (tmp_path / "killed.bin").read_bytes() == CONTENT


def test_bytes_of_an_older_version_are_never_used(tmp_path, download, shared, token, proxy):
    url = shared("changed.bin")
    proxy.inject(Kind.RESET, at=2_000_000, times=1, method="GET")
    proxy.inject(Kind.REFUSE_RESET, times=None, method="GET")
    assert download(url, "-o", "got.bin", token=token).status == 1
    assert len(parts(tmp_path)) == 1
    proxy.clear()
    newer = shared("changed.bin", CONTENT[::-1])
    assert download(newer, "-o", "got.bin", token=token).status == 0
    assert (tmp_path / "got.bin").read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize("kind", [Kind.FLIP_RESPONSE])
def test_one_wrong_bit_is_a_failure_and_leaves_no_file(tmp_path, download, shared, token, proxy, kind):
    url = shared("flipped.bin")
    proxy.inject(kind, at=1_234_567, times=1, method="GET")
    done = download(url, token=token)
    assert done.status == 1
    assert "SHA-256" in done.told
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_was_damaged_on_this_disk_is_found_out(tmp_path, download, shared, token):
    url = shared("damaged.bin")
    assert download(url, token=token).status == 0
    etag = f'"{sha256(CONTENT).hexdigest()}"'
    part = tmp_path / f"again.bin.{sha256(etag.encode()).hexdigest()[:12]}.part"
    part.write_bytes(b"x" * 1000)
    assert download(url, "-o", "again.bin", token=token).status == 1
    assert parts(tmp_path) == []
    assert download(url, "-o", "again.bin", token=token).status == 0


def test_a_file_that_is_there_is_not_fetched_again_and_another_not_lost(tmp_path, download, shared, token, proxy):
    url = shared("there.bin")
    assert download(url, token=token).status == 0
    proxy.seen.clear()
    assert download(url, token=token).status == 0
    assert [line.partition(" ")[0] for line in proxy.seen] == ["HEAD"]
    (tmp_path / "there.bin").write_bytes(b"mine")
    done = download(url, token=token)
    assert (done.status, (tmp_path / "there.bin").read_bytes()) == (1, b"mine")
    assert "--replace" in done.told
    assert download(url, "--replace", token=token).status == 0
    assert (tmp_path / "there.bin").read_bytes() == CONTENT


def test_a_folder_comes_as_an_archive_that_is_verified_by_its_own_checksums(tmp_path, download, shared, token, proxy):
    shared("set/a.bin", CONTENT)
    shared("set/b.txt", b"b")
    proxy.inject(Kind.RESET, at=2_000_000, times=1, method="GET")
    ended = download(f"{proxy.url}/api/archives?folder=set", token=token)
    assert ended.status == 0, ended.told
    with zipfile.ZipFile(tmp_path / "set.zip") as archive:
        assert sorted(archive.namelist()) == ["set/a.bin", "set/b.txt"]
        assert archive.read("set/a.bin") == CONTENT
    assert parts(tmp_path) == []
    proxy.inject(Kind.FLIP_RESPONSE, at=3_000_000, times=1, method="GET")
    ended = download(f"{proxy.url}/api/archives?folder=set", "-o", "flipped.zip", token=token)
    assert ended.status == 1
    assert "damaged" in ended.told
    assert not (tmp_path / "flipped.zip").exists()


def test_a_refusal_says_why_and_what_to_do(tmp_path, download, shared, token):
    url = shared("mine.txt", b"x")
    without = download(url)
    assert without.status == 1
    assert "AISHARE_TOKEN" in without.told
    gone = download(url.replace("/content", "x/content"), token=token)
    assert gone.status == 1
    assert "There is no" in gone.told
    assert "Traceback" not in without.told + gone.told
    nowhere = download("ftp://example.org/x")
    assert nowhere.status == 2
    assert "http://" in nowhere.told


def test_an_address_that_nobody_answers_is_named(download):
    done = download("http://127.0.0.1:9/d/x")
    assert done.status == 1
    assert "127.0.0.1:9" in done.told


def test_without_progress_for_long_it_gives_up(tmp_path, download, shared, token, proxy):
    url = shared("stuck.bin")
    proxy.inject(Kind.REFUSE_RESET, times=None, method="GET")
    done = download(url, token=token)
    assert done.status == 1
    assert "run the same command again" in done.told
    assert not (tmp_path / "stuck.bin").exists()


async def test_another_host_never_gets_the_token(tmp_path):
    seen = []

    def elsewhere(line, headers):
        seen.append(headers)
        return answer(line, b"abc", Repr_Digest="sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:")

    async with odd_server(elsewhere) as storage, odd_server(lambda *_: http(307, Location=storage)) as service:
        arguments = command(f"{service}/api/files/1/content", "-o", "got.txt")
        environ = {**os.environ, "AISHARE_TOKEN": "canary-token"}
        process = await asyncio.create_subprocess_exec(*arguments, cwd=tmp_path, env=environ)
        assert await process.wait() == 0
    assert len(seen) == 2
    assert [headers for headers in seen if "authorization" in headers] == []


async def test_what_nothing_vouches_for_is_no_success(tmp_path):
    async with odd_server(lambda line, _: answer(line, b"abc", ETag='"v1"')) as service:
        process = await asyncio.create_subprocess_exec(*command(f"{service}/x.txt"), cwd=tmp_path)
        assert await process.wait() == 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".part"]


def answer(line, body, **headers):
    """To HEAD without the body, as it has to be."""
    whole = http(200, body, **headers)
    return whole.removesuffix(body) if line.startswith("HEAD") else whole


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a.txt"', "a.txt"),
        ("attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe.bin", "größe.bin"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ("attachment; filename*=UTF-8''..%2F..%2Fpasswd", "passwd"),
        (r'attachment; filename="C:\\temp\\x.txt"', "x.txt"),
        ('attachment; filename=".."', "download"),
        ("attachment; filename*=UTF-8''a%1B%5B31m%E2%80%AEtxt.exe", "a[31mtxt.exe"),
        (None, "content"),
    ],
)
def test_names_from_the_service_lead_nowhere_else(disposition, name):
    assert safe_name(disposition, "http://h/api/files/1/content") == name


def test_the_page_of_a_link_leads_to_its_download():
    assert content_url("https://h/s/abc.def#x") == "https://h/d/abc.def"
    assert content_url("https://h/base/s/abc?x=1") == "https://h/base/d/abc?x=1"
    assert content_url("https://h/api/files/s/content") == "https://h/api/files/s/content"
