"""Who may undo, void, amend and move what, and until when (domain.md, 'Corrections')."""

from typing import Any

import pytest

from cases.domain.corrections import (
    CLOSING_KINDS,
    MOVABLE_KINDS,
    AfterRecording,
    ContentErased,
    CorrectableEntry,
    Correction,
    CorrectionNeedsManager,
    EntryFixed,
    FirstEntryFixed,
    NothingAmendable,
    NothingAmended,
    UndoneByOthers,
    UndoTooLate,
    amendable_parts,
    check_amendment,
    check_may_correct,
    check_may_undo,
    check_voidable,
    fold_corrections,
    offers,
)
from cases.domain.errors import CaseError
from tests.moments import at

WANG, LI = 7, 8


def entry(
    kind: str = "under_review", *, by: int | None = WANG, recorded: str = "2026-10-16T10:00", **content: Any
) -> Any:
    return CorrectableEntry(4, kind, kind, by, at(recorded), content)


def refusal(call: Any, *args: Any, **options: Any) -> type[CaseError] | None:
    try:
        call(*args, **options)
    except CaseError as error:
        return type(error)
    return None


@pytest.mark.parametrize(
    ("actor", "is_manager", "now", "refused"),
    [
        (WANG, False, "2026-10-16T10:01", None),
        (WANG, False, "2026-10-16T23:59", None),  # their own, of today
        (WANG, False, "2026-10-17T00:00", CorrectionNeedsManager),  # of yesterday, in Shanghai
        (LI, False, "2026-10-16T10:01", CorrectionNeedsManager),  # another's
        (LI, True, "2026-10-16T10:01", None),
        (LI, True, "2027-03-01T09:00", None),
        (None, False, "2026-10-16T10:01", CorrectionNeedsManager),
    ],
)
def test_an_agent_corrects_their_own_of_today_a_manager_any(
    actor: int | None, is_manager: bool, now: str, refused: type[CaseError] | None
) -> None:
    found = refusal(check_may_correct, entry(), actor_id=actor, is_manager=is_manager, now=at(now))
    assert found is refused


def test_the_day_is_that_of_shanghai() -> None:
    late = entry(recorded="2026-10-16T00:30")  # 16:30 of the day before in UTC
    assert refusal(check_may_correct, late, actor_id=WANG, is_manager=False, now=at("2026-10-16T23:30")) is None


def test_what_the_product_recorded_is_nobodys_own() -> None:
    assert (
        refusal(check_may_correct, entry(by=None), actor_id=None, is_manager=False, now=at("2026-10-16T10:01"))
        is CorrectionNeedsManager
    )


@pytest.mark.parametrize(
    ("actor", "now", "refused"),
    [
        (WANG, "2026-10-16T10:00", None),
        (WANG, "2026-10-16T10:10", None),
        (WANG, "2026-10-16T10:11", UndoTooLate),
        (LI, "2026-10-16T10:01", UndoneByOthers),
        (None, "2026-10-16T10:01", UndoneByOthers),
    ],
)
def test_a_step_can_be_undone_for_ten_minutes_by_whoever_did_it(
    actor: int | None, now: str, refused: type[CaseError] | None
) -> None:
    assert refusal(check_may_undo, entry(), actor_id=actor, now=at(now)) is refused


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        ("logged", FirstEntryFixed),
        ("erased", EntryFixed),
        ("state", EntryFixed),
        ("voided", EntryFixed),
        ("amended", EntryFixed),
        ("recalculated", EntryFixed),
        ("number_corrected", EntryFixed),
        ("card_changed", EntryFixed),
        ("submitted", None),
        ("promised", None),
        ("confirmed", None),
        ("withdrawn", None),
        ("charge", None),
        ("letter", None),
        ("message", None),
    ],
)
def test_what_is_never_voided(kind: str, refused: type[CaseError] | None) -> None:
    assert refusal(check_voidable, entry(kind)) is refused


def test_an_erased_entry_is_not_voided() -> None:
    erased = CorrectableEntry(4, "promised", "promised", WANG, at("2026-10-16T10:00"), None)
    assert refusal(check_voidable, erased) is ContentErased
    assert amendable_parts(erased) == ()


@pytest.mark.parametrize(
    ("kind", "content", "parts"),
    [
        ("logged", {}, "reason channel words"),
        ("submitted", {}, "at reference words"),
        ("promised", {}, "at promised_on reference words"),
        ("promised", {"sender": "10086"}, "promised_on reference"),  # an SMS has its moment and words from the carrier
        ("takes_effect", {}, "at effective_on reference words"),
        ("returned", {}, "at reason reference words"),
        ("follow_up", {}, "at reference words"),
        ("verified", {}, "at words"),
        ("confirmed", {"finding": "cancelled"}, "at words"),
        ("confirmed", {}, "words"),  # its moment is that of the check
        ("handed_over", {}, "words"),
        ("message", {"sender": "10086"}, ""),
        ("voided", {}, ""),
        ("state", {}, ""),
    ],
)
def test_which_parts_can_be_amended(kind: str, content: dict[str, Any], parts: str) -> None:
    assert amendable_parts(entry(kind, **content)) == tuple(parts.split())


