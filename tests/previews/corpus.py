"""Files made to hurt whoever looks into them: name -> reader, and the bytes or what makes them."""

import gzip
import io
import json
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from tests.support import parquet_files as files
from tests.support.thrift import STRUCT, i32, i64, listed, text
from tests.support.thrift import struct as thrift

GB = 1 << 30


@dataclass(frozen=True)
class Hostile:
    """A file. `read` makes any range of it; `reason` is a part of what people are told, None where a table is right."""

    reader: str
    size: int
    read: Callable[[int, int], bytes]
    reason: str | None
    page: int = 1


def of(reader: str, content: bytes, reason: str | None = "", *, page: int = 1) -> Hostile:
    return Hostile(reader, len(content), lambda start, length: content[start : start + length], reason, page)


def honest_parquet(rows: int = 300) -> bytes:
    sink = pa.BufferOutputStream()
    table = pa.table({"a": range(rows), "b": [f"row {n}" for n in range(rows)], "c": [[n, n + 1] for n in range(rows)]})
    pq.write_table(table, sink, row_group_size=128)
    return sink.getvalue().to_pybytes()


def corpus() -> dict[str, Hostile]:
    return {
        **dict(_csv()),
        **dict(_safetensors()),
        **dict(_gguf()),
        **dict(_parquet_counts()),
        **dict(_parquet_footers()),
        **dict(_parquet_pages()),
        **dict(_texts()),
        **dict(_archives()),
        **dict(_notebooks()),
        **dict(_arrays()),
    }


