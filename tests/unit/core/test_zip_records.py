"""Archives as other programs read them."""

import io
import shutil
import subprocess
import zipfile
import zlib
from datetime import UTC, datetime

import pytest

from aishare.core.zip_records import ZipMember, ZipRecords

AT = datetime(2026, 3, 1, 12, 30, 44, tzinfo=UTC)
GIB = 1 << 30


class Sparse:
    """An archive in a file with holes: contents of zeros are only skipped."""

    def __init__(self, path):
        self.path = path
        self._file = path.open("wb")
        self._records = ZipRecords()
        self._directory = []

    def add(self, name, content=b"", *, zeros=0, at=AT):
        self._file.write(self._records.begin(ZipMember(name, len(content) + zeros, at)))
        self._file.write(content)
        self._file.seek(zeros, io.SEEK_CUR)
        after, record = self._records.end(zlib.crc32(content))
        self._file.write(after)
        self._directory.append(record)

    def close(self):
        self._file.writelines([*self._directory, self._records.finish()])
        self._file.close()


@pytest.fixture
def archive(tmp_path):
    return Sparse(tmp_path / "archive.zip")


def test_members_come_back_with_content_time_and_name(archive):
    contents = {"data/ü 🐈.txt": b"hello", "data/empty.txt": b"", "big.bin": bytes(range(256)) * 5000}
    for name, content in contents.items():
        archive.add(name, content)
    archive.add("data/nothing/")
    archive.close()
    with zipfile.ZipFile(archive.path) as read:
        assert read.testzip() is None
        assert read.namelist() == [*contents, "data/nothing/"]
        assert {name: read.read(name) for name in contents} == contents
        assert read.getinfo("big.bin").date_time == (2026, 3, 1, 12, 30, 44)
        assert read.getinfo("data/nothing/").is_dir()
        assert all(info.compress_type == zipfile.ZIP_STORED for info in read.infolist())


def test_info_zip_finds_nothing_wrong(archive):
    assert shutil.which("unzip"), "the tests need unzip"
    archive.add("a/b.txt", b"hello")
    archive.add("a/empty/")
    archive.add("ü.txt", b"")
    archive.close()
    tested = subprocess.run(["unzip", "-t", archive.path], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "No errors detected" in tested.stdout


def test_an_empty_archive_is_one(archive):
    archive.close()
    with zipfile.ZipFile(archive.path) as read:
        assert read.namelist() == []


def test_more_members_than_16_bits_count(archive):
    for number in range(70_000):
        archive.add(f"{number}", b"x" if number == 69_999 else b"")
    archive.close()
    with zipfile.ZipFile(archive.path) as read:
        assert len(read.namelist()) == 70_000
        assert read.read("69999") == b"x"


def test_members_beyond_4_gib_are_found(archive):
    archive.add("first", zeros=5 * GIB)
    archive.add("second", b"behind")
    archive.add("exactly", zeros=0xFFFFFFFF)
    archive.add("last", b"the end")
    archive.close()
    with zipfile.ZipFile(archive.path) as read:
        sizes = [info.file_size for info in read.infolist()]
        assert sizes == [5 * GIB, 6, 0xFFFFFFFF, 7]
        assert read.read("second") == b"behind"
        assert read.read("last") == b"the end"
        with read.open("first") as first:
            assert first.read(1000) == bytes(1000)


@pytest.mark.parametrize("year", [1900, 1970, 1980, 2026, 2099, 2500])
def test_any_time_has_a_place(archive, year):
    archive.add("x", b"x", at=datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC))
    archive.close()
    with zipfile.ZipFile(archive.path) as read:
        assert read.getinfo("x").date_time[0] == min(max(year, 1980), 2107)
