"""The checklist before a request: the source article's first step, and its advice."""

from cases.domain.checklist import BY_CODE, ITEMS, Group, missing

REQUIRED = ["identity", "card", "account", "arrears", "contract", "contacts", "bindings"]


def test_the_items_and_which_of_them_are_required() -> None:
    assert {item.code: item.required for item in ITEMS} == {
        "identity": True,
        "card": True,
        "account": True,
        "company_papers": False,
        "arrears": True,
        "contract": True,
        "contacts": True,
        "bindings": True,
        "balance": False,
        "alternatives": False,
    }
    assert len(BY_CODE) == len(ITEMS) == 10


def test_every_item_says_what_it_is_and_why_in_a_group() -> None:
    assert all(item.label and item.help for item in ITEMS)
    assert {item.group for item in ITEMS} == set(Group)


def test_nothing_settled_everything_required_is_missing() -> None:
    assert missing(set()) == REQUIRED


def test_what_is_settled_is_not_missing_and_the_optional_never_is() -> None:
    assert missing({"identity", "arrears", "balance"}) == ["card", "account", "contract", "contacts", "bindings"]
    assert missing(set(REQUIRED)) == []


def test_a_code_that_nobody_knows_settles_nothing() -> None:
    assert missing({"nonsense"}) == REQUIRED
