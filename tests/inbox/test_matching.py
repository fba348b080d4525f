"""Which case a message belongs to: the one it names, or none. Every text is synthetic."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import operations as ops
from cases.domain.message_meaning import Meaning
from cases.formats.sms.types import Reading
from cases.inbox.matching import Match, match_message
from cases.inbox.process import process_stored
from cases.models import Carrier, CarrierMessage, Team, User
from tests.helpers import CaseDriver, at, new_case
from tests.inbox.conftest import Arrive, storing

pytestmark = pytest.mark.django_db

Make = Callable[..., CaseDriver]


def named(number: str | None = None, reference: str | None = None, carrier: str | None = "china-mobile") -> Reading:
    return Reading(Meaning.DONE, number=number, reference=reference, carrier=carrier)


def match(team: Team, reading: Reading, when: str = "2026-10-09T10:20") -> Match:
    return match_message(team, reading, at(when))


def why(its: Match) -> list[tuple[str, str]]:
    return [(suggestion.case.card.number, str(suggestion.reason)) for suggestion in its.suggestions]


@pytest.mark.parametrize("form", ["13800138000", "138****8000", "138XXXX8000", "138xxxx8000", "8000"])
def test_the_number_in_each_of_its_forms(team: Team, submitted: CaseDriver, form: str) -> None:
    assert match(team, named(form)).case == submitted.case


@pytest.mark.parametrize("form", ["13800138001", "139****8000", "138***800", "800", "", "****", "((("])
def test_another_number_or_too_little_of_it(team: Team, submitted: CaseDriver, form: str) -> None:
    its = match(team, named(form or None, carrier=None))
    assert (its.case, its.suggestions) == (None, [])


def test_two_cards_that_fit_are_suggested(team: Team, submitted: CaseDriver, new_driver: Make) -> None:
    new_driver("13900138000", submitted="2026-09-30T15:00")
    its = match(team, named("8000"))
    assert its.case is None
    assert why(its) == [("13800138000", "several"), ("13900138000", "several")]


def test_a_second_card_without_a_case_is_a_doubt(team: Team, submitted: CaseDriver, mobile: Carrier) -> None:
    ops.register_card(team, "13900138000", mobile, ops.CardFacts(), by=None, now=at("2026-09-30T15:00"))
    its = match(team, named("8000"))
    assert its.case is None
    assert why(its) == [("13800138000", "several")]


def test_the_reference_tells_two_cards_apart(team: Team, submitted: CaseDriver, new_driver: Make) -> None:
    other = new_driver("13900138000", submitted="2026-09-30T15:00", reference="YD-4711")
    assert match(team, named("8000", "YD-4711")).case == other.case


def test_the_reference_alone_is_enough(team: Team, submitted: CaseDriver, new_driver: Make) -> None:
    other = new_driver("13900138000", submitted="2026-09-30T15:00", reference="YD-4711")
    assert match(team, named(None, "yd-4711")).case == other.case
    assert match(team, named(None, "YD-4712", carrier=None)).case is None


def test_a_short_reference_says_nothing(team: Team, new_driver: Make) -> None:
    new_driver("13900138000", submitted="2026-09-30T15:00", reference="12")
    assert match(team, named(None, "12", carrier=None)).case is None


def test_two_cases_of_one_reference_are_suggested(team: Team, new_driver: Make) -> None:
    for number in ("13900138000", "13900138001"):
        new_driver(number, submitted="2026-09-30T15:00", reference="YD-4711")
    its = match(team, named(None, "YD-4711"))
    assert its.case is None
    assert [reason for _, reason in why(its)] == ["several", "several"]


def test_number_and_reference_of_different_cards(team: Team, submitted: CaseDriver, new_driver: Make) -> None:
    new_driver("13900138001", submitted="2026-09-30T15:00", reference="YD-4711")
    its = match(team, named("13800138000", "YD-4711"))
    assert its.case is None
    assert why(its) == [("13900138001", "other_number"), ("13800138000", "other_number")]


def test_the_reference_of_a_strangers_number_names_nothing(team: Team, new_driver: Make) -> None:
    new_driver("13900138001", submitted="2026-09-30T15:00", reference="YD-4711")
    assert match(team, named("13700137000", "YD-4711")).case is None


def test_another_carrier_is_a_contradiction(team: Team, submitted: CaseDriver) -> None:
    its = match(team, named("13800138000", carrier="china-unicom"))
    assert its.case is None
    assert why(its) == [("13800138000", "other_carrier")]


def test_a_sender_that_does_not_say_is_none(team: Team, submitted: CaseDriver) -> None:
    assert match(team, named("13800138000", carrier=None)).case == submitted.case


@pytest.mark.parametrize(("when", "belongs"), [("2026-09-30T14:59", False), ("2026-09-30T15:00", True)])
def test_older_than_the_submission_it_never_belongs_to_it(
    team: Team, submitted: CaseDriver, when: str, belongs: bool
) -> None:
    its = match(team, named("13800138000"), when)
    assert (its.case is not None) is belongs
    assert why(its) == ([] if belongs else [("13800138000", "older")])


def test_a_request_in_preparation_has_no_answer(team: Team, draft: CaseDriver) -> None:
    assert why(match(team, named("13800138000"))) == [("13800138000", "not_submitted")]


def test_the_open_case_goes_before_the_closed_one(
    team: Team, submitted: CaseDriver, mobile: Carrier, manager: User
) -> None:
    submitted.do(ops.Withdraw(), "2026-10-08T10:00")
    assert match(team, named("13800138000")).case == submitted.case
    again = new_case(team, mobile, manager, now="2026-10-09T09:00", submitted="2026-10-09T09:00")
    assert match(team, named("13800138000")).case == again
    # Of the time between them it is not guessed which it belongs to.
    assert why(match(team, named("13800138000"), "2026-10-08T12:00")) == [("13800138000", "older")]


def test_the_case_of_another_team_is_not_seen(
    other_team: Team, submitted: CaseDriver, mobile: Carrier, stranger: User
) -> None:
    assert match(other_team, named("13800138000")) == Match()
    theirs = new_case(other_team, mobile, stranger, submitted="2026-09-30T15:00")
    assert match(other_team, named("13800138000")).case == theirs


def test_without_any_number_what_waits_for_that_carrier_is_suggested(
    team: Team, submitted: CaseDriver, new_driver: Make, unicom: Carrier
) -> None:
    new_driver("18600186000", carrier=unicom, submitted="2026-09-30T15:00")
    its = match(team, named(None))
    assert its.case is None
    assert why(its) == [("13800138000", "same_carrier")]


@pytest.mark.parametrize(("number", "carrier"), [("13700137000", "china-mobile"), (None, None)])
def test_where_it_names_another_number_or_no_carrier_nothing_is_suggested(
    team: Team, submitted: CaseDriver, number: str | None, carrier: str | None
) -> None:
    assert match(team, named(number, carrier=carrier)) == Match()


NUMBERS = ["13800138000", "13900138000", "13812348000", "18600186001"]
forms = st.sampled_from(
    [*NUMBERS, "13700137000", "138****8000", "139****8000", "尾号8000", "尾号6001", "尾号1234", "186****6001", ""]
)
meanings = st.sampled_from(["已销户", "已受理", "审核中", "不予受理", "请补充材料", "另行通知"])


class TestNeverAWrongCase:
    """Whatever comes: filed only on a case whose number, as far as the message shows it, stands in the text."""

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        shown=st.lists(forms, min_size=1, max_size=3),
        meaning=meanings,
        sender=st.sampled_from(["10086", "10010", "106581234"]),
        noise=st.text(max_size=20),
    )
    def check(self, world: Any, shown: list[str], meaning: str, sender: str, noise: str) -> None:
        text = (
            "【中国移动】" + noise.replace("\0", "") + "、".join(f"您的号码{form}" for form in shown) + "销户" + meaning
        )
        with transaction.atomic():
            message = world(text, sender=sender)
            process_stored(at("2026-10-09T10:30"))
            fresh = CarrierMessage.objects.filter(pk=message.pk).select_related("case__card").first()
            if fresh and fresh.case:
                number = fresh.case.card.number
                masked = f"{number[:3]}****{number[-4:]}"
                assert number in text or masked in text or f"尾号{number[-4:]}" in text
                others = [n for n in NUMBERS if n != number and (n in text or f"{n[:3]}****{n[-4:]}" in text)]
                assert others == []
            transaction.set_rollback(True)

    def test_it(self, team: Team, mobile: Carrier, unicom: Carrier, new_driver: Make, arrive: Arrive) -> None:
        for number in NUMBERS:
            carrier = unicom if number.startswith("186") else mobile
            new_driver(number, submitted="2026-09-30T15:00", carrier=carrier)
        self.check(storing(team))
