"""The checklist before a request: the source article's first step, and its advice."""

import pytest

from cases.domain.checklist import ITEMS, ITEMS_BY_CODE, ItemGroup, ItemMark, build_checklist, is_company, missing_codes
from tests.moments import at

EVERYBODY = ["identity", "card", "account", "arrears", "contract", "contacts", "bindings"]
COMPANY = ["licence", "seal", "authority", "handler"]
EARLY = at("2026-09-30 10:00")


def lacking(
    settled: list[str], *, company: bool = False, virtual: bool = False, returned_for: str = "", returned: str = ""
) -> list[str]:
    marks = {code: ItemMark("done", EARLY) for code in settled}
    since = at(returned) if returned else None
    return missing_codes(
        build_checklist(marks, company=company, virtual=virtual, returned_for=returned_for, returned_at=since)
    )


def test_the_items_and_for_whom_they_are_required() -> None:
    assert {item.code: item.audience.value if item.audience else item.required for item in ITEMS} == {
        "identity": True,
        "card": True,
        "iccid": "virtual",
        "account": True,
        "licence": "company",
        "seal": "company",
        "authority": "company",
        "handler": "company",
        "arrears": True,
        "contract": True,
        "contacts": True,
        "bindings": True,
        "balance": False,
        "alternatives": False,
    }
    assert len(ITEMS_BY_CODE) == len(ITEMS) == 14


def test_every_item_says_what_it_is_and_why_in_a_group() -> None:
    assert all(item.label and item.help for item in ITEMS)
    assert {item.group for item in ITEMS} == set(ItemGroup)


def test_a_forgotten_password_is_spoken_of_where_the_account_is_asked_for() -> None:
    assert "Never enter the password here. If you have forgotten it" in ITEMS_BY_CODE["account"].help


def test_nothing_settled_everything_required_is_missing() -> None:
    assert lacking([]) == EVERYBODY
    assert lacking([], company=True) == ["identity", "card", "account", *COMPANY, *EVERYBODY[3:]]
    assert lacking([], virtual=True) == ["identity", "card", "iccid", "account", *EVERYBODY[3:]]


def test_what_is_settled_is_not_missing_and_the_optional_never_is() -> None:
    assert lacking(["identity", "arrears", "balance"]) == ["card", "account", "contract", "contacts", "bindings"]
    assert lacking(EVERYBODY) == []
    assert lacking(EVERYBODY, company=True) == COMPANY


def test_a_code_that_nobody_knows_settles_nothing() -> None:
    assert lacking(["nonsense"]) == EVERYBODY


def test_what_is_for_others_only_is_left_out_unless_it_was_marked() -> None:
    rows = [line.item.code for line in build_checklist({}, company=False, virtual=False)]
    assert "iccid" not in rows
    assert set(COMPANY) <= set(rows)  # nobody said who holds the card
    marked = build_checklist({"iccid": ItemMark("done", EARLY)}, company=False, virtual=False)
    assert [(line.state, line.required) for line in marked if line.item.code == "iccid"] == [("done", False)]


@pytest.mark.parametrize(
    ("returned_for", "doubted"), [("arrears", ["arrears"]), ("contract", ["contract"]), ("special", ["contract"])]
)
def test_a_return_puts_in_doubt_what_it_names_until_it_is_settled_after_it(
    returned_for: str, doubted: list[str]
) -> None:
    assert lacking(EVERYBODY, returned_for=returned_for, returned="2026-10-09 10:00") == doubted
    assert lacking(EVERYBODY, returned_for=returned_for, returned="2026-09-30 09:59") == []


@pytest.mark.parametrize("returned_for", ["papers", "home", "other", ""])
def test_other_returns_leave_the_checklist_as_it_is(returned_for: str) -> None:
    assert lacking(EVERYBODY, returned_for=returned_for, returned="2026-10-09 10:00") == []


@pytest.mark.parametrize(
    ("holder", "company"),
    [
        ("北京某某科技有限公司", True),
        ("某某集团", True),
        ("某某便利店 ", True),
        ("某某(上海)律师事务所", True),
        ("某某公司(分公司)", True),
        ("Example Trading Co., Ltd.", True),
        ("Example Inc", True),
        ("王某某", False),
        ("Vincent", False),
        ("", False),
    ],
)
def test_companies_are_told_by_how_their_names_end(holder: str, company: bool) -> None:
    assert is_company(holder) is company
