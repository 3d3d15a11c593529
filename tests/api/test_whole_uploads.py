"""What is stored is what the sender has: whole, plain, and with the digest that came along. Else nothing, and 4xx."""

import base64
import hashlib
import zlib

import pytest

from aishare.core.sizes import CHUNK_SIZE
from tests.api.conftest import BACKENDS, serving_on
from tests.api.test_bad_input import assert_problem
from tests.support.expecting import uploading

OLD = b"hello world"
NEW = b"the new content"


@pytest.fixture(scope="module", params=BACKENDS)
def server(request, tmp_path_factory):
    with serving_on(request.param, tmp_path_factory.mktemp("whole")) as running:
        yield running


class Doors:
    """All ways for content into one folder."""

    def __init__(self, client):
        self.client = client
        self.id = client.put("/api/files/by-path/whole/file.bin", content=OLD).json()["id"]
        self.share = self._id("/api/shares", folder="whole", username="grace", right="write")["id"]
        self.token = self._id("/api/links", folder="whole", kind="request")["token"]

    @property
    def puts(self):
        return [
            "/api/files/by-path/whole/file.bin",
            "/api/files/by-path/whole/new.bin",
            f"/api/files/{self.id}/content",
            f"/api/shares/{self.share}/by-path/file.bin",
            f"/api/d/{self.token}/files/file.bin",
        ]

    def send(self, content, headers):
        """One answer per door; bodies with and without a length."""
        for number, door in enumerate(self.puts):
            yield self.client.put(door, content=iter([content]) if number % 2 else content, headers=headers)

    def files(self):
        found = self.client.get("/api/files", params={"folder": "whole"}).json()["items"]
        return {file["name"]: (file["id"], file["sha256"]) for file in found}

    def _id(self, url, **body):
        answer = self.client.post(url, json=body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()


@pytest.fixture
def doors(ada):
    return Doors(ada)


def form(*, content=NEW, part_headers=()):
    """A form as curl sends it, with more headers in the part of the file."""
    lines = ['Content-Disposition: form-data; name="file"; filename="file.bin"', *part_headers]
    folder = b'--b\r\nContent-Disposition: form-data; name="folder"\r\n\r\nwhole\r\n'
    head = "".join(f"{line}\r\n" for line in lines).encode()
    return folder + b"--b\r\n" + head + b"\r\n" + content + b"\r\n--b--\r\n"


def post(client, body, headers=()):
    return client.post(
        "/api/files", content=body, headers={"Content-Type": "multipart/form-data; boundary=b", **dict(headers)}
    )


def b64(digest):
    return base64.b64encode(digest).decode()


def digests(content):
    """Each way to say what the content is, and so to be checked."""
    sha256, sha512, md5 = (b64(hashlib.new(name, content).digest()) for name in ("sha256", "sha512", "md5"))
    return [
        {"Content-MD5": md5},
        {"Content-Digest": f"sha-256=:{sha256}:"},
        {"Content-Digest": f"sha-512=:{sha512}:"},
        {"Content-Digest": f"md5=:{md5}:"},
        {"Repr-Digest": f"sha-256=:{sha256}:"},
        {"Repr-Digest": f"sha-512=:{sha512}:, sha-256=:{sha256}:;note=1"},
        {"Repr-Digest": f"unixsum=:AAAA:,\tsha-256=:{sha256}:"},
        {"Digest": f"SHA-256={sha256},md5={md5}"},
    ]


@pytest.mark.parametrize("value", ["bytes 6-10/11", "bytes 0-10/11", "bytes */11", "nonsense"])
def test_a_part_is_never_stored_as_the_whole(doors, value):
    before = doors.files()
    for answer in doors.send(b"world", {"Content-Range": value}):
        assert_problem(answer, 400, "partial_upload")
    assert_problem(post(doors.client, form(), {"Content-Range": value}), 400, "partial_upload")
    assert_problem(post(doors.client, form(part_headers=[f"Content-Range: {value}"])), 400, "partial_upload")
    assert doors.files() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Range": "bytes 6-10/11"},
        {"Content-Encoding": "gzip"},
        {"Repr-Digest": "sha-256=:short:"},
        {"If-Match": "unquoted"},
    ],
    ids=str,
)
def test_what_headers_tell_is_told_before_the_body(server, doors, headers):
    for door in doors.puts:
        with uploading(server, doors.client, door, [headers], length=1_000_000) as (upload,):
            assert not upload.continued, door
            assert upload.answer()[0] in {400, 415}


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "deflate", "br", "zstd", "aws-chunked", "identity, gzip"])
def test_encoded_content_is_not_taken_for_the_file(doors, coding):
    before = doors.files()
    for answer in doors.send(zlib.compress(NEW), {"Content-Encoding": coding}):
        assert_problem(answer, 415, "unsupported_encoding")
        assert answer.headers["accept-encoding"] == "identity"
    assert_problem(post(doors.client, form(), {"Content-Encoding": coding}), 415)
    assert_problem(post(doors.client, form(part_headers=[f"Content-Encoding: {coding}"])), 415)
    base64_part = form(content=base64.b64encode(NEW), part_headers=["Content-Transfer-Encoding: base64"])
    assert_problem(post(doors.client, base64_part), 415, "unsupported_encoding")
    assert doors.files() == before


