"""Letters about many cases: one case that refuses its letter keeps that letter back, and no other."""

from decimal import Decimal
from uuid import UUID

import pytest

from cases.domain.errors import AppealTooEarly, ComplaintRunning, NothingOwed, WrongState
from cases.models import Carrier, Case, Letter, LetterBundle, Receipt, Team, User
from cases.models.choices import EscalationKind
from cases.operations import Complain, ExpectRefund, Verify, Withdraw, perform
from cases.operations.letter_bundles import (
    FinalizeSharedLetter,
    NewLetters,
    SharedLetter,
    escalation_verb,
    finalize_letters,
    forecast_letters,
)
from cases.operations.receipts import NewReceipt
from tests.helpers import CaseDriver, at, make_user, new_case, on

NOW = at("2026-10-16T10:00")
TOKEN = UUID("00000000-0000-4000-8000-000000000001")
COMPLAINT, APPEAL = EscalationKind.COMPLAINT, EscalationKind.APPEAL


@pytest.fixture
def cases(team: Team, manager: User, mobile: Carrier) -> list[Case]:
    return [new_case(team, mobile, manager, number=f"1380000000{n}", submitted="2026-09-30T15:00") for n in range(3)]


def pdf(mark: str) -> NewReceipt:
    return NewReceipt("letter", f"{mark}.pdf", "application/pdf", 9, mark * 64)


def letters(team: Team, *parts: tuple[str, list[Case]], is_sent: bool = True, words: str = "") -> NewLetters:
    shared = [SharedLetter(cases[0].carrier, cases, pdf(mark)) for mark, cases in parts]
    return NewLetters(team, COMPLAINT, shared, is_sent, words)


def kinds(case: Case) -> list[str]:
    return list(case.entries.order_by("sequence").values_list("kind", flat=True))


def test_a_letter_is_final_for_all_its_cases_or_for_none(team: Team, manager: User, cases: list[Case]) -> None:
    first, second, third = cases
    CaseDriver(second, manager).do(Complain(at("2026-10-15T09:00")), "2026-10-15T09:00")
    made = finalize_letters(
        letters(team, ("a", [first, second]), ("b", [third]), words="催办"), by=manager, now=NOW, submit_token=TOKEN
    )
    assert [(case.pk, type(error)) for case, error in made.refused] == [(second.pk, ComplaintRunning)]
    (bundle,) = made.bundles
    assert (bundle.name, bundle.kind, bundle.is_sent, bundle.made_by, bundle.made_at, bundle.team) == (
        "b.pdf", "complaint", True, manager, NOW, team,
    )  # fmt: skip
    assert [kinds(case)[2:] for case in cases] == [[], ["complaint"], ["letter", "complaint"]]
    assert (LetterBundle.objects.count(), Receipt.objects.count()) == (1, 1)
    letter = Letter.objects.get()
    assert (letter.case, letter.bundle, letter.kind, letter.made_by, letter.final_at) == (
        third, bundle, "complaint", manager, NOW,
    )  # fmt: skip
    assert letter.receipt is not None
    assert letter.receipt.sha256 == "b" * 64
    assert third.entries.get(kind="complaint").content.body["words"] == "催办"
    body = third.entries.get(kind="letter").content.body
    assert (body["letter"], body["receipts"]) == ("complaint", [
        {"name": "b.pdf", "sha256": "b" * 64, "size": 9, "kind": "letter", "type": "application/pdf"}
    ])  # fmt: skip


def test_each_case_has_its_own_receipt_and_one_that_is_there_serves_again(
    team: Team, manager: User, cases: list[Case]
) -> None:
    for count, token in ((2, None), (3, None)):
        finalize_letters(letters(team, ("a", cases[:count]), is_sent=False), by=manager, now=NOW, submit_token=token)
    assert {letter.receipt.case_id == letter.case_id for letter in Letter.objects.all() if letter.receipt} == {True}
    assert (Letter.objects.count(), LetterBundle.objects.count(), Receipt.objects.count()) == (5, 2, 3)
    assert [kinds(case)[2:] for case in cases] == [["letter"] * 2, ["letter"] * 2, ["letter"]]


def test_the_same_token_is_the_same_letters_for_its_person_and_team(
    team: Team, other_team: Team, manager: User, mobile: Carrier, cases: list[Case]
) -> None:
    colleague = make_user("zhang.wei@example.com", team)
    new = letters(team, ("a", cases[:1]), is_sent=False)
    bundle = LetterBundle.objects.create(
        team=other_team, carrier=mobile, kind=COMPLAINT, made_by=manager, made_at=NOW, click=TOKEN
    )
    (other,) = finalize_letters(new, by=manager, now=NOW, submit_token=UUID(int=1)).bundles  # another form of theirs
    (first,) = finalize_letters(new, by=manager, now=NOW, submit_token=TOKEN).bundles
    assert len({first.pk, other.pk, bundle.pk}) == 3
    assert finalize_letters(new, by=manager, now=NOW, submit_token=TOKEN).bundles == [first]
    (theirs,) = finalize_letters(new, by=colleague, now=NOW, submit_token=TOKEN).bundles
    assert theirs.pk != first.pk
    assert finalize_letters(new, by=colleague, now=NOW, submit_token=TOKEN).bundles == [theirs]