def _csv() -> Iterator[tuple[str, Hostile]]:
    yield "csv-line-of-1-gb", Hostile("csv", GB, lambda _start, length: b"a" * length, "A line is too long")
    yield "csv-line-of-1-gb-of-commas", Hostile("csv", GB, lambda _start, length: b"," * length, "A line is too long")
    yield "csv-open-quote-for-1-gb", Hostile(
        "csv", GB, lambda start, length: (b'"' + b"a,b\n" * (length // 4 + 1))[:length] if not start
        else (b"a,b\n" * (length // 4 + 2))[start % 4 :][:length], None,
    )  # fmt: skip
    yield "csv-million-columns", of("csv", b",".join(b"%d" % n for n in range(150_000)) + b"\n", None)
    yield "csv-nuls", of("csv", b"a,b\n\x00\x00,\x00\n1,2\n", None)
    yield "csv-only-nuls", Hostile("csv", GB, lambda _start, length: bytes(length), "not a text file")
    yield "csv-mixed-encodings", of("csv", "a,b\nä,ö\n".encode() + b"\xe4,\xf6\n" + "ä,ö\n".encode("utf-16"), None)
    yield "csv-utf16-with-lone-surrogates", of("csv", b"\xff\xfea\x00,\x00b\x00\n\x00\x00\xd8,\x00\x00\xdc\n\x00", None)
    yield "csv-odd-utf16", of("csv", b"\xff\xfea\x00,\x00b\x00\n\x00a", None)
    yield "csv-empty", of("csv", b"", "empty")
    yield "csv-empty-lines-for-1-gb", Hostile("csv", GB, lambda _start, length: b"\n" * length, "only empty lines")
    yield "csv-rows-and-no-more-for-1-gb", Hostile(
        "csv", GB, lambda start, length: (b"a,b\n" * 101 + b"\n" * length)[start:][:length] if not start
        else b"\n" * length, "longer than 10 sec",
    )  # fmt: skip
    yield (
        "csv-page-ten-million",
        Hostile(
            "csv", GB * 1000, lambda start, length: (b"1,2\n" * (length // 4 + 2))[start % 4 :][:length], "", 10_000_000
        ),
    )
    yield "csv-random", of("csv", random.Random(2).randbytes(1 << 20), "not a text file")
    yield "csv-carriage-returns", of("csv", b"a,b\r1,2\r3,4\r", None)
    yield "csv-mixed-line-ends", of("csv", b"a,b\n1,2\r3,4\n", None)
    yield "csv-formulas", of("csv", b"=cmd|' /C calc'!A0,<script>alert(1)</script>\n1,2\n", None)


def _safetensors() -> Iterator[tuple[str, Hostile]]:
    def header(value: object) -> bytes:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        return struct.pack("<Q", len(data)) + data

    yield "safetensors-length-2-63", of("safetensors", struct.pack("<Q", 1 << 63) + b"{}", "more than the file has")
    yield "safetensors-length-2-64", of("safetensors", b"\xff" * 8 + b"{}", "more than the file has")
    yield "safetensors-header-of-90-mb", Hostile(
        "safetensors", GB, lambda start, length: (struct.pack("<Q", 90_000_000) + b"{" * length)[start:][:length],
        "too large for a preview",
    )  # fmt: skip
    yield "safetensors-short", of("safetensors", b"\x01", "too short")
    yield "safetensors-no-json", of("safetensors", header(b"{" * 100), "not JSON")
    yield "safetensors-no-utf8", of("safetensors", header(b'{"\xff": 1}'), "not JSON")
    yield "safetensors-list", of("safetensors", header([]), "not a JSON object")
    yield "safetensors-deep", of("safetensors", header(b'{"a":' * 100_000 + b"1" + b"}" * 100_000), "nested too deep")
    yield "safetensors-deep-lists", of("safetensors", header(b"[" * (15 << 20)), "nested too deeply")
    yield "safetensors-many-digits", of("safetensors", header(b'{"a":{"shape":[' + b"9" * 5_000_000 + b"]}}"), "")
    yield "safetensors-shape-2-70", of("safetensors", header({"a": {"dtype": "F16", "shape": [1 << 70]}}), "no shape")
    yield "safetensors-negative", of("safetensors", header({"a": {"dtype": "F16", "shape": [-1]}}), "no shape")
    yield "safetensors-shape-object", of("safetensors", header({"a": {"dtype": "F16", "shape": {"x": 1}}}), "no shape")
    yield "safetensors-no-tensor", of("safetensors", header({"a": 1}), "no shape")
    yield "safetensors-metadata-list", of("safetensors", header({"__metadata__": [1]}), "metadata is not an object")
    yield (
        "safetensors-product",
        of("safetensors", header({f"t{n}": {"dtype": "F16", "shape": [1 << 53] * 64} for n in range(5000)}), None),
    )
    yield (
        "safetensors-names",
        of(
            "safetensors",
            header({"\u202e\x00<b>\ud800": {"dtype": "\x00", "shape": []}, "n" * 1_000_000: {"shape": []}}),
            None,
        ),
    )


def _gguf() -> Iterator[tuple[str, Hostile]]:
    def gguf(tensors: int, pairs: int, rest: bytes = b"", version: int = 3) -> bytes:
        return b"GGUF" + struct.pack("<IQQ", version, tensors, pairs) + rest

    def string(value: bytes, length: int | None = None) -> bytes:
        return struct.pack("<Q", len(value) if length is None else length) + value

    def array(kind: int, count: int, rest: bytes = b"") -> bytes:
        return string(b"k") + struct.pack("<IIQ", 9, kind, count) + rest

    nested = struct.pack("<IQ", 9, 1)
    yield "gguf-tensor-count", of("gguf", gguf(1 << 63, 0), "more tensors and keys than")
    yield "gguf-key-count", of("gguf", gguf(0, (1 << 64) - 1), "more tensors and keys than")
    yield (
        "gguf-many-keys",
        Hostile(
            "gguf",
            1 << 62,
            lambda start, length: (gguf(1 << 40, 1 << 40) + bytes(length))[start:][:length],
            "too large for a preview",
        ),
    )
    yield "gguf-short", of("gguf", b"GGUF\x03", "ends in the middle of")
    yield "gguf-no-magic", of("gguf", b"GGML" + bytes(100), "not a GGUF file")
    yield "gguf-version-9", of("gguf", gguf(0, 0, version=9), "version")
    yield "gguf-string-of-2-62", of("gguf", gguf(0, 1, string(b"a", 1 << 62)), "ends in the middle of")
    yield "gguf-array-of-2-60", of("gguf", gguf(0, 1, array(4, 1 << 60)), "longer than the file")
    yield "gguf-array-of-arrays", of("gguf", gguf(0, 1, array(9, 1, nested * 1000)), "nested too deeply")
    yield "gguf-array-lies", of("gguf", gguf(0, 1, array(8, 100, string(b"a"))) + bytes(100), "ends in the middle of")
    yield "gguf-type-77", of("gguf", gguf(0, 1, string(b"k") + struct.pack("<I", 77)), "no value type 77")
    yield "gguf-empty-arrays", of("gguf", gguf(0, 1, array(9, 1_000_000, struct.pack("<IQ", 4, 0) * 1_000_000)), None)
    yield "gguf-2-million-empty-strings", of("gguf", gguf(0, 1, array(8, 2_000_000, bytes(16_000_000))), None)
    yield "gguf-vocabulary-of-1-gb", Hostile(
        "gguf", GB, lambda start, length: (gguf(0, 1, array(8, GB // 16)) + bytes(length))[start:][:length]
        if start < 1000 else bytes(length), "too large for a preview",
    )  # fmt: skip
    yield (
        "gguf-dimensions",
        of("gguf", gguf(1, 0, string(b"t") + struct.pack("<I", 1 << 31) + bytes(90)), "more than four"),
    )
    yield (
        "gguf-huge-tensor",
        of(
            "gguf",
            gguf(1, 0, string(b"t") + struct.pack("<I4QIQ", 4, *[(1 << 64) - 1] * 4, 0, 0)),
            "impossible size",
        ),
    )


_PAGE = files.data_page(files.numbers(10), 10)
_COLUMN = files.chunk("x", 10, len(_PAGE))
_SCHEMA = [files.root(1), files.leaf("x")]
_HONEST = honest_parquet()


def _file(content: bytes, reason: str | None = "damaged", *, page: int = 1) -> Hostile:
    return of("parquet", content, reason, page=page)


def _parquet_counts() -> Iterator[tuple[str, Hostile]]:
    yield "parquet-honest-by-hand", _file(files.one_column(_PAGE, 10), None)
    yield (
        "parquet-file-claims-rows",
        _file(files.parquet(_PAGE, files.footer(_SCHEMA, [files.group([_COLUMN], 10)], 1 << 50)), "its row groups"),
    )
    yield (
        "parquet-group-claims-rows",
        _file(files.parquet(_PAGE, files.footer(_SCHEMA, [files.group([_COLUMN], 1 << 50)], 1 << 50))),
    )
    yield "parquet-page-claims-values", _file(files.one_column(files.data_page(files.numbers(10), 1 << 30), 1 << 30))
    yield "parquet-column-claims-values", _file(files.one_column(_PAGE, 1 << 40, values=1 << 40))
    yield (
        "parquet-negative-rows",
        _file(files.parquet(_PAGE, files.footer(_SCHEMA, [files.group([_COLUMN], -5)], -5)), "negative"),
    )
    yield (
        "parquet-2-63-rows",
        _file(files.parquet(_PAGE, files.footer(_SCHEMA, [files.group([_COLUMN], (1 << 63) - 1)] * 2, -2)), ""),
    )
    yield "parquet-beyond-the-end", _file(files.one_column(_PAGE, 10, offset=1 << 50))
    yield "parquet-negative-offset", _file(files.one_column(_PAGE, 10, offset=-1000))


def _parquet_footers() -> Iterator[tuple[str, Hostile]]:
    yield "parquet-truncated", _file(_HONEST[:-9], "incomplete")
    yield "parquet-half", _file(_HONEST[: len(_HONEST) // 2], "incomplete")
    yield "parquet-magic-alone", _file(b"PAR1" + bytes(8) + b"PAR1")
    yield (
        "parquet-footer-claims-4-gb",
        _file(files.parquet(_PAGE, files.footer(_SCHEMA, [], 0), length=(1 << 32) - 1), ""),
    )
    yield "parquet-footer-of-1-gb", Hostile(
        "parquet", 2 * GB, lambda _start, length: (bytes(length) + struct.pack("<I", GB) + b"PAR1")[-length:],
        "too large for a preview",
    )  # fmt: skip
    yield "parquet-encrypted", _file(_HONEST[:-4] + b"PARE", "encrypted")
    yield "parquet-million-columns", _file(_wide(1_000_000), "too large for a preview")
    yield "parquet-wide", _file(_wide(100_000), None)
    yield (
        "parquet-list-claims-2-31",
        _file(
            files.parquet(b"", thrift({1: i32(1), 2: listed(STRUCT, [], count=(1 << 31) - 1), 3: i64(0)})),
            "too large for a preview",
        ),
    )
    yield "parquet-no-columns", _file(files.parquet(b"", files.footer([files.root(0)], [], 0)), "")
    yield "parquet-children-2-31", _file(files.parquet(b"", files.footer([files.root((1 << 31) - 1)], [], 0)))
    yield "parquet-deep", _file(_deep(100_000), "")
    yield "parquet-deep-lists", _file(_deep(5_000, repetition=files.REPEATED), "")
    yield (
        "parquet-name-of-10-mb",
        _file(files.parquet(_PAGE, files.footer([files.root(1), files.leaf("n" * 10_000_000)], [], 0)), None),
    )


def _parquet_pages() -> Iterator[tuple[str, Hostile]]:
    for size in (900 << 20, 1900 << 20):
        bomb = files.data_page(files.gzipped(size), size // 8, inflated=size)
        yield (
            f"parquet-bomb-{size >> 20}-mb",
            _file(files.one_column(bomb, size // 8, codec=files.GZIP, inflated=size), "too much memory"),
        )
    yield (
        "parquet-inflates-to-minus-one",
        _file(files.one_column(files.data_page(files.gzipped(1 << 20), 100, inflated=-1), 100, codec=files.GZIP)),
    )
    yield (
        "parquet-snappy-claims-4-gb",
        _file(
            files.one_column(
                files.data_page(b"\xff\xff\xff\xff\x0f" + bytes(50), 100, inflated=1 << 30), 100, codec=files.SNAPPY
            ),
            "",
        ),
    )
    yield "parquet-one-value-for-all-rows", _file(_repeated_value(20_000_000, rows=1_000_000), "")
    yield "parquet-codec-99", _file(files.one_column(_PAGE, 10, codec=99))
    yield "parquet-random-body", _file(b"PAR1" + random.Random(3).randbytes(100_000) + _HONEST[-600:], "")
    yield "parquet-page-ten-million", _file(_HONEST, None, page=10_000_000)


def _archives() -> Iterator[tuple[str, Hostile]]:
    names = io.BytesIO()
    with zipfile.ZipFile(names, "w") as archive:
        for name in ("../../etc/passwd", "/absolute", "C:\\windows", "\u202egnp.exe", "\x01\x1b[31m", "a" * 60_000):
            archive.writestr(name, b"")
    honest = names.getvalue()
    directory = honest.rindex(b"PK\x05\x06")
    yield "zip-names", of("zip", honest, None)
    yield "zip-cut", of("zip", honest[: directory - 50], "damaged")
    claims = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65_535, 65_535, 900_000_000, 0, 0)
    yield "zip-directory-of-900-mb", Hostile(
        "zip", GB, lambda start, length: (bytes(length) + claims)[-length:] if start + length == GB else bytes(length),
        "too large for a preview",
    )  # fmt: skip
    yield "zip-random", of("zip", b"PK\x03\x04" + random.Random(3).randbytes(1 << 16), "damaged")
    header = tarfile.TarInfo("a").tobuf()
    yield "tar-endless-members", Hostile(
        "tar", GB, lambda start, length: (header * (length // 512 + 2))[start % 512 :][:length], None
    )  # fmt: skip
    large = tarfile.TarInfo("a")
    large.size = 1 << 60
    yield "tar-member-of-2-60", of("tar", large.tobuf(format=tarfile.GNU_FORMAT), None)
    extended = tarfile.TarInfo("p")
    extended.type, extended.size = tarfile.XHDTYPE, 900_000_000
    yield "tar-header-of-900-mb", Hostile(
        "tar", GB, lambda start, length: (extended.tobuf() + bytes(length))[start:][:length] if start < 512
        else bytes(length), "too large for a preview",
    )  # fmt: skip
    bomb = gzip.compress(tarfile.TarInfo("a").tobuf() + bytes(1 << 26))
    yield "tar-gz-of-zeros", of("tar", bomb, None)
    yield "tar-random", of("tar", random.Random(4).randbytes(1 << 16), "tar archive")
    yield "tar-gz-random", of("tar", b"\x1f\x8b\x08" + random.Random(5).randbytes(1 << 16), "tar archive")
    yield "tar-xz-random", of("tar", b"\xfd7zXZ\x00" + random.Random(6).randbytes(1 << 16), "tar archive")


def _notebooks() -> Iterator[tuple[str, Hostile]]:
    cell = {
        "cell_type": "code",
        "source": "x" * 1_000_000,
        "outputs": [{"output_type": "stream", "text": "y" * 500_000}],
    }
    yield "notebook-long-cells", of("notebook", json.dumps({"cells": [cell] * 15}).encode(), None)
    yield "notebook-many-cells", of("notebook", json.dumps({"cells": [{"cell_type": "raw"}] * 100_000}).encode(), None)
    yield "notebook-deep", of("notebook", b'{"cells":' + b"[" * 2_000_000, None)
    odd = {"cells": [{"source": {"a": 1}, "outputs": 5, "execution_count": 1e300}, None, [], 7]}
    yield "notebook-odd", of("notebook", json.dumps(odd).encode(), None)
    yield "notebook-of-1-gb", Hostile("notebook", GB, lambda _start, length: b"{" * length, "too large for a preview")
    yield "jsonl-line-of-1-gb", Hostile("jsonl", GB, lambda _start, length: b"{" * length, "A line is too long")
    yield "jsonl-deep", of("jsonl", b'{"a":' + b"[" * 1_000_000 + b"\n", None)
    yield "jsonl-digits", of("jsonl", b'{"a":' + b"9" * 1_000_000 + b'}\n{"a":1e999}\n{"\xff":1}\n', None)
    wide = b"{" + b",".join(b'"k%d":1' % number for number in range(100_000)) + b"}\n"
    yield "jsonl-wide", of("jsonl", wide * 3, None)


def _arrays() -> Iterator[tuple[str, Hostile]]:
    def npy(text: bytes, length: int | None = None) -> bytes:
        return b"\x93NUMPY\x02\x00" + struct.pack("<I", len(text) if length is None else length) + text

    yield "npy-length-2-32", of("npy", npy(b"{}", (1 << 32) - 1), "too large for a preview")
    yield "npy-code", of("npy", npy(b"__import__('os').abort()"), "not have the header")
    yield "npy-deep", of("npy", npy(b"(" * 60_000), "")
    yield "npy-digits", of("npy", npy(b"{'shape': (" + b"9" * 60_000 + b",)}"), "")
    yield "npy-shape", of("npy", npy(b"{'descr': '<f4', 'shape': (-1,)}"), "no shape")
    yield "npz-no-zip", of("npz", b"PK\x03\x04" + bytes(99), "damaged")


def _texts() -> Iterator[tuple[str, Hostile]]:
    yield "text-of-nuls", Hostile("text", GB, lambda _start, length: bytes(length), "not a text file")
    yield "text-random", of("text", random.Random(4).randbytes(300_000), "not a text file")
    yield "text-utf16-cut", of("text", "é\U0001f600".encode("utf-16")[:-1], None)
    yield "text-utf32-nonsense", of("text", b"\xff\xfe\x00\x00" + b"\xff" * 100_000, None)
    yield "text-controls", of("text", b"\x1b]0;owned\x07 \x1b[2J plain words " * 2 + b"words " * 100, None)
    yield "text-one-line-of-1-gb", Hostile("text", GB, lambda _start, length: b"a" * length, None)
    yield "text-deep-json", of("text", b"[" * 300_000, None)
    yield "text-empty", of("text", b"", None)


def _wide(columns: int) -> bytes:
    leaves = files.leaf("c").data * columns
    count = listed(STRUCT, [], count=columns + 1).data
    schema = type(i32(0))(9, count + files.root(columns).data + leaves)
    return files.parquet(b"", thrift({1: i32(1), 2: schema, 3: i64(0), 4: listed(STRUCT, []), 6: text("a test")}))


def _deep(levels: int, *, repetition: int = files.REQUIRED) -> bytes:
    level = thrift({3: i32(repetition), 4: text("g"), 5: i32(1)})
    schema = [files.root(1), *[level] * levels, files.leaf("x")]
    return files.parquet(b"", files.footer(schema, [], 0))


def _repeated_value(size: int, *, rows: int) -> bytes:
    """A dictionary with one long text, and a page that names it for every row in three bytes."""
    dictionary = files.dictionary_page(struct.pack("<I", size) + b"a" * size, 1)
    run = bytes([1]) + _varint(rows << 1) + b"\x00"
    page = files.data_page(run, rows, encoding=files.RLE_DICTIONARY)
    column = files.chunk(
        "x", rows, len(dictionary) + len(page), kind=files.BYTE_ARRAY, offset=4 + len(dictionary), dictionary=4
    )
    schema = [files.root(1), files.leaf("x", files.BYTE_ARRAY)]
    return files.parquet(dictionary + page, files.footer(schema, [files.group([column], rows)], rows))


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])
