"""Operations that narrow a query, each with others' rows beside it: they do what they say, and to those alone.

What must not change is in the fixture `bystanders`, which looks in the end.
"""

from pathlib import Path

import pytest
from django.conf import settings

from cases import operations as ops
from cases.formats.channel_urls import ChannelAddress
from cases.models import (
    Anchor,
    Card,
    CardColumn,
    CardView,
    Carrier,
    CarrierMessage,
    Case,
    Forwarder,
    Letter,
    Notice,
    NoticeReminder,
    NotificationChannel,
    Reminder,
    ReminderDelivery,
    ReminderGroup,
    Team,
    User,
)
from cases.operations import anchors, card_columns, card_views, cards, channels, letters
from cases.operations.card_columns import ColumnFacts, TitleTaken
from cases.operations.forwarders import add_forwarder, find_forwarder, secrets_of
from cases.operations.named_handlers import hand_over_named_cases
from tests.bystanders import Bystanders
from tests.helpers import CaseDriver, at, make_user, new_case

NOW = at("2026-10-16T10:00")
SUBMITTED = "2026-09-30T15:00"


@pytest.fixture(autouse=True)
def _beside(receipts_folder: Path, bystanders: Bystanders) -> None:
    """Asked for first, so that what a test makes is not among it."""


# The register


def test_a_column_is_changed_moved_and_deleted_in_its_team(team: Team, manager: User, mobile: Carrier) -> None:
    card = Card.objects.create(team=team, carrier=mobile, number="13800000001")
    other = Card.objects.create(team=team, carrier=mobile, number="13800000002")
    column = card_columns.add_column(team, ColumnFacts("月数"), by=manager, now=NOW)
    last = card_columns.add_column(team, ColumnFacts("楼层"), by=manager, now=NOW)
    assert (column.key, column.position, last.key) == ("c2", 2, "c3")  # c1 is a bystander
    Card.objects.filter(pk=card.pk).update(custom={"c2": "3,000", "c3": "2"})
    Card.objects.filter(pk=other.pk).update(custom={"c3": "3"})
    assert (card_columns.count_values(column), card_columns.count_values(last)) == (1, 2)
    assert card_columns.change_column(column, ColumnFacts("金额", "number"), by=manager, now=NOW) == 1
    card_columns.move_column(last, -1, by=manager)
    assert [c.title for c in card_columns.own_columns(team.pk)] == ["旁观", "楼层", "金额"]
    assert card_columns.delete_column(column, by=manager, now=NOW) == 1
    assert [Card.objects.get(pk=c.pk).custom for c in (card, other)] == [{"c3": "2"}, {"c3": "3"}]


def test_a_title_is_taken_in_its_own_team_alone(team: Team, manager: User, other_team: Team, stranger: User) -> None:
    with pytest.raises(TitleTaken):
        card_columns.add_column(team, ColumnFacts("旁观"), by=manager, now=NOW)
    assert card_columns.add_column(other_team, ColumnFacts("旁观"), by=stranger, now=NOW).key == "c1"
    column = CardColumn.objects.get(team=other_team)
    card_columns.change_column(column, ColumnFacts("旁观"), by=stranger, now=NOW)  # its own title


def test_a_view_is_saved_opens_first_and_is_deleted_for_its_owner(team: Team, manager: User) -> None:
    first = card_views.save_view(team, "旁观", {"sort": "number"}, by=manager, is_default=True)
    second = card_views.save_view(team, "另一个", {}, by=manager, is_default=True)
    assert list(CardView.objects.filter(owner=manager).order_by("pk").values_list("name", "is_default")) == [
        ("旁观", False), ("另一个", True),
    ]  # fmt: skip
    card_views.set_default_view(first, is_default=True, by=manager)
    second.refresh_from_db()
    assert second.is_default is False
    assert card_views.save_view(team, "旁观", {"sort": "holder"}, by=manager).pk == first.pk
    card_views.delete_view(first, by=manager)
    assert list(CardView.objects.filter(owner=manager).values_list("name", flat=True)) == ["另一个"]


def test_a_card_is_deleted_alone_and_its_messages_stay(team: Team, manager: User, mobile: Carrier) -> None:
    card = Card.objects.create(team=team, carrier=mobile, number="13800000001")
    message = CarrierMessage.objects.create(
        team=team, card=card, source="pasted", text="x", received_at=NOW, stored_at=NOW, digest="2" * 64
    )
    cards.delete_card(card, by=manager, now=NOW)
    message.refresh_from_db()
    assert message.card_id is None
    assert not Card.objects.filter(pk=card.pk).exists()


def test_a_number_is_corrected_on_the_cases_of_its_card(
    team: Team, manager: User, mobile: Carrier, bystanders: Bystanders
) -> None:
    driver = CaseDriver(new_case(team, mobile, manager, submitted=SUBMITTED), manager)
    cards.correct_number(driver.case.card, "13600000001", "记错了", by=manager, now=NOW)  # another team has that one
    assert (driver.fresh().card.number, driver.kinds[-1]) == ("13600000001", "number_corrected")
    with pytest.raises(cards.NumberTaken):
        cards.correct_number(driver.case.card, "13700000003", "记错了", by=manager, now=NOW)
    assert driver.chain_flaw is None