def test_a_forecast_says_who_refuses_and_leaves_nothing(team: Team, manager: User, cases: list[Case]) -> None:
    first, second, third = cases
    CaseDriver(second, manager).do(Withdraw("x"), "2026-10-15T09:00")
    CaseDriver(third, manager).do(Complain(at("2026-10-15T09:00")), "2026-10-15T09:00")
    cases = [Case.objects.get(pk=case.pk) for case in cases]
    outcome = forecast_letters(cases, COMPLAINT, is_sent=False, by=manager, now=NOW)
    assert ({case.pk for case in outcome.done}, [case.pk for case, _ in outcome.refused]) == (
        {first.pk, third.pk}, [second.pk],
    )  # fmt: skip
    cases = [Case.objects.get(pk=case.pk) for case in cases]
    outcome = forecast_letters(cases, COMPLAINT, is_sent=True, by=manager, now=NOW)
    assert ([case.pk for case in outcome.done], [case.pk for case, _ in outcome.refused]) == (
        [first.pk], [second.pk, third.pk],
    )  # fmt: skip
    assert [model.objects.count() for model in (LetterBundle, Letter, Receipt)] == [0, 0, 0]
    assert [kinds(case)[-1] for case in cases] == ["submitted", "withdrawn", "complaint"]


def test_cancelled_numbers_have_letters_about_money_and_each_case_its_own_entry_and_deadline(
    manager: User, cases: list[Case], team: Team
) -> None:
    drivers = [CaseDriver(case, manager) for case in cases]
    for driver in drivers[1:]:
        driver.do(Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True), "2026-10-12T10:05")
    drivers[1].do(ExpectRefund(Decimal(8), due_on=on("2026-10-15")), "2026-10-12T11:00")
    late, owed, idle = (driver.fresh() for driver in drivers)
    outcome = forecast_letters([late, owed, idle], COMPLAINT, is_sent=False, by=manager, now=NOW)
    assert [case.pk for case in outcome.done] == [late.pk, owed.pk]
    assert [(case.pk, type(error)) for case, error in outcome.refused] == [(idle.pk, NothingOwed)]
    assert finalize_letters(letters(team, ("a", [owed])), by=manager, now=NOW, submit_token=TOKEN).bundles
    assert kinds(owed)[-2:] == ["letter", "complaint"]
    assert owed.escalations.get().answer_by == at("2026-11-03T00:00")  # 10-31 is a Saturday
    # A letter about requests is none for a number that is cancelled, and the other way round.
    bundle = LetterBundle.objects.get()
    for case, about_money in ((late, True), (owed, False)):
        verb = FinalizeSharedLetter(bundle, pdf("c"), about_money)
        ((_, error),) = perform(verb, [case], by=manager, now=NOW).refused
        assert isinstance(error, WrongState)


def test_an_appeal_of_cancelled_numbers_is_about_charges(manager: User, cases: list[Case], team: Team) -> None:
    driver = CaseDriver(cases[0], manager)
    driver.do(Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True), "2026-10-12T10:05")
    driver.do(ExpectRefund(Decimal(8), due_on=on("2026-10-15")), "2026-10-12T11:00")
    driver.do(Complain(at("2026-10-16T11:00")), "2026-10-16T11:00")
    owed, now = driver.fresh(), at("2026-11-03T10:00")
    early = forecast_letters([owed], APPEAL, is_sent=True, by=manager, now=at("2026-10-20T10:00"))
    assert [type(error) for _, error in early.refused] == [AppealTooEarly]
    assert [case.pk for case in forecast_letters([owed], APPEAL, is_sent=True, by=manager, now=now).done] == [owed.pk]
    new = NewLetters(team, APPEAL, [SharedLetter(owed.carrier, [owed], pdf("a"))], is_sent=True)
    assert finalize_letters(new, by=manager, now=now, submit_token=TOKEN).refused == []
    assert (driver.last_entry.kind, driver.last_content["about"]) == ("appeal", "charges")


def test_what_is_recorded_when_a_letter_goes_out() -> None:
    assert (escalation_verb(COMPLAINT, NOW, "x").kind, escalation_verb(APPEAL, NOW, "x").kind) == (
        "complaint", "appeal",
    )  # fmt: skip
    assert [escalation_verb(kind, NOW, "催").words for kind in (COMPLAINT, APPEAL)] == ["催", "催"]  # type: ignore[attr-defined]
