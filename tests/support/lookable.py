"""Small files of the kinds that have previews."""

import io
import json
import struct
import wave

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 400), colour: str = "#1e5aa0") -> bytes:
    """One colour, with a light disc in the middle."""
    width, height = size
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).ellipse((width * 0.4, height * 0.4, width * 0.6, height * 0.6), fill="#eeeeee")
    return _saved(lambda file: image.save(file, kind))


def parquet(rows: int) -> bytes:
    """Columns id, name (with gaps) and score."""
    table = pa.table(
        {
            "id": pa.array(range(rows), pa.int64()),
            "name": [None if number % 7 == 0 else f"row {number}" for number in range(rows)],
            "score": [number / 4 for number in range(rows)],
        }
    )
    return _saved(lambda file: pq.write_table(table, file))


def safetensors() -> bytes:
    """Two tensors and some metadata."""
    header = {
        "__metadata__": {"author": "Ada"},
        "embed.weight": {"dtype": "F16", "shape": [30, 20], "data_offsets": [0, 1200]},
        "head.bias": {"dtype": "F32", "shape": [25], "data_offsets": [1200, 1300]},
    }
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(1300)


def sound(seconds: int) -> bytes:
    """Silence."""

    def save(file: io.BytesIO) -> None:
        with wave.open(file, "wb") as sink:
            sink.setnchannels(1)
            sink.setsampwidth(2)
            sink.setframerate(8000)
            sink.writeframes(bytes(16_000 * seconds))

    return _saved(save)


def _saved(save) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()
