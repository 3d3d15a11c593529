"""Parquet files written byte by byte, so that they can make false claims."""

import struct as packing
import zlib
from collections.abc import Sequence

from tests.support.thrift import BINARY, I32, STRUCT, Value, i32, i64, listed, struct, text

INT64, BYTE_ARRAY = 2, 6
PLAIN, RLE, RLE_DICTIONARY = 0, 3, 8
UNCOMPRESSED, SNAPPY, GZIP = 0, 1, 2
REQUIRED, REPEATED = 0, 2
MAGIC = b"PAR1"


def parquet(body: bytes, footer: Value, *, length: int | None = None) -> bytes:
    """`length` is a false length of the footer."""
    claimed = len(footer.data) if length is None else length
    return MAGIC + body + footer.data + packing.pack("<I", claimed) + MAGIC


def footer(schema: Sequence[Value], groups: Sequence[Value], rows: int) -> Value:
    return struct({
        1: i32(1), 2: listed(STRUCT, schema), 3: i64(rows), 4: listed(STRUCT, groups), 6: text("a test"),
    })  # fmt: skip


def root(children: int) -> Value:
    return struct({4: text("schema"), 5: i32(children)})


def leaf(name: str, kind: int = INT64, *, repetition: int = REQUIRED) -> Value:
    return struct({1: i32(kind), 3: i32(repetition), 4: text(name)})


def group(columns: Sequence[Value], rows: int, *, total: int = 100) -> Value:
    return struct({1: listed(STRUCT, columns), 2: i64(total), 3: i64(rows)})


def chunk(
    name: str, values: int, size: int, *, kind: int = INT64, codec: int = UNCOMPRESSED, offset: int = 4,
    dictionary: int | None = None, inflated: int | None = None,
) -> Value:  # fmt: skip
    metadata = {
        1: i32(kind),
        2: listed(I32, [i32(PLAIN)]),
        3: listed(BINARY, [text(name)]),
        4: i32(codec),
        5: i64(values),
        6: i64(size if inflated is None else inflated),
        7: i64(size),
        9: i64(offset),
    }
    if dictionary is not None:
        metadata[11] = i64(dictionary)
    return struct({2: i64(offset), 3: struct(metadata)})


def data_page(content: bytes, values: int, *, inflated: int | None = None, encoding: int = PLAIN) -> bytes:
    head = struct(
        {
            1: i32(0),
            2: i32(len(content) if inflated is None else inflated),
            3: i32(len(content)),
            5: struct({1: i32(values), 2: i32(encoding), 3: i32(RLE), 4: i32(RLE)}),
        }
    )
    return head.data + content


def dictionary_page(content: bytes, values: int) -> bytes:
    head = struct({1: i32(2), 2: i32(len(content)), 3: i32(len(content)), 7: struct({1: i32(values), 2: i32(PLAIN)})})
    return head.data + content


def gzipped(size: int) -> bytes:
    """So many zeros, in a thousandth of the bytes: one block of them, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block, head = bytes(1 << 20), packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    repeated = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    last = packer.flush()
    checksum = 0
    for _ in range(size >> 20):
        checksum = zlib.crc32(block, checksum)
    return head + repeated * ((size >> 20) - 1) + last[:-8] + packing.pack("<II", checksum, size & 0xFFFFFFFF)


def one_column(page: bytes, rows: int, *, values: int | None = None, **about: int) -> bytes:
    """A file with one page; the row group and the column claim what they are told."""
    column = chunk("x", rows if values is None else values, len(page), **about)
    kind = about.get("kind", INT64)
    return parquet(page, footer([root(1), leaf("x", kind)], [group([column], rows)], rows))


def numbers(count: int) -> bytes:
    return packing.pack(f"<{count}q", *range(count))