def test_cases_of_named_cards_go_to_who_joined(team: Team, manager: User, mobile: Carrier) -> None:
    named = new_case(team, mobile, manager, number="13800000001", submitted=SUBMITTED)
    handled = new_case(team, mobile, manager, number="13800000002", submitted=SUBMITTED, handler=manager)
    closed = CaseDriver(new_case(team, mobile, manager, number="13800000003", submitted=SUBMITTED), manager)
    closed.do(ops.Withdraw(), "2026-10-09T10:00")
    for case in (named, handled, closed.case):
        Card.objects.filter(pk=case.card_id).update(handler_name="钱 涛")
    joined = make_user("qian.tao@example.com", team)
    User.objects.filter(pk=joined.pk).update(name="钱涛")
    joined.refresh_from_db()
    assert hand_over_named_cases(team, joined, NOW) == 1
    assert list(Case.objects.filter(handler=joined)) == [named]


def waiting_for(user: User, team: Team, carrier: Carrier, *, number: str = "13500000001") -> Reminder:
    """A reminder of a case of theirs that no notice holds yet."""
    handled = new_case(team, carrier, user, number=number, submitted=SUBMITTED, handler=user)
    group = ReminderGroup.objects.create(team=team, handler=user, made_at=NOW)
    return Reminder.objects.create(
        case=handled, bundle=group, round=1, kind="overdue", ordinal=1, at=at("2026-10-14T09:00")
    )


# Letters, channels, anchors


def test_a_draft_is_of_its_case_and_kind(submitted: CaseDriver, manager: User) -> None:
    case = submitted.case
    complaint = letters.LetterEdit("complaint", {"name": "王小明"}, "正文", None)
    draft = letters.save_letter_draft(case, complaint, by=manager, now=NOW)
    appeal = Letter.objects.create(case=case, kind="appeal", made_at=NOW, changed_at=NOW)
    assert letters.letter_draft(case, "complaint") == draft
    with pytest.raises(letters.LetterChanged):
        letters.delete_letter_draft(case, "complaint", expected_changed_at=at("2026-10-16T09:00"))
    letters.delete_letter_draft(case, "complaint", expected_changed_at=draft.changed_at)
    assert list(Letter.objects.filter(case=case)) == [appeal]


def test_a_channel_that_is_switched_off_or_removed_releases_what_waits_for_it(
    team: Team, manager: User, agent: User, mobile: Carrier
) -> None:
    rows = []
    for person, number in ((manager, "13500000001"), (agent, "13500000002")):
        reminder = waiting_for(person, team, mobile, number=number)
        channel = channels.add_channel(
            person, "webhook", ChannelAddress({"url": "https://example.com/x"}, "example.com")
        )
        notice = Notice.objects.create(channel=channel, made_at=NOW, next_try_at=NOW)
        NoticeReminder.objects.create(notice=notice, bundle=reminder.bundle)
        ReminderGroup.objects.filter(pk=reminder.bundle_id).update(gathered_at=NOW)
        rows.append((reminder, channel))
    (own, channel), (other, _) = rows
    channels.switch_channel(channel, on=False)
    assert Reminder.objects.get(pk=own.pk).bundle_id is None
    assert Reminder.objects.get(pk=other.pk).bundle_id is not None
    channels.remove_channel(channel)
    assert set(NotificationChannel.objects.filter(kind="webhook", user__in=[manager, agent])) == {rows[1][1]}


def test_what_was_told_over_a_channel_is_not_waiting(team: Team, manager: User, mobile: Carrier) -> None:
    reminder = waiting_for(manager, team, mobile)
    channel = NotificationChannel.objects.create(user=manager, kind="webhook", name="own")
    notice = Notice.objects.create(channel=channel, made_at=NOW, next_try_at=NOW, state="sent", finished_at=NOW)
    NoticeReminder.objects.create(notice=notice, bundle=reminder.bundle)
    ReminderDelivery.objects.create(
        reminder=reminder, notice=notice, channel=channel, channel_kind="webhook", user=manager, at=NOW
    )
    channels.switch_channel(channel, on=False)
    assert Reminder.objects.get(pk=reminder.pk).bundle_id is not None


def test_what_became_of_an_anchor_is_noted_at_it(db: None) -> None:
    settings.ANCHORS_ROOT.mkdir()
    one, other = (Anchor.objects.create(sequence=number, line=f"{{}}{number}") for number in (1, 2))
    anchors.record_send_error(one, "no answer")
    anchors.record_stamp_error(one, "no stamp")
    anchors.record_stamp(one, b"synthetic", NOW)
    anchors.record_sent(one, NOW)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.sent_at, one.send_error, one.stamped_at, one.stamp_error) == (NOW, "", NOW, "")
    assert (other.sent_at, other.send_error, other.stamped_at, other.stamp_error) == (None, "", None, "")


def test_a_phone_is_found_by_its_address_alone(team: Team) -> None:
    phone = add_forwarder(team, "json", name="前台")
    assert find_forwarder(secrets_of(phone)[0]) == phone
    assert find_forwarder("x") is None
    assert Forwarder.objects.count() == 3
