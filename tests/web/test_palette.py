"""The command palette: what it finds, for whom, and how often one may ask."""

import json
from collections.abc import Callable

import pytest

from cases import operations as ops
from cases.models import Card, Carrier, Team, User
from tests.helpers import new_case
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make


def found(person: Person, text: str) -> dict[str, list[tuple[str, str]]]:
    """Labels and addresses by the title of their kind."""
    answer = json.loads(person.post("/palette/", q=text).response.content)
    return {group["title"]: [(row["label"], row["url"]) for row in group["rows"]] for group in answer["groups"]}


@pytest.fixture(autouse=True)
def bystander(other_team: Team, stranger: User, mobile: Carrier) -> None:
    """A case of another team, whose names are like ours."""
    new_case(other_team, mobile, stranger, number="13911110005", submitted="2026-09-30T15:00")
    Card.objects.filter(number="13911110005").update(user="王小明", department="电销一部")


def test_pages_and_actions_in_either_language(me: Person) -> None:
    assert found(me, "statis") == {"Pages": [("Statistics", "/statistics/")]}
    assert found(me, "统计") == {"Pages": [("Statistics", "/statistics/")]}
    assert found(me, "log a") == {"Actions": [("Log a cancellation", "/cases/new/"), ("Log a batch", "/batches/new/")]}
    assert found(me, "账单") == {"Actions": [("Compare a bill", "/bills/new/")], "Pages": [("Bills", "/bills/")]}
    assert found(me, "报表") == {"Pages": [("Monthly statement", "/statistics/month/")]}
    assert list(found(me, "")) == ["Actions", "Pages"]


def test_cases_cards_and_people_with_numbers_masked(me: Person, new_driver: Make) -> None:
    case = scenarios.overdue(new_driver).case
    Card.objects.filter(pk=case.card_id).update(user="王小明")
    for typed in ("13800000005", "0005", case.reference):
        assert found(me, typed)["Cases"] == [("138****0005 · China Mobile", f"/cases/{case.reference}/")], typed
    by_name = found(me, "王小")
    assert by_name["Cases"] == [("138****0005 · China Mobile", f"/cases/{case.reference}/")]
    assert by_name["Cards"] == [("138****0005 · China Mobile", f"/cards/{case.card_id}/")]
    assert by_name["People"] == [("王小明", "/cases/?user=%E7%8E%8B%E5%B0%8F%E6%98%8E")]


def test_a_members_cases_are_found_by_their_name(me: Person, new_driver: Make, manager: User) -> None:
    scenarios.overdue(new_driver).do(ops.HandOver(manager), "2026-10-16T09:00")
    scenarios.waiting(new_driver)
    assert found(me, "Li Na")["People"] == [("Li Na", f"/cases/?handler={manager.pk}")]
    assert [label for label, _url in found(me, "Li Na")["Cases"]] == ["138****0005 · China Mobile"]


def test_another_teams_things_are_not_there(me: Person, outsider: Person) -> None:
    assert found(me, "13911110005") == {}
    assert found(me, "王小明") == {}
    assert "Cases" in found(outsider, "王小明")


def test_who_may_only_read_is_offered_no_work(viewer: User, sign_in: Callable[[User], Person]) -> None:
    reader = sign_in(viewer)
    assert "Log a cancellation" not in [label for label, _url in found(reader, "")["Actions"]]
    assert [label for label, _url in found(reader, "")["Actions"]] == [
        "Export cases",
        "Export cards",
        "Export a dossier of several cases",
    ]


def test_a_full_number_as_a_name_is_masked(me: Person, new_driver: Make) -> None:
    case = scenarios.overdue(new_driver).case
    Card.objects.filter(pk=case.card_id).update(user="王小明 13912345678")
    answer = me.post("/palette/", q="王小").response.content.decode()
    assert "139****5678" in answer
    assert "13912345678" not in answer


def test_it_is_limited(me: Person, settings: object) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "palette": (2, 60)}  # type: ignore[attr-defined]
    assert [me.post("/palette/", q="x").status for _ in range(3)] == [200, 200, 429]
    assert "Too many requests" in json.loads(me.post("/palette/", q="x").response.content)["error"]


def test_whatever_is_typed_is_answered(me: Person) -> None:
    for text in ("\0", "%", "'" * 100, "١٢٣", "😀", "x" * 500):
        assert me.post("/palette/", q=text).status == 200
