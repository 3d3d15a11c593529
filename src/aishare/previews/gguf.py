"""The header of a GGUF file: counts, then keys with typed values, then the tensors."""

import struct
from typing import Any, Final

from aishare.previews.answers import Tensor, Tensors, Unreadable
from aishare.previews.limits import CELL_CHARACTERS, HEADER_BYTES, METADATA, NAME_CHARACTERS, TENSORS
from aishare.previews.safetensors import parameters_of
from aishare.previews.source import Cursor, Source
from aishare.previews.texts import cut

_SCALARS: Final = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING: Final = 8
_ARRAY: Final = 9
_VERSIONS: Final = (1, 2, 3)
_WITH_SHORT_COUNTS: Final = 1
_DEEPEST: Final = 4
"""Nested arrays: no known model has them, but the format allows them."""

_SHOWN: Final = 8
_OFTEN: Final = 4096
"""Strings between two checks of how much has been read."""

_DIMENSIONS: Final = 4
"""GGML_MAX_DIMS."""

_LARGEST_SIDE: Final = 2**53
_SMALLEST_TENSOR: Final = 4 + 4 + 4 + 8
_SMALLEST_PAIR: Final = 4 + 4 + 1
_DTYPES: Final = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1", 10: "Q2_K", 11: "Q3_K",
    12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
    20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64",
    29: "IQ1_M", 30: "BF16", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
}  # fmt: skip


def read_gguf(source: Source, page: int) -> Tensors:
    """All keys and tensors; of arrays, which are mostly vocabularies, only the beginning."""
    try:
        return _Header(source).read(page)
    except EOFError:
        raise Unreadable("The file ends in the middle of its header.") from None


class _Header:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._cursor = Cursor(source)
        self._order = "<"
        self._count = "Q"
        """Format of counts and lengths."""

    def read(self, page: int) -> Tensors:
        tensor_count, pair_count = self._counts()
        metadata: dict[str, str] = {}
        for _ in range(pair_count):
            name = self._string(NAME_CHARACTERS)
            value = self._value(self._number("I"), depth=0)
            if len(metadata) < METADATA:
                metadata[name] = value
        tensors = [self._tensor() for _ in range(tensor_count)]
        start = (page - 1) * TENSORS
        return Tensors(
            format="gguf",
            metadata=metadata,
            tensors=tensors[start : start + TENSORS],
            count=tensor_count,
            parameters=parameters_of(tensors),
            page=page,
            more=tensor_count > start + TENSORS,
            truncated=pair_count > METADATA,
        )

    def _counts(self) -> tuple[int, int]:
        if self._take(4) != b"GGUF":
            raise Unreadable("This is not a GGUF file.")
        version = self._take(4)
        if version[:2] == b"\x00\x00":
            self._order = ">"
        number = self._unpack("I", version)
        if number not in _VERSIONS:
            raise Unreadable("This version of GGUF is not supported.")
        if number == _WITH_SHORT_COUNTS:
            self._count = "I"
        tensors, pairs = self._number(self._count), self._number(self._count)
        least = tensors * _SMALLEST_TENSOR + pairs * _SMALLEST_PAIR
        if least > self._source.size:
            raise Unreadable("The header claims more tensors and keys than fit in the file.")
        if least > HEADER_BYTES:
            raise _too_large()
        return tensors, pairs

    def _tensor(self) -> Tensor:
        name = self._string(NAME_CHARACTERS)
        dimensions = self._number("I")
        if dimensions > _DIMENSIONS:
            raise Unreadable("The header is damaged: a tensor has more than four dimensions.")
        shape = [self._number(self._count) for _ in range(dimensions)]
        if any(side > _LARGEST_SIDE for side in shape):
            raise Unreadable("The header is damaged: a tensor has an impossible size.")
        dtype = self._number("I")
        self._take(8)  # position of its data
        # GGUF writes the fastest dimension first, everyone else last
        return Tensor(name, _DTYPES.get(dtype, f"type {dtype}"), shape[::-1])

    def _value(self, kind: int, *, depth: int) -> str:
        if kind == _STRING:
            return self._string(CELL_CHARACTERS)
        if kind == _ARRAY:
            return self._array(depth=depth)
        return self._scalar(kind)

    def _scalar(self, kind: int) -> str:
        code = _SCALARS.get(kind)
        if code is None:
            raise Unreadable(f"The header is damaged: there is no value type {kind}.")
        value = self._number(code)
        if code == "f":
            return f"{value:.7g}"
        return str(value).lower() if code == "?" else str(value)

    def _array(self, *, depth: int) -> str:
        if depth >= _DEEPEST:
            raise _too_deep()
        kind, count = self._number("I"), self._number(self._count)
        if count > self._source.size:
            raise Unreadable("The header claims an array that is longer than the file.")
        shown = [self._value(kind, depth=depth + 1) for _ in range(min(count, _SHOWN))]
        self._skip(kind, count - len(shown), depth=depth + 1)
        dots = f", … {count} in all" if count > len(shown) else ""
        return cut(f"[{', '.join(shown)}{dots}]", CELL_CHARACTERS)

    def _skip(self, kind: int, count: int, *, depth: int) -> None:
        code = _SCALARS.get(kind)
        if code is not None:
            self._cursor.skip(struct.calcsize(code) * count)
            self._check_length()
        elif kind == _STRING:
            self._skip_strings(count)
        else:
            self._skip_arrays(kind, count, depth=depth)

    def _skip_arrays(self, kind: int, count: int, *, depth: int) -> None:
        if kind != _ARRAY:
            raise Unreadable(f"The header is damaged: there is no value type {kind}.")
        if depth >= _DEEPEST:
            raise _too_deep()
        about = struct.Struct(f"{self._order}I{self._count}")
        for _ in range(count):
            self._skip(*about.unpack(self._take(about.size)), depth=depth + 1)

    def _skip_strings(self, count: int) -> None:
        """As short as possible, because vocabularies have hundreds of thousands of entries."""
        length, take, skip = struct.Struct(self._order + self._count), self._cursor.take, self._cursor.skip
        size = length.size
        for number in range(count):
            skip(length.unpack(take(size))[0])
            if number % _OFTEN == 0:
                self._check_length()
        self._check_length()

    def _string(self, characters: int) -> str:
        length = self._number(self._count)
        wanted = min(length, 4 * characters)  # UTF-8 has four bytes at most
        text = self._take(wanted).decode("utf-8", "replace")
        self._cursor.skip(length - wanted)
        return cut(text if wanted == length else text + "…" * characters, characters)

    def _number(self, code: str) -> Any:
        return self._unpack(code, self._take(struct.calcsize(code)))

    def _unpack(self, code: str, data: bytes) -> Any:
        return struct.unpack(self._order + code, data)[0]

    def _take(self, count: int) -> bytes:
        self._check_length()
        return self._cursor.take(count)

    def _check_length(self) -> None:
        if self._cursor.position > HEADER_BYTES:
            raise _too_large()


def _too_deep() -> Unreadable:
    return Unreadable("The header contains arrays that are nested too deeply.")


def _too_large() -> Unreadable:
    return Unreadable(f"The header is too large for a preview (more than {HEADER_BYTES} bytes).")
