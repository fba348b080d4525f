"""Moments as a person says them, in both languages; the exact one stands beside it."""

from collections.abc import Iterator

import pytest
import time_machine
from django.utils.translation import override

from cases.templatetags.cases import due, when
from cases.wording import humanize
from tests.moments import at

THURSDAY = at("2026-11-26T18:00")


@pytest.fixture(autouse=True)
def _thursday() -> Iterator[None]:
    with time_machine.travel(THURSDAY, tick=False):
        yield


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        ("2026-11-26T15:00", "today 15:00", "今天 15:00"),
        ("2026-11-25T00:05", "yesterday 00:05", "昨天 00:05"),
        ("2026-11-27T09:00", "tomorrow 09:00", "明天 09:00"),
        ("2026-11-23T09:00", "Mon 09:00", "周一 09:00"),
        ("2026-11-20T09:00", "last Fri 09:00", "上周五 09:00"),
        ("2026-11-28T09:00", "Sat 09:00", "周六 09:00"),
        ("2026-11-30T09:00", "next Mon 09:00", "下周一 09:00"),
        ("2026-11-19T09:00", "Thu 19 Nov, 09:00", "11月19日 周四 09:00"),
        ("2026-12-03T09:00", "Thu 3 Dec, 09:00", "12月3日 周四 09:00"),
        ("2025-11-26T09:00", "Wed 26 Nov 2025, 09:00", "2025年11月26日 周三 09:00"),
    ],
)
def test_what_is_near_is_said_by_its_distance(value: str, english: str, chinese: str) -> None:
    with override("en"):
        assert humanize.natural_moment(at(value), THURSDAY) == english
    with override("zh-hans"):
        assert humanize.natural_moment(at(value), THURSDAY) == chinese


def test_a_deadline_at_midnight_ends_the_day_before() -> None:
    midnight = at("2026-12-01T00:00")
    with override("en"):
        assert humanize.natural_moment(midnight, THURSDAY, deadline=True) == "next Mon 24:00"
        assert humanize.natural_moment(midnight, THURSDAY) == "next Tue 00:00"


def test_the_exact_moment_stands_beside_it() -> None:
    with override("en"):
        assert when(at("2026-11-25T15:04")) == (
            '<time datetime="2026-11-25T15:04:00+08:00" title="Wed 25 Nov, 15:04">yesterday 15:04</time>'
        )
        assert 'title="Thu 26 Nov, 24:00">today 24:00<' in due(at("2026-11-27T00:00"))
