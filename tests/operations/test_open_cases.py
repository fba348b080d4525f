"""Many cases opened by one act: as one by one, in few statements; twice the same token; somebody quicker."""

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from cases.domain.errors import CaseError
from cases.models import Card, Carrier, Case, ChecklistMark, Team, TimelineEntry, User
from cases.operations import CardFacts, Submit, Withdraw, cards, perform_one
from cases.operations.cards import NewCard
from cases.operations.integrity import first_chain_flaw
from cases.operations.open_cases import NewCase, open_cases
from tests.helpers import at, make_user, new_case

NOW = at("2026-10-16T10:00")
CLICK = UUID("11111111-1111-4111-8111-111111111111")


@pytest.fixture
def asked(mobile: Carrier) -> Any:
    def made(number: str, **more: Any) -> NewCase:
        return NewCase(number, mobile, "cost", "hotline", **more)

    return made


def said(told: list[Any]) -> list[str]:
    return [one.code if isinstance(one, CaseError) else one.card.number for one in told]


def test_each_is_a_case_or_told_why_not(
    team: Team, manager: User, viewer_of: User, mobile: Carrier, asked: Any
) -> None:
    taken = new_case(team, mobile, manager, number="13800000001")
    told = open_cases(
        team,
        [
            asked("13800000002", facts=CardFacts(holder="王小明"), words="x", ready=("card",), handler=manager),
            asked("13800000001"),
            asked("13800000003", submit=Submit(at("2026-10-15T16:00"), "SL-1")),
            asked("13800000004", submit=Submit(at("2026-10-16T10:03"))),
            asked("13800000003"),
            asked("13800000005", handler=viewer_of),
            asked("13800000004"),
        ],
        by=manager,
        now=NOW,
    )
    assert said(told) == [
        "13800000002", "open_case_exists", "13800000003", "in_the_future", "open_case_exists", "not_a_member",
        "13800000004",
    ]  # fmt: skip
    assert told[1].params["reference"] == taken.reference
    assert told[4].params["reference"] == told[2].reference
    first, second = Case.objects.get(pk=told[0].pk), Case.objects.get(pk=told[2].pk)
    assert (first.status, first.handler, first.card.holder) == ("draft", manager, "王小明")
    assert (second.status, second.carrier_reference) == ("submitted", "SL-1")
    assert f"{second.reply_by:%Y-%m-%d %H:%M}" == "2026-10-22 16:00"  # 24:00 in Shanghai
    assert list(ChecklistMark.objects.values_list("case", "code")) == [(first.pk, "card")]
    kinds = TimelineEntry.objects.filter(case=second).values_list("kind", flat=True)
    assert list(kinds) == ["logged", "submitted"]
    assert [first_chain_flaw(case) for case in (first, second)] == [None, None]
    assert not Card.objects.filter(number="13800000005").exists()


@pytest.fixture
def viewer_of(team: Team) -> User:
    return make_user("viewer@example.com", team, "viewer")


def test_what_is_known_of_a_card_stays(team: Team, manager: User, unicom: Carrier, asked: Any) -> None:
    Card.objects.create(team=team, number="13800000002", carrier=unicom, holder="王小明", plan="8元")
    open_cases(team, [asked("13800000002", facts=CardFacts(plan="19元"))], by=manager, now=NOW)
    card = Card.objects.get()
    assert (card.carrier.slug, card.holder, card.plan) == ("china-mobile", "王小明", "19元")


def test_in_a_fixed_number_of_statements(team: Team, manager: User, asked: Any) -> None:
    def statements(numbers: range) -> int:
        submit = Submit(at("2026-10-15T16:00"))
        requests = [asked(str(13700000000 + n), submit=submit, ready=("card", "identity")) for n in numbers]
        with CaptureQueriesContext(connection) as run:
            open_cases(team, requests, by=manager, now=NOW, submit_token=CLICK)
        return len(run)

    assert statements(range(2)) <= 46
    assert statements(range(100, 150)) <= 46


def test_the_same_click_gives_the_same_cases(team: Team, manager: User, asked: Any) -> None:
    requests = [asked("13800000002"), asked("13800000003"), asked("13800000002")]
    first = open_cases(team, requests, by=manager, now=NOW, submit_token=CLICK)
    again = open_cases(team, requests, by=manager, now=NOW, submit_token=CLICK)
    assert [getattr(one, "pk", one.__class__) for one in again] == [getattr(one, "pk", one.__class__) for one in first]
    assert said(again) == ["13800000002", "13800000003", "open_case_exists"]
    assert Case.objects.count() == 2


def test_somebody_quicker_takes_one_alone(
    team: Team, manager: User, asked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = cards.register_cards

    def beaten(team: Team, new_cards: list[NewCase], **more: Any) -> Any:
        if len(new_cards) > 1:
            raise IntegrityError
        return plain(team, new_cards, **more)

    requests = [asked("13800000002"), asked("13800000003", submit=Submit(at("2026-10-16T10:03"))), asked("13800000004")]
    with monkeypatch.context() as patched:
        patched.setattr("cases.operations.open_cases.register_cards", beaten)
        told = open_cases(team, requests, by=manager, now=NOW, submit_token=CLICK)
    assert said(told) == ["13800000002", "in_the_future", "13800000004"]
    assert not Card.objects.filter(number="13800000003").exists()
    again = open_cases(team, requests, by=manager, now=NOW, submit_token=CLICK)
    assert said(again) == ["13800000002", "in_the_future", "13800000004"]
    assert Case.objects.count() == 2


def test_a_number_that_comes_twice_has_one_case_in_every_chunk_and_every_try(
    team: Team, manager: User, asked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.operations.open_cases.CHUNK", 2)
    requests = [asked("13800000002"), asked("13800000002"), asked("13800000003"), asked("13800000002")]
    expected = ["13800000002", "open_case_exists", "13800000003", "open_case_exists"]
    first = open_cases(team, requests, by=manager, now=NOW, submit_token=CLICK)
    assert said(first) == expected
    assert isinstance(first[0], Case)
    perform_one(Withdraw(), first[0], by=manager, now=NOW)
    assert said(open_cases(team, requests, by=manager, now=NOW, submit_token=CLICK)) == expected
    assert Case.objects.count() == 2


def test_cards_are_registered_together_and_only_what_is_known_changes(
    team: Team, other_team: Team, mobile: Carrier, unicom: Carrier, manager: User
) -> None:
    Card.objects.create(team=team, number="13800000002", carrier=unicom, holder="王小明", plan="8元")
    Card.objects.create(team=other_team, number="13800000003", carrier=unicom)
    new_cards = [
        NewCard("+86 138-0000-0002", mobile, facts=CardFacts(plan="19元")),
        NewCard("13800000003", mobile, facts=CardFacts(holder="李四")),
    ]
    registered = cards.register_cards(team, new_cards, by=manager, now=NOW)
    assert {number: (c.carrier, c.holder, c.plan) for number, c in registered.items()} == {
        "13800000002": (mobile, "王小明", "19元"),
        "13800000003": (mobile, "李四", ""),
    }
    assert set(Card.objects.filter(team=team).values_list("number", "carrier__slug", "holder", "plan")) == {
        ("13800000002", "china-mobile", "王小明", "19元"),
        ("13800000003", "china-mobile", "李四", ""),
    }
    assert Card.objects.get(team=team, number="13800000003").created_at == NOW
    assert Card.objects.get(team=other_team).carrier == unicom
