"""What names an open case, or came to its card's phone, is never dropped, set aside or deleted by reading.

Every text is synthetic.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from cases import operations as ops
from cases import queue
from cases.formats.sms.types import Sms
from cases.inbox.ingest import Incoming, IngestOutcome, MessageOrigin, ingest
from cases.inbox.process import process_stored
from cases.models import Carrier, CarrierMessage, Case, Forwarder, Team, User
from cases.models.choices import MessageSource
from tests.helpers import CaseDriver, at, new_case, on

pytestmark = pytest.mark.django_db

NOW = at("2026-10-09T10:20")
Make = Callable[..., CaseDriver]


@pytest.fixture
def phone(team: Team) -> Forwarder:
    return Forwarder.objects.create(team=team, kind="json", name="前台的手机", digest="d", encrypted="s")


def take(
    team: Team,
    text: str,
    *,
    sender: str = "10086",
    forwarder: Forwarder | None = None,
    receiver: str = "",
    **origin: Case,
) -> IngestOutcome:
    incoming = [Incoming(Sms(sender, text, NOW), receiver=receiver)]
    source = MessageOrigin(MessageSource.FORWARDER, forwarder=forwarder, **origin)
    (outcome,) = ingest(team, incoming, source, NOW, on_stored=lambda: None)
    return outcome


def became(team: Team, text: str, **how: object) -> tuple[str, str, Case | None]:
    """What came of a message: what was done with it when it came, its state when it was read, and its case."""
    outcome = take(team, text, **how)  # type: ignore[arg-type]
    process_stored(at("2026-10-09T10:21"))
    message = CarrierMessage.objects.order_by("-pk").first()
    return outcome.value, message.state if message else "", message.case if message else None


@pytest.mark.parametrize(
    "text",
    [
        "【中国移动】您的号码13800138000上月消费18.00元。",
        "【中国移动】您的号码138-0013-8000上月消费18.00元。",
        "【中国移动】您的号码1380013\n8000上月消费18.00元。",
        "【中国移动】您的号码138****8000上月消费18.00元。",
        "【中国移动】您的号码138…8000上月消费18.00元。",
        "【中国移动】您的号码138____8000上月消费18.00元。",
        "【中国移动】尾号8000上月消费18.00元。",
        "【中国移动】您8000的号码上月消费18.00元。",
        "【中国移动】您的号码一三八零零一三八零零零上月消费18.00元。",
        "【中国移动】关于YD-4711的回访：请评价本次服务。",
        "【中国移动】回访(yd 4711)：请评价本次服务。",
    ],
)
def test_it_waits_on_the_case_that_it_names(team: Team, new_driver: Make, text: str) -> None:
    driver = new_driver("13800138000", submitted="2026-09-30T15:00", reference="YD-4711")
    new_driver("13900139001", submitted="2026-09-30T15:00", reference="YD-4712")
    assert became(team, text) == ("kept", "proposed", driver.case)


def test_so_does_what_names_our_reference(team: Team, submitted: CaseDriver) -> None:
    reference = submitted.case.reference
    text = f"【中国移动】客户来电编号{reference}：请评价本次服务。"
    assert became(team, text) == ("kept", "proposed", submitted.case)


@pytest.mark.parametrize("sender", ["95588", "13900139000", "菜鸟驿站"])
def test_a_stranger_s_message_is_kept_where_it_names_the_card(team: Team, submitted: CaseDriver, sender: str) -> None:
    outcome, state, _ = became(team, "您好,号码138 0013 8000的包裹已到", sender=sender)
    assert (outcome, state) in (("kept", "proposed"), ("kept", "unmatched"))


def test_several_that_fit_are_suggested(team: Team, submitted: CaseDriver, new_driver: Make) -> None:
    other = new_driver("13900138000", submitted="2026-09-30T15:00")
    assert became(team, "【中国移动】尾号8000上月消费18.00元。") == ("kept", "unmatched", None)
    suggested = CarrierMessage.objects.get().reading["suggested"]
    assert suggested == [[submitted.case.reference, "several"], [other.case.reference, "several"]]


class TestCodes:
    """A code that concerns an open case waits without its digits; any other is dropped."""

    TEXT = "【中国移动】您正在注销13800138000，验证码604112，5分钟内有效。"

    def test_its_digits_are_blacked_out_and_the_rest_waits(self, team: Team, submitted: CaseDriver) -> None:
        assert became(team, self.TEXT) == ("kept", "proposed", submitted.case)
        message = CarrierMessage.objects.get()
        assert message.text == "【中国移动】您正在注销13800138000，验证码■■■■■■，5分钟内有效。"

    def test_with_the_words_of_a_step_nothing_is_recorded(self, team: Team, submitted: CaseDriver) -> None:
        text = "【中国移动】您的号码13800138000销户申请已受理，服务密码重置为604112。"
        assert became(team, text) == ("kept", "proposed", submitted.case)
        assert submitted.kinds == ["logged", "submitted"]

    def test_of_a_closed_case_it_is_dropped(self, team: Team, submitted: CaseDriver) -> None:
        submitted.do(ops.Withdraw(), "2026-10-09T09:00")
        assert became(team, self.TEXT) == ("codes", "", None)

    def test_of_another_team_s_case_it_is_dropped(
        self, team: Team, submitted: CaseDriver, other_team: Team, stranger: User
    ) -> None:
        assert became(other_team, self.TEXT) == ("codes", "", None)
        assert submitted.fresh().message_at is None

    def test_closed_after_it_came_it_still_waits(self, team: Team, submitted: CaseDriver) -> None:
        take(team, self.TEXT)
        submitted.do(ops.Withdraw(), "2026-10-09T10:20")
        process_stored(at("2026-10-09T10:21"))
        assert CarrierMessage.objects.get().state == "proposed"

    def test_the_reference_by_which_it_is_known_stays(self, team: Team, new_driver: Make) -> None:
        driver = new_driver("13800138000", submitted="2026-09-30T15:00", reference="AB-7788")
        text = "【中国移动】关于AB-7788，您的登录码604112"
        assert became(team, text) == ("kept", "proposed", driver.case)
        assert CarrierMessage.objects.get().text == "【中国移动】关于AB-7788，您的登录码■■■■■■"


class TestPhone:
    """A phone that holds the card of an open case."""

    BILL = "【中国移动】尊敬的用户，您上月消费18.00元。"

    def test_what_came_to_it_waits_on_the_case(self, team: Team, submitted: CaseDriver, phone: Forwarder) -> None:
        phone.cards.add(submitted.case.card)
        assert became(team, self.BILL, forwarder=phone) == ("kept", "proposed", submitted.case)

    def test_from_somebody_else_it_waits_beside_the_case(
        self, team: Team, submitted: CaseDriver, phone: Forwarder
    ) -> None:
        phone.cards.add(submitted.case.card)
        assert became(team, "您的快件已到，取件请带证件", sender="95338", forwarder=phone) == (
            "kept",
            "unmatched",
            None,
        )
        assert CarrierMessage.objects.get().reading["suggested"] == [[submitted.case.reference, "same_phone"]]

    def test_its_codes_are_blacked_out(self, team: Team, submitted: CaseDriver, phone: Forwarder) -> None:
        phone.cards.add(submitted.case.card)
        take(team, "【某银行】您的验证码604112", sender="95588", forwarder=phone)
        assert CarrierMessage.objects.get().text == "【某银行】您的验证码■■■■■■"

    def test_a_step_without_a_number_is_only_proposed(
        self, team: Team, submitted: CaseDriver, phone: Forwarder
    ) -> None:
        phone.cards.add(submitted.case.card)
        text = "【中国移动】尊敬的客户，您的销户申请已受理。"
        assert became(team, text, forwarder=phone) == ("kept", "proposed", submitted.case)
        assert submitted.kinds == ["logged", "submitted"]

    def test_another_number_in_it_is_not_the_card_s(self, team: Team, submitted: CaseDriver, phone: Forwarder) -> None:
        phone.cards.add(submitted.case.card)
        text = "【中国移动】您的号码13900139000已销户。"
        assert became(team, text, forwarder=phone) == ("kept", "unmatched", None)

    def test_the_number_at_which_it_arrived_tells_the_card(
        self, team: Team, submitted: CaseDriver, new_driver: Make, phone: Forwarder
    ) -> None:
        new_driver("13900139000", submitted="2026-09-30T15:00")
        result = became(team, self.BILL, forwarder=phone, receiver="+86 138-0013-8000")
        assert result == ("kept", "proposed", submitted.case)
        assert CarrierMessage.objects.get().receiver == "13800138000"

    def test_without_an_open_case_it_is_as_any_phone(self, team: Team, submitted: CaseDriver, phone: Forwarder) -> None:
        phone.cards.add(submitted.case.card)
        submitted.do(ops.Withdraw(), "2026-10-09T09:00")
        assert became(team, self.BILL, forwarder=phone) == ("kept", "set_aside", None)
        assert take(team, "妈，晚上回家吃饭", sender="13900139000", forwarder=phone) == "strangers"
        assert take(team, "【某银行】您的验证码604112", sender="95588", forwarder=phone) == "codes"

    def test_another_phone_keeps_nothing_for_it(self, team: Team, submitted: CaseDriver, phone: Forwarder) -> None:
        other = Forwarder.objects.create(team=team, kind="json", name="另一部", digest="e", encrypted="s")
        phone.cards.add(submitted.case.card)
        assert take(team, "妈，晚上回家吃饭", sender="13900139000", forwarder=other) == "strangers"


class TestWhatAPersonEntered:
    """A reading never overwrites it."""

    REGISTERED = "【中国移动】尊敬的客户,您的号码13800138000的销户申请已受理,受理单号:YD20261009001。"
    UNDER_REVIEW = "【中国移动】您号码13800138000的销户申请正在审核中,请耐心等待。"

    def test_another_reference_waits_and_is_shown(self, team: Team, new_driver: Make) -> None:
        driver = new_driver("13800138000", submitted="2026-09-30T15:00", reference="YD-4711")
        assert became(team, self.REGISTERED) == ("kept", "proposed", driver.case)
        assert driver.fresh().carrier_reference == "YD-4711"
        assert driver.fresh().acknowledged_at is None
        assert CarrierMessage.objects.get().reading["reference"] == "YD20261009001"

    def test_the_same_one_stays_as_it_was_written(self, team: Team, new_driver: Make) -> None:
        driver = new_driver("13800138000", submitted="2026-09-30T15:00", reference="yd-20261009001")
        assert became(team, self.REGISTERED) == ("kept", "recorded", driver.case)
        assert driver.fresh().carrier_reference == "yd-20261009001"

    def test_a_promised_day_stays(self, team: Team, submitted: CaseDriver) -> None:
        promise = ops.Promised(at("2026-10-09T09:00"), promised_on=on("2026-10-12"))
        submitted.do(promise, "2026-10-09T09:00")
        before = submitted.reply_by
        assert became(team, self.UNDER_REVIEW) == ("kept", "proposed", submitted.case)
        assert (submitted.reply_by, submitted.status) == (before, "submitted")

    @pytest.mark.readings_differ
    def test_what_two_readings_do_not_agree_in_is_proposed(self, team: Team, submitted: CaseDriver) -> None:
        assert became(team, self.REGISTERED) == ("kept", "proposed", submitted.case)
        assert submitted.fresh().acknowledged_at is None


def test_the_same_tail_in_another_team_is_untouched(
    team: Team, submitted: CaseDriver, other_team: Team, stranger: User, mobile: Carrier
) -> None:
    theirs = new_case(other_team, mobile, stranger, number="13900138000", submitted="2026-09-30T15:00")
    assert became(team, "【中国移动】尾号8000上月消费18.00元。") == ("kept", "proposed", submitted.case)
    theirs.refresh_from_db()
    assert theirs.message_at is None


#: Those that were kept in clear (issue 19, 8), and others of their kinds.
SPELLINGS = {
    "604101": "【中国移动】您的认证码为604101，请勿告知他人。13800138000",
    "604102": "【中国移动】登录码604102，号码13800138000",
    "604103": "【中国移动】13800138000校验号：604103",
    "604104": "【中国移动】13800138000激活码 604104",
    "60410599": "【中国移动】13800138000的PIN2码60410599",
    "604106": "【中国移动】604106（注销验证），号码13800138000",
    "604107": "【中国移动】13800138000验证码(Code):604107",
    "Q7K2W9": "【中国移动】13800138000口令Q7K2W9，用于注销",
    "Zq@61417": "【中国移动】13800138000服务密码已重置为Zq@61417",
}


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_no_code_stands_in_database_or_its_log(
    team: Team, submitted: CaseDriver, caplog: pytest.LogCaptureFixture
) -> None:
    for text in SPELLINGS.values():
        incoming = [Incoming(Sms("10086", text, NOW))]
        origin = MessageOrigin(MessageSource.FORWARDER)
        (outcome,) = ingest(team, incoming, origin, NOW, on_stored=queue.enqueue_message_processing)
        assert outcome is IngestOutcome.STORED
    process_stored(at("2026-10-09T10:21"))
    assert CarrierMessage.objects.count() == len(SPELLINGS)
    name = str(connection.settings_dict["NAME"])
    data = b"".join(file.read_bytes() for file in Path(name).parent.glob(Path(name).name + "*") if file.is_file())
    assert "注销验证".encode() in data
    for code in SPELLINGS:
        assert code.encode() not in data
        assert code not in caplog.text
