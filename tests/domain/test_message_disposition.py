"""What is done with a carrier's message without a person (domain.md, "Carriers' SMS")."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.message_disposition import (
    MessageStanding,
    disposition_of,
    ends_snooze,
    is_dropped,
    overwrites_entry,
    resolve_received_at,
)
from cases.domain.message_meaning import Meaning
from tests.moments import at

NOW = at("2026-10-09T12:00")
#: A message in time, whole, read twice alike, that names the number of one open case.
CLEAR = MessageStanding(
    is_agreed=True,
    is_whole=True,
    is_late=False,
    was_reported_done=False,
    concerns_open_case=True,
    speaks_of_cancellation=True,
)
#: A carrier's message that names nothing of ours and is not about a cancellation.
ELSEWHERE = replace(CLEAR, concerns_open_case=False, speaks_of_cancellation=False, fits_one_case=False)

OF_AN_OPEN_CASE = {
    "registered": "record",
    "under_review": "record",
    "more_papers": "propose",
    "refused": "propose",
    "promised": "propose",
    "precancelled": "propose",
    "done": "propose",
    "code": "ask",
    "marketing": "ask",
    "unrelated": "ask",
    "ambiguous": "ask",
}


def by_meaning(standing: MessageStanding) -> dict[str, str]:
    return {meaning.value: disposition_of(meaning, standing).value for meaning in Meaning}


def test_of_an_open_case() -> None:
    assert by_meaning(CLEAR) == OF_AN_OPEN_CASE


@pytest.mark.parametrize(
    "doubt",
    [
        {"is_agreed": False},
        {"is_whole": False},
        {"is_late": True},
        {"was_reported_done": True},
        {"is_part": True},
        {"fits_one_case": False},
        {"is_contradicted": True},
    ],
    ids=lambda doubt: next(iter(doubt)),
)
def test_in_any_doubt_nothing_is_recorded(doubt: dict[str, bool]) -> None:
    assert by_meaning(replace(CLEAR, **doubt)) == OF_AN_OPEN_CASE | {"registered": "propose", "under_review": "propose"}


def test_of_no_open_case() -> None:
    aside = {"code": "drop", "marketing": "set_aside", "unrelated": "set_aside"}
    proposed = {"registered": "propose", "under_review": "propose"}
    assert by_meaning(ELSEWHERE) == OF_AN_OPEN_CASE | proposed | aside


def test_what_speaks_of_a_cancellation_is_not_set_aside() -> None:
    spoken = by_meaning(replace(ELSEWHERE, speaks_of_cancellation=True))
    assert {key: spoken[key] for key in ("code", "marketing", "unrelated")} == {
        "code": "drop",
        "marketing": "ask",
        "unrelated": "ask",
    }


def test_nobody_s_business_here_is_dropped_whatever_it_says() -> None:
    assert set(by_meaning(replace(ELSEWHERE, is_relevant=False)).values()) == {"drop"}
    assert by_meaning(replace(CLEAR, is_relevant=False)) == OF_AN_OPEN_CASE


def test_a_part_without_its_rest_waits_for_a_person() -> None:
    part = by_meaning(replace(ELSEWHERE, is_part=True, is_whole=False))
    assert {key: part[key] for key in ("code", "marketing", "unrelated", "registered")} == {
        "code": "ask",
        "marketing": "ask",
        "unrelated": "ask",
        "registered": "propose",
    }


@given(st.sampled_from(Meaning), st.builds(MessageStanding, *[st.booleans()] * 10))
def test_never_whatever_the_standing(meaning: Meaning, standing: MessageStanding) -> None:
    disposition = disposition_of(meaning, standing).value
    if standing.concerns_open_case:
        assert disposition in ("record", "propose", "ask")
        assert not is_dropped(standing, is_code=True)
    if disposition == "record":
        assert meaning.value in ("registered", "under_review")
        assert (standing.is_agreed, standing.is_whole, standing.fits_one_case) == (True, True, True)
        doubts = (standing.is_late, standing.was_reported_done, standing.is_part, standing.is_contradicted)
        assert not any(doubts)
    if meaning.value not in ("code", "marketing", "unrelated") and standing.is_relevant:
        assert disposition in ("record", "propose", "ask")


@pytest.mark.parametrize(
    ("read", "entered", "overwrites"),
    [
        ("YD-2", "YD-1", True),
        ("yd 1", "YD-1", False),
        ("YD1", "yd-1", False),
        ("", "YD-1", False),
        ("YD-2", "", False),
    ],
)
def test_a_reference_that_is_there_stays(read: str, entered: str, overwrites: bool) -> None:
    for meaning in (Meaning.REGISTERED, Meaning.UNDER_REVIEW):
        assert (
            overwrites_entry(meaning, read_reference=read, entered_reference=entered, rests_on_named_day=False)
            is overwrites
        )


def test_a_day_that_was_named_stays() -> None:
    def overwrites(meaning: Meaning) -> bool:
        return overwrites_entry(meaning, read_reference="", entered_reference="", rests_on_named_day=True)

    assert overwrites(Meaning.UNDER_REVIEW)
    assert not overwrites(Meaning.REGISTERED)  # settles the acknowledgement, and leaves the round as it is


def test_more_than_an_hour_ago_is_late() -> None:
    assert resolve_received_at(None, NOW) == (NOW, False)
    assert resolve_received_at(at("2026-10-09T11:00"), NOW) == (at("2026-10-09T11:00"), False)
    assert resolve_received_at(at("2026-10-09T10:59"), NOW) == (at("2026-10-09T10:59"), True)


def test_a_clock_that_is_ahead() -> None:
    assert resolve_received_at(at("2026-10-09T12:30"), NOW) == (NOW, False)
    assert resolve_received_at(at("2027-10-09T12:00"), NOW) == (NOW, True)  # the phone's clock is lost


@pytest.mark.parametrize("meaning", Meaning)
def test_only_what_two_readings_call_an_advertisement_a_bill_or_a_code_wakes_nobody(meaning: Meaning) -> None:
    is_aside = meaning.value in ("marketing", "unrelated", "code")
    assert ends_snooze(meaning, CLEAR) is not is_aside
    assert ends_snooze(meaning, replace(CLEAR, is_agreed=False))
    assert ends_snooze(meaning, replace(CLEAR, is_whole=False))
