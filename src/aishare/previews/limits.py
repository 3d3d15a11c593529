"""Limits of previews: memory, time, and how much is shown."""

from typing import Final

from aishare.core.sizes import GiB, KiB, MiB

SECONDS: Final = 10.0
MEMORY_BYTES: Final = GiB
"""Address space of a child process."""

CHILDREN: Final = 2
WAITING: Final = 16
"""Previews that wait for a child process; further requests are refused."""

READ_BYTES: Final = 512 * MiB
"""Bytes read from the storage for one preview, in whole chunks."""

HEADER_BYTES: Final = 16 * MiB
TEXT_BYTES: Final = 256 * KiB
LINE_BYTES: Final = 16 * MiB
"""Of a CSV file, and of one cell in it."""

COUNTED_BYTES: Final = 8 * MiB
"""CSV files up to this size are read to the end, so that the number of rows is known."""

ROWS: Final = 100
COLUMNS: Final = 200
CELL_CHARACTERS: Final = 500
PAGE_CHARACTERS: Final = MiB
"""Characters of all cells of a page together; in wide tables, cells are cut shorter than CELL_CHARACTERS."""

TENSORS: Final = 1000
ENTRIES: Final = 1000
"""Entries of an archive per page."""

UNPACKED_BYTES: Final = 256 * MiB
"""For compressed archives, in which names and contents alternate."""

NOTEBOOK_BYTES: Final = 32 * MiB
CELLS: Final = 500
CELL_TEXT: Final = 64 * KiB
TEXT_TOTAL: Final = 2 * MiB
PICTURE_BYTES: Final = 8 * MiB
"""All images of a notebook together, in Base64."""

METADATA: Final = 500
NAME_CHARACTERS: Final = 300
MAX_PAGE: Final = 10_000_000
ANSWER_BYTES: Final = 16 * MiB
