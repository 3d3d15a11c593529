"""What honest files look like."""

import datetime as dt
import struct
import uuid
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aishare.previews.answers import Unreadable, decode, encode
from aishare.previews.delimited import read_delimited
from aishare.previews.encodings import detect
from aishare.previews.gguf import read_gguf
from aishare.previews.kinds import reader_of
from aishare.previews.parquet import read_parquet
from aishare.previews.safetensors import read_safetensors
from aishare.previews.text import read_text
from tests.previews.held import Held
from tests.support import parquet_files as files


def parquet(table, **options):
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **options)
    return sink.getvalue().to_pybytes()


TEXTS = {
    "utf-8": ("Grüße, 世界", "utf-8"),
    "utf-8-sig": ("Grüße", "utf-8"),
    "utf-16": ("Grüße", "utf-16-le"),
    "utf-16-le": ("plain words without a mark", "utf-16-le"),
    "utf-16-be": ("plain words without a mark", "utf-16-be"),
    "utf-32": ("Grüße", "utf-32-le"),
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_the_encoding_of_a_text_is_found(encoding):
    text, found = TEXTS[encoding]
    answer = read_text(Held(text.encode(encoding)), "a.txt")
    assert (answer.text, answer.encoding) == (text, found)


def test_other_encodings_are_guessed_by_their_letters():
    assert read_text(Held(("Größe und Maße der Vögel. " * 20).encode("cp1252")), "a.txt").text.startswith("Größe")
    assert read_text(Held(("这是一个用于测试的中文文本。" * 20).encode("gb18030")), "a.txt").text.startswith("这是")
    assert read_text(Held(("これはテストのための日本語です。" * 20).encode("shift_jis")), "a").text.startswith("これは")


def test_a_text_with_a_few_wrong_bytes_stays_utf8():
    assert detect("äöü ß é\n".encode() * 20 + b"\xe4\n") == ("utf-8", 0)


def test_delimiters_are_found():
    for delimiter in (",", ";", "\t", "|"):
        rows = [delimiter.join(row) for row in (["name", "weight"], ["a b", "1"], ["d", "2"])]
        found = read_delimited(Held("\r\n".join(rows).encode()), 1, tabs=False)
        assert [column.type for column in found.columns] == ["text", "integer"], delimiter
        assert found.rows == [["a b", "1"], ["d", "2"]]


def test_rows_without_a_header_get_names():
    found = read_delimited(Held(b"1,2\n3,4\n"), 1, tabs=False)
    assert [column.name for column in found.columns] == ["column 1", "column 2"]
    assert found.row_count == 2


def test_csv_pages_follow_each_other():
    content = b"n\n" + b"".join(b"%d\n" % number for number in range(250))
    pages = [read_delimited(Held(content), page, tabs=False) for page in (1, 2, 3, 4)]
    assert [int(row[0]) for page in pages for row in page.rows] == list(range(250))
    assert [page.more for page in pages] == [True, True, False, False]
    assert {page.row_count for page in pages} == {250}


def test_the_first_page_of_a_large_csv_reads_only_its_beginning():
    file = Held(b"number,text\n" + b"12345,some text\n" * 2_000_000)
    found = read_delimited(file, 1, tabs=False)
    assert (len(found.rows), found.row_count, found.more) == (100, None, True)
    assert file.read_bytes < 2_000_000


def test_quoted_cells_hold_lines_and_wide_rows_are_cut():
    found = read_delimited(Held(b'a,b\n"x\ny",1\n' + b",".join([b"z"] * 300)), 1, tabs=False)
    assert found.rows[0][:2] == ["x\ny", "1"]
    assert (len(found.columns), found.column_count, found.truncated) == (200, 300, True)


def test_parquet_shows_every_type():
    moment = dt.datetime(2026, 11, 25, 9, 30, tzinfo=dt.UTC)
    table = pa.table(
        {
            "big": pa.array([2**60], pa.int64()),
            "nan": [float("nan")],
            "half": pa.array([1.5], pa.float16()),
            "truth": [True],
            "nothing": pa.array([None], pa.string()),
            "decimal": [Decimal("1.50")],
            "date": [dt.date(2026, 11, 25)],
            "moment": pa.array([moment], pa.timestamp("us", "UTC")),
            "exact": pa.array([1_234_567_890_123_456_789], pa.timestamp("ns")),
            "bytes": [b"\x00\xff"],
            "kind": pa.array(["cat"]).dictionary_encode(),
            "list": [[1, None, 3]],
            "long list": [list(range(1000))],
            "struct": [{"path": "a.png", "bytes": b"\x89PNG" * 100}],
            "map": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())),
            "long": ["x" * 100_000],
        }
    )
    found = read_parquet(Held(parquet(table)), 1)
    cells = {column.name: cell for column, cell in zip(found.columns, found.rows[0], strict=True)}
    assert cells["big"] == str(2**60)
    assert (cells["nan"], cells["half"], cells["truth"], cells["nothing"]) == ("nan", 1.5, "true", None)
    assert (cells["decimal"], cells["date"]) == ("1.50", "2026-11-25")
    assert cells["moment"].startswith("2026-11-25 09:30:00")
    assert cells["exact"].startswith("2009-02-13 23:31:30.123456789")
    assert (cells["bytes"], cells["kind"], cells["list"]) == ("0x00ff", "cat", "[1, null, 3]")
    assert cells["long list"].endswith("… 1000 in all]")
    assert cells["struct"].startswith("{path: a.png, bytes: 0x89504e47")
    assert cells["map"] == "[{key: k, value: 1}]"
    assert len(cells["long"]) == 500
    assert found.truncated
    assert decode(encode(found)) == found


