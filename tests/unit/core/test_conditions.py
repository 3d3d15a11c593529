import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aishare.core.conditions import (
    UNCONDITIONAL,
    Outcome,
    Version,
    etag_of,
    evaluate,
    http_date,
    http_date_of,
    preconditions,
    range_applies,
)
from aishare.core.errors import InvalidRequest, PreconditionFailed

ETAG = '"abc"'
CHANGED = datetime(2024, 5, 6, 7, 8, 9, 500_000, tzinfo=UTC)
SAME = "Mon, 06 May 2024 07:08:09 GMT"
BEFORE = "Mon, 06 May 2024 07:08:08 GMT"
AFTER = "Mon, 06 May 2024 07:08:10 GMT"
HEADERS = ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since")


def outcome(**headers):
    return evaluate({name.replace("_", "-"): value for name, value in headers.items()}, etag=ETAG, modified_at=CHANGED)


@pytest.mark.parametrize(
    "text",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
)
def test_all_three_forms_of_a_date_are_one_moment(text):
    assert http_date(text) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC)))
def test_dates_are_written_as_the_standard_library_writes_them(moment):
    assert http_date_of(moment) == format_datetime(moment, usegmt=True)


def test_two_digits_of_a_year_lie_around_now():
    assert http_date("Friday, 06-Nov-26 08:49:37 GMT").year == 2026


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "now", "0", "Sun, 31 Feb 2024 00:00:00 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", SAME + "x"),
        *("Sun, 06 Nov 1994 08:49:37 +0200", "Sun, 06 Nov 0000 08:49:37 GMT", "1994-11-06T08:49:37Z"),
    ],
)
def test_what_is_no_date_is_ignored(text):
    assert http_date(text) is None
    assert outcome(if_modified_since=text, if_unmodified_since=text) is Outcome.PROCEED
    assert not range_applies(text, etag=ETAG, modified_at=CHANGED)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_our_own_dates_are_read_back_to_the_second(moment):
    assert http_date(format_datetime(moment, usegmt=True)) == moment.replace(microsecond=0)


@given(st.dictionaries(st.sampled_from(HEADERS), st.text(st.characters(max_codepoint=255), max_size=60)))
def test_any_text_is_answered(headers):
    assert evaluate(headers, etag=ETAG, modified_at=CHANGED) in Outcome


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_only_the_exact_validator_lets_a_range_through(text):
    applies = range_applies(text, etag=ETAG, modified_at=CHANGED)
    assert applies == (text.strip(" \t") == ETAG or http_date(text) == CHANGED.replace(microsecond=0))


@pytest.mark.parametrize(("since", "expected"), [(BEFORE, "PROCEED"), (SAME, "NOT_MODIFIED"), (AFTER, "NOT_MODIFIED")])
def test_modified_since_counts_whole_seconds(since, expected):
    assert outcome(if_modified_since=since) is Outcome[expected]


@pytest.mark.parametrize(("since", "expected"), [(BEFORE, "FAILED"), (SAME, "PROCEED"), (AFTER, "PROCEED")])
def test_unmodified_since_counts_whole_seconds(since, expected):
    assert outcome(if_unmodified_since=since) is Outcome[expected]


def test_the_weaker_of_two_validators_is_not_asked():
    assert outcome(if_match=ETAG, if_unmodified_since=BEFORE) is Outcome.PROCEED
    assert outcome(if_none_match='"other"', if_modified_since=AFTER) is Outcome.PROCEED
    assert outcome(if_match='"other"', if_none_match=ETAG) is Outcome.FAILED


def test_a_comma_inside_an_etag_separates_nothing():
    assert outcome(if_none_match='"a,b", "abc"') is Outcome.NOT_MODIFIED
    assert outcome(if_none_match='"a", "x,"abc') is Outcome.PROCEED


@pytest.mark.parametrize(
    "text", [" " * 2_000_000, '"' * 2_000_000, "W/" * 1_000_000, '"a' * 1_000_000, ',"a"' * 500_000]
)
def test_a_long_header_takes_linear_time(text):
    began = time.process_time()
    for _ in range(2):
        outcome(if_none_match=text)
        range_applies(text, etag=ETAG, modified_at=CHANGED)
    assert time.process_time() - began < timedelta(seconds=3).total_seconds()


# --- of what changes something ----------------------------------------------------------------------------------

HERE = Version(ETAG, CHANGED)


def holds(version, **headers):
    asked = preconditions({name.replace("_", "-"): value for name, value in headers.items()})
    try:
        asked.require(version)
    except PreconditionFailed:
        return False
    return True


@pytest.mark.parametrize(
    ("headers", "here", "nothing"),
    [
        ({}, True, True),
        ({"if_match": "*"}, True, False),
        ({"if_match": ETAG}, True, False),
        ({"if_match": f'"x",{ETAG}'}, True, False),
        ({"if_match": f"W/{ETAG}"}, False, False),
        ({"if_match": '"x"'}, False, False),
        ({"if_none_match": "*"}, False, True),
        ({"if_none_match": " * "}, False, True),
        ({"if_none_match": ETAG}, False, True),
        ({"if_none_match": f"W/{ETAG}"}, False, True),
        ({"if_none_match": '"x", W/"y"'}, True, True),
        ({"if_unmodified_since": SAME}, True, True),
        ({"if_unmodified_since": BEFORE}, False, True),
        ({"if_unmodified_since": "yesterday"}, True, True),
        ({"if_match": ETAG, "if_unmodified_since": BEFORE}, True, False),
        ({"if_match": ETAG, "if_none_match": ETAG}, False, False),
        ({"if_modified_since": AFTER}, True, True),
    ],
    ids=str,
)
def test_conditions_on_what_is_there_and_on_what_is_not(headers, here, nothing):
    assert (holds(HERE, **headers), holds(None, **headers)) == (here, nothing)


def test_without_a_time_of_change_no_date_says_anything():
    """§13.1.4."""
    assert holds(Version(ETAG, None), if_unmodified_since=BEFORE)


@pytest.mark.parametrize("text", ["", " ", ",", "x", "abc", '"a" "b" c', '*, "a"', '"a', 'w/"a"', "**"])
def test_tags_that_are_none_are_not_passed_over(text):
    for name in ("if-match", "if-none-match"):
        with pytest.raises(InvalidRequest):
            preconditions({name: text})


def test_whether_anything_is_asked_for():
    assert not preconditions({}).given
    assert preconditions({}) == UNCONDITIONAL
    assert preconditions({"if-match": "*"}).given
    assert not preconditions({"if-unmodified-since": "nonsense"}).given
    assert preconditions({"if-none-match": "*"}).only_new
    assert not preconditions({"if-none-match": '"a"'}).only_new


@given(st.dictionaries(st.sampled_from(HEADERS), st.text(st.characters(max_codepoint=255), max_size=60)))
def test_any_text_of_a_change_is_understood_or_refused(headers):
    try:
        asked = preconditions(headers)
    except InvalidRequest:
        return
    assert isinstance(asked.given, bool)


def test_an_etag_changes_with_what_it_is_of():
    assert etag_of(("a", 1)) == etag_of(("a", 1)) != etag_of(("a", 2))
    assert preconditions({"if-match": etag_of(HERE)}).if_match == {etag_of(HERE)}
