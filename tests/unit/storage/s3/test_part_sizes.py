from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aishare.core.sizes import CHUNK_SIZE, GiB, MiB, TiB
from aishare.storage.backends.s3.part_sizes import part_size

MOST_PARTS = 10_000
LARGEST_PART = 5 * GiB


@given(st.integers(0, 5 * TiB))
def test_an_object_of_known_size_fits_in_equal_parts(size):
    part = part_size(1, size)
    assert -(-size // part) <= MOST_PARTS
    assert CHUNK_SIZE <= part <= LARGEST_PART
    assert part % MiB == 0
    assert part_size(7_000, size) == part


def test_five_tib_of_unknown_size_fit_in_ten_thousand_parts():
    sizes = [part_size(number, None) for number in range(1, MOST_PARTS + 1)]
    assert sum(sizes) >= 5 * TiB
    assert sizes == sorted(sizes)
    assert min(sizes) == CHUNK_SIZE
    assert max(sizes) <= LARGEST_PART


def test_the_first_eight_gib_of_unknown_size_come_in_equal_parts():
    ends = list(accumulate(part_size(number, None) for number in range(1, 1001)))
    assert ends[-1] == 1000 * CHUNK_SIZE


@pytest.mark.parametrize(("size", "part"), [(0, 8), (70 * GiB, 8), (78 * GiB, 9), (TiB, 117), (5 * TiB, 583)])
def test_parts_grow_with_the_object(size, part):
    assert part_size(1, size) == part * MiB