def int96(*days_and_nanoseconds):
    moments = b"".join(struct.pack("<qI", nanoseconds, day) for day, nanoseconds in days_and_nanoseconds)
    return files.one_column(files.data_page(moments, len(days_and_nanoseconds)), len(days_and_nanoseconds), kind=3)


def test_parquet_shows_the_years_that_there_are():
    noon = 12 * 3600 * 10**9
    found = read_parquet(Held(int96((5_373_484, 0), (2_086_303, 0), (2_440_588, noon), (1_721_426, 1000))), 1)
    assert [str(row[0])[:16] for row in found.rows] == [
        "9999-12-31 00:00",
        "1000-01-01 00:00",
        "1970-01-01 12:00",
        "0001-01-01 00:00",
    ]


def test_parquet_shows_numbers_with_the_digits_that_they_have():
    values = [0.1, 0.5, 0.001, 16_777_216.0, 3.4028235e38, 1e-45, -1.1]
    kinds = {"half": pa.float16(), "single": pa.float32(), "double": pa.float64()}
    table = pa.table({name: pa.array([0.1, -0.5], kind) for name, kind in kinds.items()})
    assert read_parquet(Held(parquet(table)), 1).rows == [[0.1] * 3, [-0.5] * 3]
    nested = pa.table(
        {
            "plain": pa.array(values, pa.float32()),
            "list": pa.array([[value] for value in values], pa.list_(pa.float32())),
            "struct": pa.array([{"x": value} for value in values], pa.struct([("x", pa.float32())])),
        }
    )
    for row, value in zip(read_parquet(Held(parquet(nested)), 1).rows, values, strict=True):
        assert row == [value, f"[{value!r}]", f"{{x: {value!r}}}"] or float(row[1].strip("[]")) == value
    odd = pa.table({"x": pa.array([float("nan"), float("inf"), None], pa.float32())})
    assert read_parquet(Held(parquet(odd)), 1).rows == [["nan"], ["inf"], [None]]


def test_parquet_shows_durations_ids_and_decimals_as_people_write_them():
    identity = uuid.UUID("12345678-1234-5678-1234-567812345678")
    table = pa.table(
        {
            "us": pa.array([3_630_000_000], pa.duration("us")),
            "ns": pa.array([1500], pa.duration("ns")),
            "s": pa.array([-5], pa.duration("s")),
            "list": pa.array([[3_630_000]], pa.list_(pa.duration("ms"))),
            "id": pa.array([identity.bytes], pa.uuid()),
            "zero": pa.array([Decimal(0)], pa.decimal128(20, 9)),
            "small": pa.array([Decimal("0.000000001")], pa.decimal128(20, 9)),
        }
    )
    found = read_parquet(Held(parquet(table)), 1)
    wanted = ["3630 s", "0.0000015 s", "-5 s", "[3630 s]", str(identity), "0.000000000", "0.000000001"]
    assert found.rows == [wanted]
    assert found.columns[4].type == "uuid"


def test_parquet_reads_only_what_the_page_needs():
    table = pa.table({"number": range(1_000_000), "again": range(1_000_000)})
    file = Held(parquet(table, row_group_size=100_000, compression="none", use_dictionary=False))
    found = read_parquet(file, 9001)
    assert found.rows[0] == [900_000, 900_000]
    assert file.read_bytes < file.size / 10


