"""The names in archives, the arrays of NumPy, the cells of notebooks, and the rows of JSON Lines."""

import io
import json
import random
import struct
import tarfile
import zipfile

import pytest

from aishare.previews.answers import Notebook, Table, Text, Unreadable, decode, encode
from aishare.previews.archives import read_tar, read_zip
from aishare.previews.json_lines import read_json_lines
from aishare.previews.kinds import reader_of
from aishare.previews.limits import ENTRIES
from aishare.previews.notebook import read_notebook
from aishare.previews.numpy_arrays import read_npy, read_npz
from tests.previews.held import Held


def zipped(names, *, content=b"x" * 10):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (2024, 5, 6, 7, 8, 10)), b"" if name.endswith("/") else content)
    return buffer.getvalue()


def tarred(names, mode="w", *, size=10):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name in names:
            member = tarfile.TarInfo(name.rstrip("/"))
            member.mtime = 1_714_979_290
            member.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            member.size = 0 if name.endswith("/") else size
            archive.addfile(member, io.BytesIO(bytes(member.size)))
    return buffer.getvalue()


def array(descr="<f4", shape=(3, 4), *, version=1, fortran=False):
    text = f"{{'descr': {descr!r}, 'fortran_order': {fortran}, 'shape': {shape!r}, }}\n".encode()
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes((version, 0)) + length + text + bytes(48)


def notebook(*cells, **more):
    return json.dumps({"nbformat": 4, "cells": list(cells), "metadata": {"language_info": {"name": "python"}}} | more)


def code(*outputs, source="1 + 1", number=1):
    return {"cell_type": "code", "source": source, "execution_count": number, "outputs": list(outputs)}


NAMES = ["data/", "data/ä.csv", "../up.txt", "a" * 120 + "/long.txt"]


def test_the_names_in_a_zip_archive():
    found = read_zip(Held(zipped(NAMES)), 1)
    assert [entry.path for entry in found.entries] == NAMES
    assert [(entry.size, entry.folder) for entry in found.entries[:2]] == [(0, True), (10, False)]
    assert found.entries[1].modified == "2024-05-06T07:08:10"
    assert (found.count, found.bytes, found.more, found.truncated) == (4, 30, False, False)
    assert decode(encode(found)) == found


@pytest.mark.parametrize("comment", [b"", b"made by hand", b"c" * 30])
def test_a_zip_archive_may_be_empty(comment):
    content = b"PK\x05\x06" + bytes(16) + struct.pack("<H", len(comment)) + comment
    found = read_zip(Held(content), 1)
    assert (found.entries, found.count, found.bytes, found.more, found.truncated) == ([], 0, 0, False, False)


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_the_names_in_a_tar_archive(mode):
    found = read_tar(Held(tarred(NAMES, mode)), 1)
    assert [entry.path for entry in found.entries] == [name.rstrip("/") for name in NAMES]
    assert [(entry.size, entry.folder) for entry in found.entries[:2]] == [(0, True), (10, False)]
    assert found.entries[1].modified == "2024-05-06T07:08:10"
    assert (found.count, found.bytes, found.truncated) == (4, 30, False)


def test_names_come_in_pages():
    names = [f"{number:05}.txt" for number in range(ENTRIES + 5)]
    for read, content in ((read_zip, zipped(names)), (read_tar, tarred(names))):
        first, second = read(Held(content), 1), read(Held(content), 2)
        assert [entry.path for entry in (*first.entries, *second.entries)] == names
        assert [first.more, second.more, first.count, second.count] == [True, False, ENTRIES + 5, ENTRIES + 5]


def test_contents_are_not_read_for_their_names():
    noise = random.Random(1).randbytes(1 << 21)
    for read, content in ((read_zip, zipped(["a"], content=noise)), (read_tar, tarred("ab", size=1 << 21))):
        file = Held(content)
        assert read(file, 1).count in {1, 2}
        assert file.read_bytes < 200_000


def test_a_name_in_utf8_that_does_not_say_so():
    content = zipped(["ä.txt"]).replace(b"\x00\x08", b"\x00\x00")
    assert read_zip(Held(content), 1).entries[0].path == "ä.txt"


def test_what_is_left_of_an_archive_is_shown_or_told():
    content = tarred(["a", "b", "c"], size=5000)
    found = read_tar(Held(content[:8000]), 1)
    assert ([entry.path for entry in found.entries], found.count, found.truncated) == (["a", "b"], None, True)
    packed = b"\x1f\x8b\x08" + bytes(99)
    for read, broken in ((read_zip, zipped(["a"])[:-9]), (read_tar, b"x" * 2000), (read_tar, packed)):
        with pytest.raises(Unreadable):
            read(Held(broken), 1)


@pytest.mark.parametrize(
    ("descr", "name"),
    [
        ("<f4", "float32"),
        ("|u1", "uint8"),
        (">i8", "int64 (big-endian)"),
        ("|b1", "bool"),
        ("<U10", "str[10]"),
        ("|O", "object"),
        ("<M8[ns]", "datetime64[ns]"),
        ([("x", "<f4"), ("y", "<i2")], "{x: float32, y: int16}"),
    ],
)
@pytest.mark.parametrize("version", [1, 2, 3])
def test_the_header_of_an_array(descr, name, version):
    found = read_npy(Held(array(descr, version=version)), 1)
    assert [(one.dtype, one.shape) for one in found.tensors] == [(name, [3, 4])]
    assert (found.format, found.parameters) == ("npy", 12)


