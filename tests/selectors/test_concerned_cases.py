"""Which open cases of a team a text may concern, by any writing of a number or a reference, however many it names."""

import pytest

from cases.inbox.concern import Concern, _concern, _Mentions
from cases.models import Carrier, Case, Forwarder, Team, User
from cases.operations import Complain, Withdraw
from cases.operations.batches import NewBatch, submit_batch
from cases.selectors import concerned_cases
from cases.selectors.concerned_cases import (
    cards_ending_like,
    open_cases_at,
    open_cases_by_reference,
    open_cases_of_cards,
)
from tests.helpers import CaseDriver, at, new_case

pytestmark = pytest.mark.django_db
SUBMITTED = "2026-09-30T15:00"


@pytest.fixture(params=[400, 2])
def _chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many are looked up in one statement."""
    monkeypatch.setattr(concerned_cases, "_CHUNK", request.param)


@pytest.fixture
def cases(team: Team, other_team: Team, manager: User, stranger: User, mobile: Carrier) -> list[Case]:
    """Three open ones; one that is withdrawn, and one of another team with the number and reference of the first."""
    numbers = ["13800138001", "13900138001", "13800138002"]
    made = [
        new_case(team, mobile, manager, number=number, submitted=SUBMITTED, reference=f"SL-10/{place}")
        for place, number in enumerate(numbers)
    ]
    closed = new_case(team, mobile, manager, number="13800138003", submitted=SUBMITTED, reference="SL-10/3")
    CaseDriver(closed, manager).do(Withdraw("x"), "2026-10-09T10:00")
    theirs = new_case(other_team, mobile, stranger, number="13800138001", submitted=SUBMITTED, reference="SL-10/0")
    return [*made, closed, theirs]


@pytest.mark.usefixtures("_chunk")
def test_cards_by_the_ends_of_their_numbers(team: Team, cases: list[Case]) -> None:
    """Closed cases' cards are cards, too; ends of one digit are too short, and a fifth would be none."""
    keys = {case.card.number: case.card_id for case in cases[:4]}
    assert cards_ending_like(team, ["8001", "8002", "8003", "9999", "01", "002", "1", "38001"]) == {
        "8001": {"13800138001": keys["13800138001"], "13900138001": keys["13900138001"]},
        "8002": {"13800138002": keys["13800138002"]},
        "8003": {"13800138003": keys["13800138003"]},
        "01": {"13800138001": keys["13800138001"], "13900138001": keys["13900138001"]},
        "002": {"13800138002": keys["13800138002"]},
    }


@pytest.mark.usefixtures("_chunk")
def test_the_open_cases_of_cards(team: Team, cases: list[Case]) -> None:
    found = open_cases_of_cards(team, [case.card_id for case in cases for _ in range(2)])
    assert found == {case.card_id: case.pk for case in cases[:3]}


@pytest.mark.usefixtures("_chunk")
def test_open_cases_by_any_reference_in_any_writing(
    team: Team, cases: list[Case], manager: User, mobile: Carrier
) -> None:
    first, second, third, closed, theirs = cases
    CaseDriver(first, manager).do(Complain(at("2026-10-14T10:00"), "ts 7:1"), "2026-10-14T10:00")
    batch = submit_batch(
        team, NewBatch(mobile, ["13800138008"], "letter", "cost", at(SUBMITTED), reference="PL.1#2"), by=manager,
        now=at(SUBMITTED),
    )  # fmt: skip
    in_batch = batch.cases[0]
    own = second.reference.replace("-", "")
    assert open_cases_by_reference(team, ["SL100", "SL102", "SL103", "TS71", "PL12", own, "NONE", ""]) == {
        "SL100": {first.pk}, "SL102": {third.pk}, "TS71": {first.pk}, "PL12": {in_batch.pk}, own: {second.pk},
    }  # fmt: skip
    assert open_cases_by_reference(team, []) == {}
    assert theirs.pk not in {key for keys in open_cases_by_reference(team, ["SL100"]).values() for key in keys}
    assert open_cases_by_reference(team, ["SL101"]) == {"SL101": {second.pk}}
    assert closed.pk not in open_cases_of_cards(team, [closed.card_id]).values()


def test_two_cases_with_one_reference_are_both_meant(
    team: Team, cases: list[Case], manager: User, mobile: Carrier
) -> None:
    other = new_case(team, mobile, manager, number="13800138009", submitted=SUBMITTED, reference="sl10-0")
    assert open_cases_by_reference(team, ["SL100"]) == {"SL100": {cases[0].pk, other.pk}}


def test_the_open_cases_of_a_phone_and_of_the_number_at_which_it_came(team: Team, cases: list[Case]) -> None:
    phone = Forwarder.objects.create(team=team, kind="json", name="前台", digest="d", encrypted="s")
    other = Forwarder.objects.create(team=team, kind="json", name="库房", digest="e", encrypted="s")
    first, second, third, closed, _ = cases
    phone.cards.set([second.card, closed.card])
    other.cards.set([third.card])
    assert open_cases_at(team, phone, "") == [second.pk]
    assert open_cases_at(team, phone, "13800138001") == [first.pk, second.pk]
    assert open_cases_at(team, phone, second.card.number) == [second.pk]
    assert open_cases_at(team, None, "13800138001") == [first.pk]
    assert open_cases_at(team, None, "") == []


@pytest.mark.parametrize(
    ("cards", "references", "named", "possible"),
    [
        ([[1]], [], {10}, set()),
        ([[1, 2]], [], set(), {10, 20}),
        ([[1, 2], [1]], [], {10}, set()),  # another form tells which of the two
        ([[1, 2], [3]], [], {30}, {10, 20}),
        ([[4]], [], set(), set()),  # a card without a case
        ([], ["R"], {10, 20}, set()),
        ([[1, 3]], ["R"], {10, 20}, {30}),
        ([], ["other"], set(), set()),
    ],
)
def test_what_a_text_names_and_what_it_may_name(
    cards: list[list[int]], references: list[str], named: set[int], possible: set[int]
) -> None:
    mention = _Mentions(frozenset(), frozenset(references), cards)
    concern = _concern(mention, {1: 10, 2: 20, 3: 30}, {"R": {10, 20}}, frozenset({99}))
    assert (concern.named, concern.possible, concern.arrived) == (named, possible, {99})
    assert concern.keys == named | possible | {99}
    assert (concern.names_card, concern.names_number) == (bool(cards), False)


@pytest.mark.parametrize("field", ["named", "possible", "arrived"])
def test_a_case_in_any_way_is_a_concern(field: str) -> None:
    assert Concern(**{field: frozenset({1})})
    assert not Concern(names_card=True, names_number=True)
