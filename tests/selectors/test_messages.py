"""Which SMS and phones a team sees, with another team's beside them."""

from datetime import datetime

import pytest

from cases import selectors
from cases.domain.business_days import WorkingCalendar
from cases.models import Card, Carrier, CarrierMessage, Forwarder, Team
from tests.bystanders import Bystanders
from tests.helpers import at

NOW = at("2026-10-16T10:00")


def sms(team: Team, text: str, *, at_: datetime = NOW, card: Card | None = None, **fields: object) -> CarrierMessage:
    number = CarrierMessage.objects.count()
    values = {"sender": "10086", "source": "pasted", "received_at": at_, "stored_at": at_, **fields}
    return CarrierMessage.objects.create(team=team, text=text, card=card, digest=f"t{number}", **values)


@pytest.fixture(autouse=True)
def _beside(bystanders: Bystanders) -> None:
    """Messages and phones of both teams."""


def found(team: Team, text: str) -> list[str]:
    return [row.text for row in selectors.search_messages(selectors.messages_of(team), text, team).order_by("pk")]


def test_a_search_finds_by_text_sender_and_number_in_the_team(team: Team, other_team: Team, mobile: Carrier) -> None:
    card = Card.objects.create(team=team, carrier=mobile, number="13812345678")
    theirs = Card.objects.create(team=other_team, carrier=mobile, number="13812345678")
    sms(team, "已受理您的申请")
    sms(team, "about the card", card=card)
    sms(team, "号码138****5678已销户", sender="106581234")
    sms(other_team, "已受理您的申请", card=theirs)
    assert found(team, "已受理") == ["已受理您的申请"]
    assert found(team, "1065") == ["号码138****5678已销户"]
    assert found(team, "13812345678") == ["about the card"]
    assert found(team, "138****5678") == ["about the card", "号码138****5678已销户"]
    assert found(team, "5678") == ["about the card", "号码138****5678已销户"]
    assert found(team, "没有这样的字") == []
    assert len(found(team, "")) == 6  # three of the bystanders


def test_a_word_is_looked_for_in_the_newest_alone(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors.messages, "MESSAGES_SEARCHED", 2)
    for text in ("old word", "word one", "word two"):
        sms(team, text)
    assert found(team, "word") == ["word one", "word two"]


def test_unread_until_now_the_oldest_first(team: Team) -> None:
    late = sms(team, "b", at_=NOW)
    early = sms(team, "a", at_=at("2026-10-16T09:00"))
    sms(team, "later", at_=at("2026-10-16T10:01"))
    sms(team, "read", state="recorded")
    assert list(selectors.unread_messages(NOW)) == [early, late]


def test_what_waits_for_a_person(team: Team) -> None:
    rows = {state: sms(team, state, state=state) for state in ("new", "proposed", "unmatched", "recorded", "dismissed")}
    of_team = selectors.messages_of(team)
    assert set(selectors.waiting_messages(of_team)) == {rows["proposed"], rows["unmatched"]}
    assert set(selectors.unmatched_messages(of_team)) == {rows["unmatched"]}


def test_a_phone_that_is_silent_is_the_teams_on_and_was_heard_before(team: Team, other_team: Team) -> None:
    regular = [at(f"2026-10-{day:02}T10:00").isoformat() for day in (9, 10, 12, 13)]

    def phone(of: Team, name: str, **fields: object) -> Forwarder:
        values = {"arrivals": regular, "last_seen_at": at("2026-10-13T10:00"), **fields}
        return Forwarder.objects.create(team=of, kind="json", name=name, digest=name, encrypted="x", **values)

    silent = phone(team, "silent")
    phone(team, "off", is_on=False)
    phone(team, "never", last_seen_at=None, arrivals=[])
    phone(other_team, "theirs")
    assert selectors.silent_forwarders(team, at("2026-12-01T10:00"), WorkingCalendar()) == [silent]
    assert selectors.silent_forwarders(team, at("2026-10-13T10:30"), WorkingCalendar()) == []