def test_only_what_changes_is_amended() -> None:
    promised = entry("promised", at="2026-10-16T09:30:20+08:00", promised_on="2026-10-20", words="月底", reference="")
    changes = {"at": "2026-10-16T09:30:00+08:00", "promised_on": "2026-10-21", "words": "月底", "reference": ""}
    assert check_amendment(promised, changes) == {"promised_on": "2026-10-21"}


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"words": "月底"}, NothingAmended),
        ({}, NothingAmended),
        ({"words": ""}, None),
        ({"promised_on": ""}, NothingAmendable),
        ({"reason": "papers"}, NothingAmendable),  # a promise has none
        ({"at": "2026-10-16T10:00:00+08:00"}, None),
        ({"at": "2026-10-16T10:01:00+08:00"}, AfterRecording),
    ],
)
def test_what_is_no_amendment(changes: dict[str, str], refused: type[CaseError] | None) -> None:
    promised = entry("promised", at="2026-10-16T09:30:00+08:00", promised_on="2026-10-20", words="月底")
    assert refusal(check_amendment, promised, changes) is refused


def test_the_last_amendment_of_a_part_counts() -> None:
    record = fold_corrections(
        [
            Correction(4, {"words": "甲", "at": "2026-10-16T09:00:00+08:00"}),
            Correction(3, None),
            Correction(4, {"words": "乙"}),
        ]
    )
    assert record.voided == {3}
    assert record.changes == {4: {"words": "乙", "at": "2026-10-16T09:00:00+08:00"}}


@pytest.mark.parametrize(
    ("kind", "actor", "is_manager", "now", "offered"),
    [
        ("promised", WANG, False, "2026-10-16T10:05", "undo amend void move"),
        ("promised", WANG, False, "2026-10-16T10:11", "amend void move"),
        ("promised", LI, True, "2026-10-18T10:00", "amend void move"),
        ("promised", LI, False, "2026-10-16T10:05", ""),
        ("confirmed", LI, True, "2026-10-18T10:00", "amend void"),
        ("logged", WANG, False, "2026-10-16T10:05", "amend"),
        ("voided", WANG, True, "2026-10-16T10:05", ""),
    ],
)
def test_what_a_page_offers(kind: str, actor: int, is_manager: bool, now: str, offered: str) -> None:
    assert offers(entry(kind), actor_id=actor, is_manager=is_manager, now=at(now)) == offered.split()


#: Kinds of entries by what of them can be amended.
AMENDABLE = {
    ("reason", "channel", "words"): ["logged"],
    ("reference", "words"): ["taken_over"],
    ("at", "reference", "words"): [
        "submitted", "resubmitted", "acknowledged", "under_review", "reported_done", "follow_up", "complaint", "appeal",
    ],
    ("at", "promised_on", "reference", "words"): ["promised"],
    ("at", "effective_on", "reference", "words"): ["takes_effect"],
    ("at", "reason", "reference", "words"): ["returned"],
    ("at", "words"): [
        "complaint_answered", "appeal_decided", "appeal_answered", "verified", "submission_corrected", "bill",
    ],
    ("words",): [
        "reopened", "withdrawn", "snoozed", "handed_over", "checklist", "receipt", "charge", "refund", "kept",
        "confirmed",  # it has the moment of its check
    ],
    (): ["voided", "amended", "erased", "recalculated", "letter", "state", "message", "card_changed"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "parts"), [(kind, parts) for parts, kinds in AMENDABLE.items() for kind in kinds], ids=str
)
def test_what_can_be_amended_of_each_kind(kind: str, parts: tuple[str, ...]) -> None:
    assert amendable_parts(entry(kind)) == parts


def test_of_a_confirmation_with_its_own_check_the_moment_too() -> None:
    assert amendable_parts(entry("confirmed", finding="cancelled")) == ("at", "words")


def test_of_an_sms_neither_moment_nor_words() -> None:
    assert amendable_parts(entry("under_review", sender="10086")) == ("reference",)


def test_which_kinds_can_be_moved_and_which_close_a_case() -> None:
    assert set(MOVABLE_KINDS) == {
        "acknowledged", "under_review", "promised", "takes_effect", "returned", "reported_done", "follow_up",
        "receipt", "message",
    }  # fmt: skip
    assert set(CLOSING_KINDS) == {"confirmed", "withdrawn"}
