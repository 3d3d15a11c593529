"""SCRUB_SCHEDULE: five cron fields, or nothing."""

import pytest
from pydantic import ValidationError

from aishare.settings.catalog import Settings


@pytest.mark.parametrize(("text", "value"), [("", ""), (" ", ""), ("0  3 * * 0 ", "0 3 * * 0"), ("*/5 * * * *",) * 2])
def test_a_schedule_is_kept(text: str, value: str) -> None:
    assert Settings(scrub_schedule=text).scrub_schedule == value


@pytest.mark.parametrize("text", ["daily", "@daily", "61 3 * * *", "0 3 * *", "0 3 * * * *", "0 3 31 2 8"])
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="must be a schedule of five fields"):
        Settings(scrub_schedule=text)
