"""Moments as phones and their programs write them."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.formats.forwarders.moments import parse_moment
from cases.formats.forwarders.refusals import TimestampInvalid
from tests.helpers import local_str
from tests.moments import at


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        # Programs' sources: Unix time, ISO 8601, 'yyyy-MM-dd HH:mm:ss', java.util.Date.
        ("1791512400000", "2026-10-09T10:20"),
        (1791512400, "2026-10-09T10:20"),
        (1791512400000.0, "2026-10-09T10:20"),
        ("20261009102000", "2026-10-09T10:20"),
        ("2026-11-29T21:20:00.000+08:00", "2026-11-29T21:20"),
        ("2026-11-29T13:20:00.123456789Z", "2026-11-29T21:20:00.123456"),
        ("2026-10-09 10:20:00", "2026-10-09T10:20"),
        ("Sun Nov 29 21:20:00 GMT+08:00 2026", "2026-11-29T21:20"),
        ("Sun Nov 29 21:20:00 CST 2026", "2026-11-29T21:20"),
        ("Sun, 29 Nov 2026 13:20:00 +0000", "2026-11-29T21:20"),
        ("2013. 7.15  9:32", "2013-07-15T09:32"),
        ("2014. 5.18 16: 8", "2014-05-18T16:08"),
        # A Chinese phone.
        ("2026年11月29日 21:20", "2026-11-29T21:20"),
        ("2026年11月29日 下午9:20", "2026-11-29T21:20"),
        ("2026年11月29日 上午12:30", "2026-11-29T00:30"),
        ("2026年11月29日 下午12:30", "2026-11-29T12:30"),
        ("2026年11月29日 中午12:30", "2026-11-29T12:30"),
        ("2026年11月29日 晚上9:20", "2026-11-29T21:20"),
        ("2026年11月29日 凌晨3:05", "2026-11-29T03:05"),
        ("2026年11月29日 星期日 GMT+8 21:20:00", "2026-11-29T21:20"),
        ("2026年11月29日21时20分05秒", "2026-11-29T21:20:05"),
        ("2026.11.29 21:20:00", "2026-11-29T21:20"),
        ("2026/11/29 下午9:20", "2026-11-29T21:20"),
        ("2026/11/22 9:05", "2026-11-22T09:05"),
        ("２０２６年１１月２９日　２１：２０", "2026-11-29T21:20"),
        # An English phone; the space before PM is a narrow one.
        ("Nov 29, 2026 at 9:20\u202fPM", "2026-11-29T21:20"),
        ("Sunday, November 29, 2026 at 9:20:05\u202fPM GMT+8", "2026-11-29T21:20:05"),
        ("29 Nov 2026 at 21:20", "2026-11-29T21:20"),
        ("29 Nov 2026 21:20", "2026-11-29T21:20"),
        ("11/29/26, 9:20\u202fPM", "2026-11-29T21:20"),
        ("11/22/2026 10:00 AM", "2026-11-22T10:00"),
        ("12/1/2026 12:05 AM", "2026-12-01T00:05"),
        ("22/11/2026 10:00", "2026-11-22T10:00"),
        ("05.10.2026 10:00", "2026-10-05T10:00"),
        ("05/10/2026 10:00", "2026-05-10T10:00"),
        ("2026年11月22日", "2026-11-22T00:00"),
    ],
)
def test_a_moment_is_read(text: Any, moment: str) -> None:
    assert parse_moment(text) == at(moment)


def test_the_day_may_be_told_to_be_first() -> None:
    assert local_str(parse_moment("05/10/2026 10:00", is_day_first=True)) == "2026-10-05 10:00"
    assert local_str(parse_moment("11/22/2026 10:00", is_day_first=True)) == "2026-11-22 10:00"
    assert local_str(parse_moment("2026-05-10 10:00", is_day_first=True)) == "2026-05-10 10:00"


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "昨天 21:20", "[timestamp]", "21:20", "2026", True, None, -1, 1e400, "9" * 50),
        *(
            "2026-13-40",
            "32/13/2026",
            "2026年2月30日",
            "2026年11月29日 25:00",
            "2026年11月29日 晚上12:30",
            "2003-12-31 23:59",
        ),
        "0001-01-01T00:00:00+14:00",
        "于2026年11月29日 21:20",  # a sentence is no moment
        "2026年11月29日 21:20 或 22:20",
    ],
)
def test_what_is_no_moment_is_refused(text: Any) -> None:
    with pytest.raises(TimestampInvalid):
        parse_moment(text)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=70), st.from_regex(r"[0-9年月日:/. +-]{1,40}", fullmatch=True), st.floats()))
def test_whatever_it_is(value: Any) -> None:
    with suppress(TimestampInvalid):
        assert parse_moment(value).year >= 2003
