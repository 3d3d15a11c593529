import io
import json
import struct
import zipfile

import pytest

from aishare.core.media import INLINE, kind_of, sniff
from aishare.services.samples import samples


def zipped(name):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, b"x")
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
    (b"  <!DOCTYPE html><p>", "lie.txt", "text/html", "text"),
    (b"<?xml version='1.0'?><a/>", "a.xml", "application/xml", "text"),
    (b"GGUF\x03\x00\x00\x00", "x", "application/vnd.gguf", "model"),
    (safetensors(), "x", "application/vnd.safetensors", "model"),
    (b"\x93NUMPY\x01\x00", "x", "application/vnd.npy", "dataset"),
    (zipped("arr_0.npy"), "x.npz", "application/vnd.npz", "dataset"),
    (zipped("model/data.pkl"), "x.pt", "application/vnd.pytorch", "model"),
    (zipped("readme.txt"), "x.zip", "application/zip", "archive"),
    (b"PAR1rest", "x", "application/vnd.apache.parquet", "dataset"),
    (b"a,b\n1,2\n", "x.csv", "text/csv", "dataset"),
    (b"{}", "x.json", "application/json", "text"),
    (b"plain", "noname", "text/plain", "text"),
    (b"", "empty", "text/plain", "text"),
    ("ü".encode()[:1], "cut", "text/plain", "text"),
    (b"\x00\x01\x02", "x.csv", "application/octet-stream", "other"),
    (b"\x80\x81\x82\x83\x84", "x.txt", "application/octet-stream", "other"),
    (b"BM but a text", "x.txt", "text/plain", "text"),
]


@pytest.mark.parametrize(("head", "name", "media_type", "kind"), CASES)
def test_signatures_decide_and_extensions_only_for_text(head, name, media_type, kind):
    assert sniff(head, name) == media_type
    assert kind_of(media_type, name) == kind


def test_nothing_that_carries_script_is_shown_inline():
    assert INLINE.isdisjoint({"text/html", "image/svg+xml", "application/xml", "text/javascript", "image/tiff"})


def test_the_sample_files_are_recognised():
    kinds = {sample.path: kind_of(sniff(sample.content, sample.path), sample.path) for sample in samples()}
    assert kinds["models/sentiment-small/model.safetensors"] == "model"
    assert kinds["datasets/penguins/penguins.csv"] == "dataset"
    assert kinds["images/sunrise.png"] == "image"
    assert "other" not in kinds.values()