def test_a_parquet_file_without_rows_shows_its_columns():
    found = read_parquet(Held(parquet(pa.table({"a": pa.array([], pa.int64())}))), 1)
    assert ([column.name for column in found.columns], found.rows, found.row_count) == (["a"], [], 0)


def test_columns_beyond_the_limit_are_left_out():
    found = read_parquet(Held(parquet(pa.table({f"c{n}": [n] for n in range(300)}))), 1)
    assert (len(found.columns), len(found.rows[0]), found.column_count, found.truncated) == (200, 200, 300, True)


def test_gguf_shows_keys_and_tensors():
    def text(value: bytes) -> bytes:
        return struct.pack("<Q", len(value)) + value

    pairs = [
        text(b"general.name") + struct.pack("<I", 8) + text(b"tiny"),
        text(b"rope.freq") + struct.pack("<If", 6, 10000.0),
        text(b"tokens") + struct.pack("<IIQ", 9, 8, 20) + b"".join(text(b"t%d" % n) for n in range(20)),
        text(b"flag") + struct.pack("<I?", 7, True),
    ]
    tensor = text(b"blk.0.weight") + struct.pack("<IQQIQ", 2, 64, 32, 12, 0)
    content = b"GGUF" + struct.pack("<IQQ", 3, 1, len(pairs)) + b"".join(pairs) + tensor
    found = read_gguf(Held(content), 1)
    assert found.metadata["general.name"] == "tiny"
    assert found.metadata["rope.freq"] == "10000"
    assert found.metadata["tokens"] == "[t0, t1, t2, t3, t4, t5, t6, t7, … 20 in all]"
    assert found.metadata["flag"] == "true"
    assert [(one.name, one.dtype, one.shape) for one in found.tensors] == [("blk.0.weight", "Q4_K", [32, 64])]
    assert found.parameters == 2048


def test_gguf_of_the_first_version_has_shorter_counts():
    def text(value: bytes) -> bytes:
        return struct.pack("<I", len(value)) + value

    pairs = [
        text(b"general.name") + struct.pack("<I", 8) + text(b"tiny"),
        text(b"tokens") + struct.pack("<III", 9, 8, 20) + b"".join(text(b"t%d" % n) for n in range(20)),
    ]
    tensor = text(b"blk.0.weight") + struct.pack("<IIIIQ", 2, 64, 32, 12, 0)
    found = read_gguf(Held(b"GGUF" + struct.pack("<III", 1, 1, len(pairs)) + b"".join(pairs) + tensor), 1)
    assert found.metadata == {"general.name": "tiny", "tokens": "[t0, t1, t2, t3, t4, t5, t6, t7, … 20 in all]"}
    assert [(one.name, one.shape) for one in found.tensors] == [("blk.0.weight", [32, 64])]


def test_safetensors_may_say_that_they_have_no_metadata():
    header = b'{"__metadata__":null,"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}'
    found = read_safetensors(Held(struct.pack("<Q", len(header)) + header + bytes(16)), 1)
    assert (found.metadata, [one.shape for one in found.tensors]) == ({}, [[2, 2]])


def test_broken_files_get_the_reader_of_their_name():
    octets = "application/octet-stream"
    assert reader_of(octets, "a.parquet") == "parquet"
    assert reader_of(octets, "a.GGUF") == "gguf"
    assert reader_of(octets, "latin.csv") == "csv"
    assert reader_of("image/png", "a.csv") is None
    assert reader_of("text/html", "a") == "text"


def test_a_text_with_the_name_of_a_binary_format_is_shown_as_text():
    for suffix in ("parquet", "pq", "safetensors", "gguf", "npy", "npz", "zip", "tar", "txt"):
        assert reader_of("text/plain", f"a.{suffix}") == "text"
    for suffix, reader in (("csv", "csv"), ("tab", "tsv"), ("ndjson", "jsonl"), ("ipynb", "notebook")):
        assert reader_of("text/plain", f"a.{suffix}") == reader


def test_what_is_no_answer_is_refused():
    for text in (b"", b"[]", b'{"kind": "table"}', b'{"kind": "other"}', b'{"kind": "none", "reason": "a", "more": 1}'):
        with pytest.raises(ValueError):
            decode(text)
    with pytest.raises(Unreadable):
        read_delimited(Held(b""), 1, tabs=False)
