"""What a person decides about a reading by what they record."""

import pytest

from cases.domain.message_decisions import Decision, RecordedReply, decide
from cases.domain.message_meaning import Meaning

RIGHT, CORRECTED = Decision.RIGHT, Decision.CORRECTED


@pytest.mark.parametrize(
    ("meaning", "proposed", "recorded", "expected"),
    [
        (Meaning.DONE, ("reported_done",), ("reported_done",), (RIGHT, Meaning.DONE)),
        (Meaning.DONE, ("reported_done",), ("promised",), (CORRECTED, Meaning.PROMISED)),
        (Meaning.DONE, ("reported_done",), ("takes_effect",), (CORRECTED, Meaning.PRECANCELLED)),
        (Meaning.REGISTERED, ("acknowledged",), ("under_review",), (CORRECTED, Meaning.UNDER_REVIEW)),
        # Whatever reason its words led to: as proposed is as read.
        (Meaning.REFUSED, ("returned", "papers"), ("returned", "papers"), (RIGHT, Meaning.REFUSED)),
        (Meaning.REFUSED, ("returned", "arrears"), ("returned", "contract"), (RIGHT, Meaning.REFUSED)),
        (Meaning.REFUSED, ("returned", "arrears"), ("returned", "papers"), (CORRECTED, Meaning.MORE_PAPERS)),
        (Meaning.MORE_PAPERS, ("returned", "papers"), ("returned", "arrears"), (CORRECTED, Meaning.REFUSED)),
        # Nobody can confirm that it is unclear by saying what it says.
        (Meaning.AMBIGUOUS, ("",), ("reported_done",), (CORRECTED, Meaning.DONE)),
        (Meaning.AMBIGUOUS, ("",), ("",), (CORRECTED, Meaning.UNRELATED)),
        # 'None of these'.
        (Meaning.MARKETING, ("",), ("",), (RIGHT, Meaning.MARKETING)),
        (Meaning.MARKETING, ("",), ("promised",), (CORRECTED, Meaning.PROMISED)),
        (Meaning.DONE, ("reported_done",), ("",), (CORRECTED, Meaning.UNRELATED)),
    ],
)
def test_what_is_decided(
    meaning: Meaning, proposed: tuple[str, ...], recorded: tuple[str, ...], expected: tuple[Decision, Meaning]
) -> None:
    assert decide(meaning, RecordedReply(*proposed), RecordedReply(*recorded), could_reply=True) == expected


def test_where_no_reply_was_possible_nothing_is_decided() -> None:
    proposed = RecordedReply("reported_done")
    assert decide(Meaning.DONE, proposed, RecordedReply(""), could_reply=False) == (None, None)


def test_without_a_reading_nothing_is_decided() -> None:
    assert decide(None, RecordedReply(""), RecordedReply("reported_done"), could_reply=True) == (None, None)
