"""The header of a safetensors file: eight bytes of length, then JSON."""

import json
import math
from typing import Any, Final, TypeGuard

from aishare.previews.answers import Tensor, Tensors, Unreadable
from aishare.previews.limits import CELL_CHARACTERS, HEADER_BYTES, METADATA, NAME_CHARACTERS, TENSORS
from aishare.previews.source import Source
from aishare.previews.texts import cut

_LENGTH: Final = 8
_LARGEST: Final = 2**53
"""The largest integer that JSON numbers represent exactly."""

_DIMENSIONS: Final = 64


def read_safetensors(source: Source, page: int) -> Tensors:
    """Names, types and shapes, in the order of the header."""
    header = _header(source)
    metadata = header.pop("__metadata__", None)
    if metadata is None:  # some writers set it to null instead of leaving it out
        metadata = {}
    if not isinstance(metadata, dict):
        raise Unreadable("The header is damaged: the metadata is not an object.")
    start = (page - 1) * TENSORS
    tensors = [_tensor(name, value) for name, value in header.items()]
    return Tensors(
        format="safetensors",
        metadata={
            cut(str(key), NAME_CHARACTERS): cut(_shown(value), CELL_CHARACTERS)
            for key, value in list(metadata.items())[:METADATA]
        },
        tensors=tensors[start : start + TENSORS],
        count=len(tensors),
        parameters=parameters_of(tensors),
        page=page,
        more=len(tensors) > start + TENSORS,
        truncated=len(metadata) > METADATA,
    )


def parameters_of(tensors: list[Tensor]) -> int | None:
    """The number of all elements; None if it is impossibly large."""
    count = sum(math.prod(tensor.shape) for tensor in tensors)
    return count if count <= _LARGEST else None


def _header(source: Source) -> dict[str, Any]:
    if source.size < _LENGTH:
        raise Unreadable("The file is too short to be a safetensors file.")
    length = int.from_bytes(source.read(0, _LENGTH), "little")
    if length > source.size - _LENGTH:
        raise Unreadable(f"The header claims {length} bytes, more than the file has.")
    if length > HEADER_BYTES:
        raise Unreadable(f"The header is too large for a preview ({length} bytes; the limit is {HEADER_BYTES}).")
    try:
        header = json.loads(source.read(_LENGTH, length))
    except RecursionError:
        raise Unreadable("The header is nested too deeply.") from None
    except ValueError:
        raise Unreadable("The header is not JSON.") from None
    if not isinstance(header, dict):
        raise Unreadable("The header is not a JSON object.")
    return header


def _tensor(name: str, value: Any) -> Tensor:
    shape = value.get("shape") if isinstance(value, dict) else None
    if not is_shape(shape):
        raise Unreadable(f"The header is damaged: tensor {cut(name, 80)!r} has no shape.")
    return Tensor(cut(name, NAME_CHARACTERS), cut(str(value.get("dtype")), 20), shape)


def is_shape(shape: Any) -> TypeGuard[list[int]]:
    """Whether these can be the dimensions of an array."""
    return isinstance(shape, list) and len(shape) <= _DIMENSIONS and all(_is_size(size) for size in shape)


def _is_size(size: Any) -> bool:
    return isinstance(size, int) and not isinstance(size, bool) and 0 <= size <= _LARGEST


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