def test_plain_content_may_be_called_so(doors):
    assert all(answer.is_success for answer in doors.send(NEW, {"Content-Encoding": "identity"}))
    parts = ["Content-Encoding: identity", "Content-Transfer-Encoding: Binary"]
    assert post(doors.client, form(part_headers=parts)).status_code == 200


@pytest.mark.parametrize("headers", digests(NEW), ids=str)
def test_digests_that_fit(doors, headers):
    for answer in doors.send(NEW, headers):
        assert answer.is_success, answer.text
        assert answer.json()["sha256"] == hashlib.sha256(NEW).hexdigest()
    part = form(part_headers=[f"{name}: {value}" for name, value in headers.items()])
    assert post(doors.client, part).status_code == 200


@pytest.mark.parametrize("headers", digests(OLD + b"?"), ids=str)
def test_digests_that_do_not_fit_store_nothing(doors, headers):
    before = doors.files()
    for answer in doors.send(NEW, headers):
        assert_problem(answer, 400, "digest_mismatch")
        assert answer.headers["want-repr-digest"] == "sha-256=10, sha-512=5"
    part = form(part_headers=[f"{name}: {value}" for name, value in headers.items()])
    assert_problem(post(doors.client, part), 400, "digest_mismatch")
    assert doors.files() == before


def test_of_several_digests_each_counts(doors):
    right, wrong = digests(NEW), digests(OLD)
    for headers in (right[1] | wrong[0], right[0] | wrong[4], wrong[1] | right[4], right[4] | wrong[7]):
        for answer in doors.send(NEW, headers):
            assert_problem(answer, 400, "digest_mismatch")


def test_a_digest_of_a_form_is_that_of_the_whole_form(doors):
    for good, headers in [(True, one) for one in digests(form())] + [(False, one) for one in digests(NEW)]:
        answer = post(doors.client, form(), headers)
        assert (answer.status_code == 200) == good, (headers, answer.text)
        if not good:
            assert_problem(answer, 400, "digest_mismatch")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-MD5": "not base64!"},
        {"Content-MD5": b64(b"too short")},
        {"Content-MD5": ""},
        {"Content-Digest": f"sha-256={b64(bytes(32))}"},
        {"Content-Digest": "sha-256"},
        {"Content-Digest": f"sha-256=:{b64(bytes(31))}:"},
        {"Content-Digest": f"SHA-256=:{b64(bytes(32))}:"},
        {"Repr-Digest": f"sha-512=:{b64(bytes(32))}:"},
        {"Repr-Digest": f"sha-256=:{b64(bytes(32))}:,"},
        {"Repr-Digest": "="},
        {"Digest": "SHA-256=???"},
    ],
    ids=str,
)
def test_digests_that_cannot_be_read(doors, headers):
    before = doors.files()
    for answer in doors.send(NEW, headers):
        assert_problem(answer, 400, "invalid_request")
    part = form(part_headers=[f"{name}: {value}" for name, value in headers.items()])
    assert_problem(post(doors.client, part), 400, "invalid_request")
    assert doors.files() == before


@pytest.mark.parametrize("value", ["crc32c=:AAAAAA==:", "unixsum=30637", "blake3=:AA==:;v=1, x", ""])
def test_algorithms_that_nobody_knows_are_passed_over(doors, value):
    """RFC 9530 §2: a recipient chooses."""
    assert all(answer.is_success for answer in doors.send(NEW, {"Repr-Digest": value}))


@pytest.mark.parametrize("size", [0, 1, 100_000, CHUNK_SIZE + 1])
def test_digests_of_any_size(doors, size):
    content = b"x" * size
    right, wrong = digests(content)[5], digests(content + b"y")[5]
    for headers, statuses in ((wrong, {400}), (right, {200, 201})):
        assert {answer.status_code for answer in doors.send(content, headers)} <= statuses


def test_a_body_that_ends_early_is_not_blamed_on_its_digest(doors):
    cut = form()[:-9]
    assert_problem(post(doors.client, cut, digests(cut)[1]), 400, "invalid_request")
