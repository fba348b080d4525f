"""Refunds that an imported table names: taken over with the case, shown before, and undone with it."""

from collections.abc import Callable

import pytest
from django.utils.translation import override

from cases.models import CardImport, Case, Refund, User
from cases.operations.card_import_undo import take_back
from cases.operations.integrity import check_integrity
from tests.helpers import at
from tests.operations.importing import plans

TITLES = "号码,运营商,注销状态,注销日期,应退余额,退款状态,预计到账日期,退款到账日"
Bring = Callable[..., CardImport]


def rows() -> list[tuple[str, str | None, str, str, str, str | None]]:
    return [
        (
            refund.case.card.number[-2:],
            refund.amount and str(refund.amount),
            refund.due_on.isoformat(),
            refund.due_basis,
            str(refund.received),
            refund.closed_on and refund.closed_on.isoformat(),
        )
        for refund in Refund.objects.select_related("case__card").order_by("case__card__number")
    ]  # type: ignore[misc]


def kinds(case: Case) -> list[str]:
    return [entry.kind for entry in case.entries.order_by("sequence")]


def test_a_refund_is_taken_over_with_the_case(bring: Bring) -> None:
    """It is 2026-10-16; 15 working days after 2026-10-12 end on 11-02."""
    bring(
        "13800138001,移动,已注销,2026-10-12,36.5,待退,,",
        "13800138002,移动,已注销,2026-10-12,8,,2026-11-20,",
        "13800138003,移动,已注销,2026-10-12,12,已到账,,2026-10-15",
        "13800138004,移动,已注销,2026-10-12,,退款中,,",
        "13800138005,移动,已注销,2026-10-12,0,,,",
        "13800138006,移动,已注销,2026-10-12,7,已退,,",
        titles=TITLES,
    )
    assert rows() == [
        ("01", "36.50", "2026-11-02", "working_days", "0.00", None),
        ("02", "8.00", "2026-11-20", "carrier_word", "0.00", None),
        ("03", "12.00", "2026-11-02", "working_days", "12.00", "2026-10-15"),
        ("04", None, "2026-11-02", "working_days", "0.00", None),
        ("06", "7.00", "2026-11-02", "working_days", "7.00", "2026-10-16"),
    ]
    by_number = {case.card.number[-1]: case for case in Case.objects.select_related("card")}
    assert kinds(by_number["1"]) == ["logged", "taken_over", "refund_expected"]
    assert kinds(by_number["3"]) == ["logged", "taken_over", "refund_expected", "refund_received"]
    assert kinds(by_number["5"]) == ["logged", "taken_over"]
    assert str(by_number["1"].refund_due_on) == "2026-11-02"
    for case in by_number.values():
        assert check_integrity(case).flaws == []


def test_days_that_cannot_be_are_named_and_the_refund_stays(bring: Bring, manager: User) -> None:
    made = bring(
        "13800138001,移动,已注销,2026-10-12,36.5,,2026-10-01,",
        "13800138002,移动,已注销,2026-10-12,36.5,,2099-01-01,",
        titles=TITLES,
        run=False,
    )
    warnings = [[str(message) for message in plan.warnings] for plan in plans(made, manager)]
    assert warnings == [
        ["2026-10-01 cannot be the day of the refund, and was not taken."],
        ["2099-01-01 cannot be the day of the refund, and was not taken."],
    ]


def test_money_that_came_before_the_request_counts_as_of_now(bring: Bring) -> None:
    bring(
        "13800138001,移动,已注销,2026-10-12,2026-10-09,36.5,2026-10-02",
        titles="号码,运营商,注销状态,注销日期,提交日期,应退余额,退款到账日",
    )
    assert [(row[4], row[5]) for row in rows()] == [("36.50", "2026-10-16")]


def test_a_case_that_is_there_keeps_what_a_person_said(bring: Bring) -> None:
    bring("13800138001,移动,已注销,2026-10-12,36.5,,,", titles=TITLES)
    bring("13800138001,移动,已注销,2026-10-12,99,已到账,,2026-10-15", titles=TITLES)
    assert rows() == [("01", "36.50", "2026-11-02", "working_days", "0.00", None)]


def test_an_import_is_taken_back_with_its_refunds(bring: Bring, manager: User) -> None:
    made = bring(
        "13800138001,移动,已注销,2026-10-12,36.5,,,",
        "13800138002,移动,已注销,2026-10-12,12,已到账,,2026-10-15",
        titles=TITLES,
    )
    with override("en"):
        outcome = take_back(made, by=manager, now=at("2026-10-16T11:00"))
    assert (outcome.done, outcome.left) == (2, [])
    assert [case.status for case in Case.objects.all()] == ["withdrawn", "withdrawn"]


def test_rows_without_these_columns_have_none(bring: Bring) -> None:
    bring("13800138001,移动,已注销,2026-10-12", titles="号码,运营商,注销状态,注销日期")
    assert rows() == []


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ("36.5,,2026-11-20,", "refund expected: 36.50 yuan (due Fri 20 Nov)"),
        ("12,已到账,,2026-10-15", "refund received: 12.00 yuan (Thu 15 Oct)"),
        (",待退,,", "refund expected: amount not known"),
    ],
)
def test_the_preview_shows_it(bring: Bring, manager: User, cells: str, text: str) -> None:
    from cases.web.import_cells import case_text

    made = bring(f"13800138001,移动,已注销,2026-10-12,{cells}", titles=TITLES, run=False)
    (plan,) = plans(made, manager)
    assert plan.case is not None
    with override("en"):
        assert case_text(plan.case).endswith(f" · {text}")


def test_a_part_that_came_leaves_the_rest_open(bring: Bring, manager: User) -> None:
    from cases.web.import_cells import case_text

    titles = "号码,运营商,注销状态,注销日期,应退余额,实退金额,到账日期,预计到账日期"
    made = bring("13800138001,移动,已注销,2026-10-12,320,200,2026-10-15,2026-11-20", titles=titles)
    assert rows() == [("01", "320.00", "2026-11-20", "carrier_word", "200.00", None)]
    (case,) = Case.objects.all()
    assert (kinds(case)[2:], str(case.refund_due_on)) == (["refund_expected", "refund_received"], "2026-11-20")
    assert check_integrity(case).flaws == []
    (plan,) = plans(made, manager)
    assert plan.case is not None
    with override("en"):
        assert case_text(plan.case).endswith(" · refund received: 200.00 yuan of 320.00 yuan (Thu 15 Oct)")
