"""The program of the children that look into files; they ask the service for the ranges that they need."""

from typing import Any

from aishare.core.sizes import MiB
from aishare.previews.answers import Answer, Nothing, Unreadable, encode
from aishare.previews.source import Source
from aishare.sandbox.child import Job, serve
from aishare.sandbox.framing import Message

_PIECE = 4 * MiB


def main() -> None:
    serve(_work)


def _work(job: Job) -> Message:
    return Message({}, encode(_answer(job)))


def _answer(job: Job) -> Answer:
    try:
        return _read(job.header, _Remote(job))
    except Unreadable as reason:
        return Nothing(str(reason))
    except MemoryError:
        return Nothing("It needs more memory than a preview may take.")
    except RecursionError:
        return Nothing("It is nested too deeply for a preview.")


class _Remote:
    """A file whose bytes the service reads."""

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
    """Imports what the format needs: most children never see Parquet, whose library costs most of their memory."""
    reader, page = task["reader"], task["page"]
    if reader == "parquet":
        from aishare.previews.parquet import read_parquet  # noqa: PLC0415

        return read_parquet(source, page)
    if reader in {"csv", "tsv"}:
        from aishare.previews.delimited import read_delimited  # noqa: PLC0415

        return read_delimited(source, page, tabs=reader == "tsv")
    if reader == "safetensors":
        from aishare.previews.safetensors import read_safetensors  # noqa: PLC0415

        return read_safetensors(source, page)
    if reader == "gguf":
        from aishare.previews.gguf import read_gguf  # noqa: PLC0415

        return read_gguf(source, page)
    from aishare.previews.text import read_text  # noqa: PLC0415

    return read_text(source, task["name"])


if __name__ == "__main__":
    main()