def test_the_arrays_of_an_archive():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("weights.npy", array())
        archive.writestr("labels.npy", array("<i8", ()))
    found = read_npz(Held(buffer.getvalue()), 1)
    assert [(one.name, one.dtype, one.shape) for one in found.tensors] == [
        ("weights", "float32", [3, 4]),
        ("labels", "int64", []),
    ]
    assert (found.count, found.parameters) == (2, 13)


@pytest.mark.parametrize("shape", ["(-1,)", "(1.5,)", "'x'", "__import__('os')", "(" * 500])
def test_a_header_is_data_and_never_run(shape):
    text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}}}".encode()
    with pytest.raises((Unreadable, MemoryError)):
        read_npy(Held(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text), 1)


def test_a_notebook_shows_its_cells_and_what_they_printed():
    picture = {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo=\n", "text/plain": ["<Figure>"]}}
    failure = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[0;31mE\x1b[0m: v"]}
    content = notebook(
        {"cell_type": "markdown", "source": ["# Title\n", "text"]},
        code({"output_type": "stream", "text": ["2\n"]}, picture, failure, source=["1 +", " 1"], number=7),
    )
    found = read_notebook(Held(content.encode()), "a.ipynb")
    assert isinstance(found, Notebook)
    assert [(cell.type, cell.text, cell.number) for cell in found.cells] == [
        ("markdown", "# Title\ntext", None),
        ("code", "1 + 1", 7),
    ]
    assert [(one.media_type, one.text, one.data) for one in found.cells[1].outputs] == [
        ("text/plain", "2\n", None),
        ("image/png", None, "iVBORw0KGgo="),
        ("text/plain", "E: v", None),
    ]
    assert (found.language, found.count, found.truncated) == ("python", 2, False)
    assert decode(encode(found)) == found


def test_pages_and_scripts_of_a_notebook_are_left_out():
    table = {"output_type": "execute_result", "data": {"text/html": "<script>bad()</script>", "text/plain": "a b"}}
    page = {"output_type": "display_data", "data": {"text/html": ["<script>bad()</script>"]}}
    script = {"output_type": "display_data", "data": {"application/javascript": "bad()"}}
    lie = {"output_type": "display_data", "data": {"image/png": '"><script>bad()</script>'}}
    found = read_notebook(Held(notebook(code(table, page, script, lie)).encode()), "a.ipynb")
    assert b"bad()" not in encode(found)
    assert [one.text for one in found.cells[0].outputs] == ["a b", None, None, None]


def test_old_and_broken_notebooks():
    cell = {"cell_type": "code", "input": "1", "outputs": [{"output_type": "pyout", "text": ["1"]}]}
    old = json.dumps({"worksheets": [{"cells": [cell]}]})
    found = read_notebook(Held(old.encode()), "a.ipynb")
    assert (found.cells[0].text, found.cells[0].outputs[0].text) == ("1", "1")
    for broken in (b"{", b"[]", b"{}", b'{"cells": 1}', b"[" * 100_000):
        assert isinstance(read_notebook(Held(broken), "a.ipynb"), Text)
    odd = json.dumps({"cells": [1, {"cell_type": 5, "source": 5, "outputs": [None, {"output_type": "x", "data": 5}]}]})
    assert read_notebook(Held(odd.encode()), "a.ipynb").count == 2


def test_json_lines_are_a_table():
    second = '{"id": 2.5, "text": null, "tags": ["x"], "big": 9007199254740993}'
    lines = ['{"id": 1, "text": "a", "ok": true}', "", second]
    found = read_json_lines(Held("\r\n".join(lines).encode()), 1, "a.jsonl")
    assert [(column.name, column.type) for column in found.columns] == [
        ("id", "number"),
        ("text", "text"),
        ("ok", "boolean"),
        ("tags", "list"),
        ("big", "integer"),
    ]
    assert found.rows == [[1, "a", "true", None, None], [2.5, None, None, '["x"]', "9007199254740993"]]
    assert (found.format, found.row_count, found.more) == ("jsonl", 2, False)


def test_json_lines_come_in_pages_and_keep_what_is_broken():
    content = b"".join(b'{"n": %d}\n' % number for number in range(250)) + b'{"n": 250, "late"\n'
    pages = [read_json_lines(Held(content), page, "a.jsonl") for page in (1, 2, 3)]
    assert [row[0] for page in pages for row in page.rows] == [*range(250), None]
    assert pages[2].rows[-1] == [None, '{"n": 250, "late"']
    assert {page.row_count for page in pages} == {251}
    assert isinstance(read_json_lines(Held(b'{\n"a": 1\n}\n'), 1, "a.jsonl"), Text)
    assert isinstance(read_json_lines(Held(b'{"a": NaN}\n'), 1, "a.jsonl"), Table)


@pytest.mark.parametrize(
    ("media_type", "name", "reader"),
    [
        ("application/jsonl", "a.jsonl", "jsonl"),
        ("application/x-ipynb+json", "a.ipynb", "notebook"),
        ("application/zip", "a.zip", "zip"),
        ("application/vnd.pytorch", "a.pt", "zip"),
        ("application/vnd.npz", "a.npz", "npz"),
        ("application/vnd.npy", "a.npy", "npy"),
        ("application/gzip", "a.tar.gz", "tar"),
        ("application/gzip", "a.TGZ", "tar"),
        ("application/gzip", "a.csv.gz", None),
    ],
)
def test_every_kind_has_its_reader(media_type, name, reader):
    assert reader_of(media_type, name) == reader
