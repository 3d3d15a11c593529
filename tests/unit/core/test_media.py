import io
import json
import struct
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aishare.core.media import INLINE, OCTETS, kind_of, served_type, sniff
from aishare.services.people.samples import samples

DOWNLOADED = {"text/markdown", "text/csv", "text/x-python"}
KINDS = {"dataset", "model", "image", "text", "audio", "video", "archive", "document", "other"}


def zipped(name, content=b"x"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def safetensors():
    header = json.dumps({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(4)


CASES = [
    (b"\xff\xd8\xff\xe0rest", "x", "image/jpeg", "image"),
    (b"\x89PNG\r\n\x1a\nrest", "lie.html", "image/png", "image"),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "x", "image/webp", "image"),
    (b"\x00\x00\x00\x1cftypavif", "x", "image/avif", "image"),
    (b"\x00\x00\x00\x1cftypisom", "x.mp4", "video/mp4", "video"),
    (b"\xef\xbb\xbf<?xml version='1.0'?><!-- c --><svg xmlns='x'/>", "lie.png", "image/svg+xml", "image"),
    (b"  <!DOCTYPE html><p>", "lie.png", "text/html", "text"),
    (b"<?xml version='1.0'?><a/>", "a.xml", "application/xml", "text"),
    (b"GGUF\x03\x00\x00\x00", "x", "application/vnd.gguf", "model"),
    (safetensors(), "x", "application/vnd.safetensors", "model"),
    (b"\x93NUMPY\x01\x00", "x", "application/vnd.npy", "dataset"),
    (zipped("arr_0.npy"), "x.npz", "application/vnd.npz", "dataset"),
    (zipped("model/data.pkl"), "x.pt", "application/vnd.pytorch", "model"),
    (zipped("readme.txt"), "x.zip", "application/zip", "archive"),
    (b"PK\x05\x06" + bytes(18), "x", "application/zip", "archive"),
    (b"PAR1\x15\x04\x15", "x", "application/vnd.apache.parquet", "dataset"),
    (b"a,b\n1,2\n", "x.csv", "text/csv", "dataset"),
    (b"{}", "x.json", "application/json", "text"),
    (b"plain", "noname", "text/plain", "text"),
    (b"", "empty", "text/plain", "text"),
    ("ü".encode()[:1], "cut", "text/plain", "text"),
    (b"\x00\x01\x02", "x.csv", "application/octet-stream", "other"),
    (b"\x80\x81\x82\x83\x84", "x.txt", "application/octet-stream", "other"),
    (b"BM but a text", "x.txt", "text/plain", "text"),
    (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36", "x", "image/bmp", "image"),
    (b"GIF89a\x01\x00\x01\x00", "x", "image/gif", "image"),
    (b"II*\x00", "x", "image/tiff", "image"),
    (b"II+\x00", "big.tif", "image/tiff", "image"),
    (b"%PDF-1.7", "x", "application/pdf", "document"),
    (b"\x1f\x8b\x08", "x.tar.gz", "application/gzip", "archive"),
    (b"\x28\xb5\x2f\xfd", "x", "application/zstd", "archive"),
    (b"\x89HDF\r\n\x1a\n", "x", "application/x-hdf5", "dataset"),
    (b"\x89HDF\r\n\x1a\n", "weights.h5", "application/x-hdf5", "model"),
    (b"SQLite format 3\x00", "x", "application/vnd.sqlite3", "dataset"),
    (bytes(257) + b"ustar", "x.tar", "application/x-tar", "archive"),
    (b"RIFF\x00\x00\x00\x00WAVEfmt ", "x", "audio/wav", "audio"),
    (b"OggS\x00\x02", "x", "audio/ogg", "audio"),
    (b"fLaC\x00\x00\x00\x22", "x", "audio/flac", "audio"),
    (b"ID3\x04", "x", "audio/mpeg", "audio"),
    (b"\xff\xfb\x90", "x", "audio/mpeg", "audio"),
    (b"\x1aE\xdf\xa3\x93B\x82\x88webm", "x", "video/webm", "video"),
    (b"\x1aE\xdf\xa3\x93B\x82\x88matroska", "x.mkv", "video/x-matroska", "video"),
    (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "x", "image/heic", "image"),
    (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", "x", "image/avif", "image"),
    (b"\x00\x00\x00\x14ftypM4A \x00\x00\x00\x00", "x", "audio/mp4", "audio"),
    (zipped("[Content_Types].xml"), "x.docx", sniff(zipped("[Content_Types].xml"), "y.DOCX"), "document"),
    (zipped("[Content_Types].xml"), "x.zip", "application/zip", "archive"),
    (zipped("mimetype", b"application/epub+zip"), "x", "application/epub+zip", "document"),
    (b"<html><body><svg xmlns='x'/>", "page.bin", "text/html", "text"),
    (b"<!-- a\nb --><!DOCTYPE svg PUBLIC 'x' [<!ENTITY a 'b'>]>\n<svg>", "x.png", "image/svg+xml", "image"),
    (b"<?xml version='1.0'?><s:svg xmlns:s='x'/>", "x", "image/svg+xml", "image"),
    (b"<p align='center'>Read me</p>", "README.md", "text/markdown", "text"),
    (b"<!-- unfinished <svg>", "x.txt", "text/plain", "text"),
    (b"import os\n", "train.py", "text/x-python", "text"),
    (b"{}\n{}\n", "x.jsonl", "application/jsonl", "dataset"),
    (b"a: 1\n", "x.yaml", "application/yaml", "text"),
    (b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9) + b"\xff\xf1", "x.aac", "audio/aac", "audio"),
    (b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ", "x", "video/quicktime", "video"),
    (b"\x00\x00\x00\x08wide\x00\x00\x10\x00mdat", "old.mov", "video/quicktime", "video"),
    (b"%PDF-1.4\n1 0 obj\n", "x", "application/pdf", "document"),
    (b"BZh91AY&SY\x00\x01", "x.bz2", "application/x-bzip2", "archive"),
    (b"<!-- " + b"long " * 9000 + b"--><svg/>", "x", "image/svg+xml", "image"),
    (b"<!-- " + b"long " * 20_000, "x.svg", "image/svg+xml", "image"),
    ("<?xml version='1.0'?><svg xmlns='x'/>".encode("utf-16"), "x.svg", "image/svg+xml", "image"),
    ("<svg xmlns='x'/>".encode("utf-16-be"), "x.svg", "image/svg+xml", "image"),
    ("<html><script>".encode("utf-16-le"), "x.htm", "text/html", "text"),
    ("<html><script>".encode("utf-16-le"), "x.txt", OCTETS, "other"),
    (b"MZ\x90\x00", "setup.exe", "application/octet-stream", "other"),
]


@pytest.mark.parametrize(("head", "name", "media_type", "kind"), CASES)
def test_signatures_decide_and_extensions_only_for_text(head, name, media_type, kind):
    assert sniff(head, name) == media_type
    assert kind_of(media_type, name) == kind


LETTERS = (
    *("GGUF", "ID3", "PAR1", "BZh9", "The ftyp", "BM", "GIF89a", "GIF87a", "%PDF-1.7", "RIFF of WAVE", "OggS", "fLaC"),
    *("PK", "II*", "MM", "ARROW1", "SQLite format 3", "7z", "Rar!", "JPEG"),
)


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_text_may_begin_with_the_letters_of_a_signature(letters, encoding):
    text = f"{letters} is where it begins, größer than others.\n" * 9
    assert sniff(text.replace("ö", "o").encode(), "notes.md") == "text/markdown"
    assert sniff(f"{letters},b\n1,2\n".encode(), "table.csv") == "text/csv"
    assert sniff(text.encode(encoding), "notes.md") == ("text/markdown" if encoding == "utf-8" else OCTETS)


TAGS = (
    *("<svg xmlns='x'/>", "<svg> tags", "<svg>,b\n1,2\n", "<html>", "<!DOCTYPE html>", "<title>", "<script>x</script>"),
    *("<?xml version='1.0'?>", "<!-- c --><svg>", "\ufeff<html>"),
)
NAMED = {
    "README.md": "text/markdown",
    "notes.txt": "text/plain",
    "table.csv": "text/csv",
    "table.tsv": "text/tab-separated-values",
    "x.json": "application/json",
    "x.jsonl": "application/jsonl",
    "x.rst": "text/plain",
    "x.py": "text/x-python",
    "x.YAML": "application/yaml",
    "x.log": "text/plain",
    "x.js": "text/javascript",
}


@pytest.mark.parametrize("tag", TAGS)
def test_a_text_that_begins_with_a_tag_has_the_type_of_its_name(tag):
    content = f"{tag}\nand more".encode()
    assert {name: sniff(content, name) for name in NAMED} == NAMED
    for name in ("x", "x.html", "x.htm", "x.svg", "x.xml", "x.png", "x.unknown"):
        assert sniff(content, name) in {"text/html", "image/svg+xml", "application/xml"}


def test_no_named_text_is_sent_as_what_a_browser_runs():
    for name in ("x.md", "x.txt", "x.csv", "x.json", "x.js", "x.css", "x.py", "x.ipynb", "x.log"):
        for tag in TAGS:
            served = served_type(sniff(tag.encode(), name))
            assert served in {"text/plain", "application/json", "application/x-ipynb+json"} | DOWNLOADED, served


def test_a_text_may_have_the_letters_of_a_tar_archive_in_their_place():
    assert sniff(b"a" * 257 + b"ustar and more", "x.txt") == "text/plain"


def test_nothing_that_carries_script_is_shown_inline():
    assert INLINE.isdisjoint({"text/html", "image/svg+xml", "application/xml", "text/javascript", "image/tiff"})


def test_the_sample_files_are_recognised():
    kinds = {sample.path: kind_of(sniff(sample.content, sample.path), sample.path) for sample in samples()}
    assert kinds["models/sentiment-small/model.safetensors"] == "model"
    assert kinds["datasets/penguins/penguins.csv"] == "dataset"
    assert kinds["images/sunrise.png"] == "image"
    assert "other" not in kinds.values()


@given(st.binary(max_size=300), st.sampled_from([b"<", b"PK\x03\x04", b"\x00\x00\x00\x20ftyp", b"RIFF", b"", b"<!--"]))
def test_any_bytes_have_a_type_and_a_kind(rest, start):
    media_type = sniff(start + rest, "name.bin")
    assert media_type.count("/") == 1
    assert kind_of(media_type, "name.bin") in KINDS
    assert media_type.isascii()


@pytest.mark.parametrize("unit", [b"<!--", b"<?", b"<!doctype [", b" ", b"<!-- -->", b"<svg", b"PK\x03\x04"])
def test_64_kib_of_anything_take_little_time(unit):
    began = time.process_time()
    for _ in range(20):
        sniff((unit * 65_536)[:65_536], "x")
    assert time.process_time() - began < 2
