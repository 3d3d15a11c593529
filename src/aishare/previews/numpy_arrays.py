"""The headers of NumPy files: one array, or a ZIP archive of them."""

import ast
import struct
import zipfile
from pathlib import PurePosixPath
from typing import IO, Any, Final, cast

from aishare.core.sizes import KiB
from aishare.previews.answers import Tensor, Tensors, Unreadable
from aishare.previews.handle import Enough, Handle
from aishare.previews.limits import HEADER_BYTES, NAME_CHARACTERS, TENSORS
from aishare.previews.safetensors import is_shape, parameters_of
from aishare.previews.source import Source
from aishare.previews.texts import cut

_MAGIC: Final = b"\x93NUMPY"
_LONGEST: Final = 64 * KiB
_PIECES: Final = 40
_SUFFIX: Final = ".npy"
_NAMES: Final = {
    "b": "bool", "i": "int", "u": "uint", "f": "float", "c": "complex", "O": "object", "S": "bytes", "a": "bytes",
    "U": "str", "V": "void", "M": "datetime64", "m": "timedelta64",
}  # fmt: skip
_IN_BITS: Final = frozenset("iufc")
_FIELDS: Final = 20


def read_npy(source: Source, page: int) -> Tensors:
    """One array: its type and shape."""
    handle = Handle(source, most=HEADER_BYTES)
    tensor, fortran = _array(cast("IO[bytes]", handle), "array")
    order = "Fortran (columns first)" if fortran else "C (rows first)"
    return _answer("npy", [tensor] if page == 1 else [], [tensor], page, metadata={"order": order})


def read_npz(source: Source, page: int) -> Tensors:
    """The arrays of an archive, by name."""
    start = (page - 1) * TENSORS
    found: list[Tensor] = []
    try:
        with zipfile.ZipFile(cast("IO[bytes]", Handle(source, most=HEADER_BYTES, pieces=_PIECES))) as archive:
            members = [member for member in archive.infolist() if member.filename.endswith(_SUFFIX)]
            for member in members[start : start + TENSORS]:
                with archive.open(member) as file:
                    found.append(_array(file, member.filename.removesuffix(_SUFFIX))[0])
    except Enough:
        if not found:
            raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OverflowError, EOFError, OSError):
        raise Unreadable("This archive of arrays is damaged or incomplete.") from None
    return _answer("npz", found, found, page, count=len(members), start=start)


def _answer(  # noqa: PLR0913 - the detected properties
    kind: str,
    shown: list[Tensor],
    known: list[Tensor],
    page: int,
    *,
    metadata: dict[str, str] | None = None,
    count: int = 1,
    start: int = 0,
) -> Tensors:
    complete = len(known) == count
    return Tensors(
        format=kind,
        metadata=metadata or {},
        tensors=shown,
        count=count,
        parameters=parameters_of(known) if complete else None,
        page=page,
        more=count > start + TENSORS,
        truncated=len(shown) < min(count - start, TENSORS),
    )


def _array(file: IO[bytes], name: str) -> tuple[Tensor, bool]:
    start = file.read(8)
    if len(start) < 8 or start[:6] != _MAGIC:  # noqa: PLR2004 - with two version numbers
        raise Unreadable("The archive contains something that is not a NumPy array.")
    code = "<H" if start[6] == 1 else "<I"
    size = struct.calcsize(code)
    length = struct.unpack(code, file.read(size).ljust(size, b"\0"))[0]
    if length > _LONGEST:
        raise Unreadable(f"The header is too large for a preview ({length} bytes; the limit is {_LONGEST}).")
    header = _parsed(file.read(length))
    shape = list(header["shape"]) if isinstance(header.get("shape"), tuple) else None
    if not is_shape(shape):
        raise Unreadable("The header is damaged: the array has no shape.")
    title = cut(PurePosixPath(name).as_posix(), NAME_CHARACTERS)
    return Tensor(title, cut(_dtype(header.get("descr")), 200), shape or []), header.get("fortran_order") is True


def _parsed(text: bytes) -> dict[Any, Any]:
    try:
        header = ast.literal_eval(text.decode("utf-8", "replace").strip())
    except (SyntaxError, ValueError, TypeError):
        header = None
    if not isinstance(header, dict):
        raise Unreadable("The file does not have the header of a NumPy array.")
    return header


def _dtype(described: Any) -> str:
    """As NumPy names it."""
    if isinstance(described, str):
        return _named(described)
    if isinstance(described, list):
        fields = [_field(field) for field in described[:_FIELDS]]
        return "{" + ", ".join(fields) + (", …" if len(described) > _FIELDS else "") + "}"
    return "unknown"


def _field(field: Any) -> str:
    if not isinstance(field, tuple) or len(field) < 2:  # noqa: PLR2004 - name and type
        return "unknown"
    return f"{field[0]}: {_dtype(field[1])}"


def _named(code: str) -> str:
    order, rest = (code[0], code[1:]) if code[:1] in "<>=|" else ("", code)
    kind, size = rest[:1], rest[1:]
    name = _NAMES.get(kind)
    if name is None:
        return code
    if kind in _IN_BITS and size.isdecimal():
        name += str(int(size[:9]) * 8)
    elif kind in "SaUV":
        name += f"[{size}]"
    elif kind in "Mm":
        name += size.lstrip("0123456789")
    return f"{name} (big-endian)" if order == ">" and kind not in "bO" else name
