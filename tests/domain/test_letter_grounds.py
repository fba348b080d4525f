"""Whose time has passed, and what a letter is about."""

import pytest

from cases.domain.letter_grounds import LetterMatter, PassedLimit, TimeLimitSource, letter_matter, passed_limit
from tests.moments import at

REPLY_BY = at("2026-10-14T00:00")


@pytest.mark.parametrize(
    ("until", "is_published", "source"),
    [
        ("2026-10-13T23:59", False, None),
        ("2026-10-13T23:59", True, None),
        ("2026-10-14T00:00", False, TimeLimitSource.USUAL),
        ("2026-10-14T00:00", True, TimeLimitSource.PUBLISHED),
    ],
)
def test_the_time_of_a_submission_is_the_carriers_or_what_is_usual(
    until: str, is_published: bool, source: TimeLimitSource | None
) -> None:
    limit = passed_limit(REPLY_BY, at(until), is_published=is_published, broken_promises=[])
    assert limit == (PassedLimit(source, REPLY_BY) if source else None)


def test_the_latest_broken_promise_comes_before_all() -> None:
    promises = [at("2026-10-10T00:00"), at("2026-10-21T00:00"), at("2026-10-17T00:00")]
    limit = passed_limit(REPLY_BY, at("2026-10-23T10:00"), is_published=True, broken_promises=promises)
    assert limit == PassedLimit(TimeLimitSource.PROMISE, at("2026-10-21T00:00"))
    early = passed_limit(REPLY_BY, at("2026-10-12T10:00"), is_published=False, broken_promises=promises[:1])
    assert early == PassedLimit(TimeLimitSource.PROMISE, at("2026-10-10T00:00"))  # before the usual time is over


@pytest.mark.parametrize(
    ("until", "source"), [("2026-11-20T23:59", None), ("2026-11-21T00:00", TimeLimitSource.EFFECTIVE_DAY)]
)
def test_a_day_on_which_it_takes_effect_comes_before_promises_and_terms(
    until: str, source: TimeLimitSource | None
) -> None:
    effective_by = at("2026-11-21T00:00")
    promises = [at("2026-10-10T00:00")]
    limit = passed_limit(REPLY_BY, at(until), is_published=True, broken_promises=promises, effective_by=effective_by)
    assert limit == (PassedLimit(source, effective_by) if source else None)


def test_without_a_submission_nothing_has_passed() -> None:
    assert passed_limit(None, REPLY_BY, is_published=True, broken_promises=[]) is None


@pytest.mark.parametrize(
    ("facts", "matter"),
    [
        ("cancelled late charged", LetterMatter.CANCELLED),
        ("returned reported_done late in_use charged", LetterMatter.RETURNED),
        ("reported_done late in_use charged", LetterMatter.REPORTED_DONE),
        ("late in_use charged", LetterMatter.LATE),
        ("in_use charged", LetterMatter.STILL_IN_USE),
        ("charged", LetterMatter.CHARGED),
        ("", LetterMatter.OTHER),
    ],
)
def test_the_weightiest_is_what_a_letter_is_about(facts: str, matter: LetterMatter) -> None:
    known = dict.fromkeys(("cancelled", "returned", "reported_done", "late", "in_use", "charged"), False)
    assert letter_matter(**{**known, **dict.fromkeys(facts.split(), True)}) is matter
