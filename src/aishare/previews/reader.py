"""The program of the child processes that read files; they ask the server for the ranges they need."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from aishare.core.sizes import MiB
from aishare.previews.answers import Answer, Nothing, Unreadable, encode
from aishare.previews.kinds import Reader
from aishare.previews.source import Source
from aishare.sandbox.child import Job, serve
from aishare.sandbox.framing import Message

_PIECE: Final = 4 * MiB
_READERS: Final[dict[Reader, tuple[str, str, tuple[str, ...]]]] = {
    "csv": ("delimited", "read_csv", ("page",)),
    "tsv": ("delimited", "read_tsv", ("page",)),
    "jsonl": ("json_lines", "read_json_lines", ("page", "name")),
    "parquet": ("parquet", "read_parquet", ("page",)),
    "safetensors": ("safetensors", "read_safetensors", ("page",)),
    "gguf": ("gguf", "read_gguf", ("page",)),
    "npy": ("numpy_arrays", "read_npy", ("page",)),
    "npz": ("numpy_arrays", "read_npz", ("page",)),
    "zip": ("archives", "read_zip", ("page",)),
    "tar": ("archives", "read_tar", ("page",)),
    "notebook": ("notebook", "read_notebook", ("name",)),
    "text": ("text", "read_text", ("name",)),
}
"""Module, function, and which parts of the task it needs besides the file."""


def main() -> None:
    serve(_work)


def _work(job: Job) -> Message:
    return Message({}, encode(_answer(job)))


def _answer(job: Job) -> Answer:
    try:
        return _read(job.header, _RemoteSource(job))
    except Unreadable as reason:
        return Nothing(str(reason))
    except MemoryError:
        return Nothing("The file needs too much memory for a preview.")
    except RecursionError:
        return Nothing("The file is nested too deeply for a preview.")


class _RemoteSource:
    """A file whose bytes are read by the service."""

    def __init__(self, job: Job) -> None:
        self.size: int = job.header["size"]
        self._job = job

    def read(self, start: int, length: int) -> bytes:
        stop = min(start + length, self.size)
        pieces = []
        while start < stop:
            count = min(stop - start, _PIECE)
            pieces.append(self._job.ask({"start": start, "length": count}).body)
            start += count
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _read(task: dict[str, Any], source: Source) -> Answer:
    """Imports what the format needs: most children never read Parquet, whose library uses most of their memory."""
    module, function, extra = _READERS[task["reader"]]
    read: Callable[..., Answer] = getattr(import_module(f"aishare.previews.{module}"), function)
    return read(source, **{name: task[name] for name in extra})


if __name__ == "__main__":
    main()
