from hypothesis import example, given
from hypothesis import strategies as st

from aishare.core.ranges import MAX_RANGES, ByteRange, parse_range


@given(st.text(max_size=200), st.integers(0, 1000))
@example("bytes=-", 5)
@example("bytes=0-0,", 0)
def test_any_text_is_answered_and_ranges_lie_within_the_content(text, size):
    for header in (text, f"bytes={text}"):
        for item in parse_range(header, size) or []:
            assert 0 <= item.start < item.stop <= size


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=10))
def test_exactly_the_bytes_asked_for_are_covered_once(pairs):
    bounds = [(min(pair), max(pair)) for pair in pairs]
    found = parse_range("bytes=" + ",".join(f"{first}-{last}" for first, last in bounds), 100)
    assert found is not None
    covered = [position for item in found for position in range(item.start, item.stop)]
    assert sorted(covered) == sorted({position for first, last in bounds for position in range(first, last + 1)})


def test_too_many_ranges_mean_the_whole():
    header = "bytes=" + ",".join(f"{number * 2}-{number * 2}" for number in range(MAX_RANGES + 1))
    assert parse_range(header, 1000) is None
    assert parse_range(header.rpartition(",")[0], 1000) is not None


def test_length():
    assert ByteRange(3, 5).length == 2
