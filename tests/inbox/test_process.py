"""What a stored message does to its case. Every text here is synthetic.

The case was submitted on 2026-09-30 at 15:00; its answer is due by the end of 10-13.
"""

from typing import Any

import pytest

from cases import operations as ops
from cases.domain.errors import MessageAlreadyHandled, MessageTooOld, WrongState
from cases.inbox import process
from cases.inbox.process import process_stored
from cases.models import Carrier, CarrierMessage, Forwarder, Receipt, Team, User
from cases.models.receipt_store import receipt_store
from cases.operations.messages import proposed_reply, reply_from_message
from tests.helpers import CaseDriver, at, local_str, new_case, on
from tests.inbox.conftest import Arrive

pytestmark = pytest.mark.django_db

PROCESSED_AT = at("2026-10-09T10:21")
REGISTERED = "【中国移动】尊敬的客户,您的号码13800138000的销户申请已受理,受理单号:YD20261009001。"
UNDER_REVIEW = "【中国移动】您号码13800138000的销户申请正在审核中,请耐心等待。"
MORE_PAPERS = "【中国移动】您号码13800138000的销户申请,请在2个工作日内补充材料:身份证复印件。"
REFUSED = "【中国移动】很抱歉,您的号码13800138000存在欠费,销户申请不予受理。"
PROMISED = "【中国移动】您号码13800138000的销户业务,我们承诺于10月12日前办结。"
PRECANCELLED = "【中国移动】您的号码13800138000已预销户,如需恢复请联系10086。"
DONE = "【中国移动】您的号码13800138000已销户,感谢您的使用。"
MARKETING = "【中国移动】13800138000用户您好,销户前先看看:专属优惠流量包9元起,回复TD退订。"
BILL = "【中国移动】您的号码13800138000上月账单:消费18.00元,余额35.20元。"
UNCLEAR = "【中国移动】您的号码13800138000的销户申请已有新进展,详询10086。"
CODE = "【中国移动】您的销户验证码为482913,请勿泄露给他人。"


def became(message: CarrierMessage) -> tuple[str, str]:
    message.refresh_from_db()
    return message.meaning, message.state


def test_a_registration_is_recorded_by_itself(submitted: CaseDriver, arrive: Arrive) -> None:
    message = arrive(REGISTERED)
    assert process_stored(PROCESSED_AT) == {"recorded": 1}
    case = submitted.fresh()
    assert became(message) == ("registered", "recorded")
    assert (case.status, local_str(case.acknowledged_at)) == ("submitted", "2026-10-09 10:20")
    assert case.carrier_reference == "YD20261009001"
    assert submitted.kinds == ["logged", "submitted", "acknowledged"]
    assert submitted.last_content["words"] == REGISTERED
    assert submitted.last_content["sender"] == "10086"
    assert submitted.last_content["at"] == "2026-10-09T10:20:00+08:00"
    assert submitted.last_entry.recorded_by is None
    assert submitted.chain_flaw is None
    assert submitted.reply_by == "2026-10-14 00:00"


def test_its_text_becomes_a_receipt(submitted: CaseDriver, arrive: Arrive) -> None:
    arrive(REGISTERED)
    process_stored(PROCESSED_AT)
    receipt = Receipt.objects.get(case=submitted.case)
    assert (receipt.kind, receipt.name, receipt.detected_type) == ("sms", "10086 2026-10-09 1020.txt", "text/plain")
    assert receipt.read().decode() == REGISTERED
    facts = {"name": receipt.name, "sha256": receipt.sha256, "size": receipt.size, "kind": "sms", "type": "text/plain"}
    assert submitted.last_content["receipts"] == [facts]


def test_under_review_moves_the_status_and_the_clock(submitted: CaseDriver, arrive: Arrive) -> None:
    arrive(UNDER_REVIEW, when="2026-10-13T10:20")
    assert process_stored(at("2026-10-13T10:21")) == {"recorded": 1}
    assert submitted.status == "under_review"
    assert submitted.reply_by == "2026-10-17 00:00"  # three working days after the answer: 14, 15, 16


@pytest.mark.parametrize(
    ("text", "meaning", "kind", "reason", "promised"),
    [
        (MORE_PAPERS, "more_papers", "returned", "papers", None),
        (REFUSED, "refused", "returned", "arrears", None),
        (PROMISED, "promised", "promised", "", "2026-10-12"),
        (PRECANCELLED, "precancelled", "takes_effect", "", None),
        (DONE, "done", "reported_done", "", None),
        (UNCLEAR, "ambiguous", "", "", None),
    ],
)
def test_anything_more_is_only_proposed(
    submitted: CaseDriver, arrive: Arrive, text: str, meaning: str, kind: str, reason: str, promised: str | None
) -> None:
    before = submitted.fresh()
    message = arrive(text)
    assert process_stored(PROCESSED_AT) == {"proposed": 1}
    assert became(message) == (meaning, "proposed")
    assert message.case == submitted.case
    case = submitted.fresh()
    assert (case.status, case.reply_by, case.version, case.entry_head) == (
        "submitted",
        before.reply_by,
        before.version,
        before.entry_head,
    )
    assert local_str(case.message_at) == "2026-10-09 10:21"
    assert not Receipt.objects.exists()
    proposed = proposed_reply(message)
    assert (proposed["kind"], proposed["reason"]) == (kind, reason)
    assert proposed["promised_on"] == (on(promised) if promised else None)


def test_cancelled_for_a_trial_time_takes_effect_on_the_day_that_it_names(submitted: CaseDriver) -> None:
    message = CarrierMessage(meaning="precancelled", text=PRECANCELLED, reading={"promised": "2026-10-20"})
    assert proposed_reply(message) == {
        "kind": "takes_effect",
        "promised_on": None,
        "effective_on": on("2026-10-20"),
        "reason": "",
        "reference": "",
    }


@pytest.mark.parametrize("text", [MARKETING, BILL])
def test_what_names_an_open_case_waits_for_a_person_whatever_it_says(
    submitted: CaseDriver, arrive: Arrive, text: str
) -> None:
    message = arrive(text)
    assert process_stored(PROCESSED_AT) == {"proposed": 1}
    message.refresh_from_db()
    assert (message.case, message.card) == (submitted.case, submitted.case.card)
    assert local_str(submitted.fresh().message_at) == "2026-10-09 10:21"
    assert proposed_reply(message)["kind"] == ""


@pytest.mark.parametrize("text", [BILL, BILL.replace("13800138000", "13900139000"), BILL.replace("13800138000", "")])
def test_what_is_about_something_else_is_set_aside(submitted: CaseDriver, arrive: Arrive, text: str) -> None:
    submitted.do(ops.Withdraw(), "2026-10-09T09:00")
    message = arrive(text)
    assert process_stored(PROCESSED_AT) == {"set_aside": 1}
    message.refresh_from_db()
    assert message.case is None
    assert message.card == (submitted.case.card if "13800138000" in text else None)
    assert submitted.fresh().message_at is None


def test_of_a_code_nothing_stays(submitted: CaseDriver, arrive: Arrive, team: Team) -> None:
    phone = Forwarder.objects.create(team=team, kind="json", name="Pixel", digest="d", encrypted="s", kept=1)
    arrive(CODE, forwarder=phone)
    assert process_stored(PROCESSED_AT) == {"forgotten": 1}
    assert not CarrierMessage.objects.exists()
    phone.refresh_from_db()
    assert phone.codes == 1


def test_what_came_late_is_only_proposed(submitted: CaseDriver, arrive: Arrive) -> None:
    message = arrive(REGISTERED, late=True)
    process_stored(at("2026-10-09T15:00"))
    assert became(message) == ("registered", "proposed")
    assert submitted.fresh().acknowledged_at is None


def test_a_closed_case_keeps_its_status_and_the_message_waits(submitted: CaseDriver, arrive: Arrive) -> None:
    submitted.do(ops.Verify(at("2026-10-09T09:00"), "hotline", "cancelled", confirm=True), "2026-10-09T09:00")
    message = arrive(UNDER_REVIEW)
    assert process_stored(PROCESSED_AT) == {"proposed": 1}
    assert became(message) == ("under_review", "proposed")
    assert submitted.status == "confirmed"
    assert submitted.kinds[-1] == "confirmed"


def test_under_review_does_not_take_back_by_itself_that_it_is_done(submitted: CaseDriver, arrive: Arrive) -> None:
    submitted.do(ops.ReportedDone(at("2026-10-09T09:00")), "2026-10-09T09:00")
    arrive(UNDER_REVIEW)
    assert process_stored(PROCESSED_AT) == {"proposed": 1}
    assert submitted.fresh().reported_done_at is not None


def test_the_same_words_twice_are_two_answers_and_one_receipt(submitted: CaseDriver, arrive: Arrive) -> None:
    arrive(REGISTERED)
    arrive(REGISTERED, when="2026-10-09T18:00")
    assert process_stored(at("2026-10-09T18:01")) == {"recorded": 2}
    assert submitted.kinds == ["logged", "submitted", "acknowledged", "acknowledged"]
    assert Receipt.objects.count() == 1
    assert submitted.chain_flaw is None


def test_what_fits_nothing_waits_in_the_inbox(submitted: CaseDriver, arrive: Arrive) -> None:
    message = arrive(DONE.replace("13800138000", "13900139000"))
    assert process_stored(PROCESSED_AT) == {"unmatched": 1}
    assert became(message) == ("done", "unmatched")
    assert message.case is None


def test_pasted_on_a_case_it_belongs_there_unless_it_names_another_card(submitted: CaseDriver, arrive: Arrive) -> None:
    on_it = {"case": submitted.case, "card": submitted.case.card, "source": "pasted"}
    message = arrive("【中国移动】您的销户申请已受理。", **on_it)
    other = arrive("【中国移动】您的号码139****9000销户申请已受理。", **on_it)
    process_stored(at("2026-10-09T10:21"))
    message.refresh_from_db()
    other.refresh_from_db()
    assert (message.state, message.case) == ("recorded", submitted.case)
    assert (other.state, other.case) == ("unmatched", None)


def test_what_was_read_is_kept(submitted: CaseDriver, arrive: Arrive) -> None:
    message = arrive(PROMISED)
    process_stored(PROCESSED_AT)
    message.refresh_from_db()
    reading: dict[str, Any] = message.reading
    assert reading["number"] == "13800138000"
    assert reading["promised"] == "2026-10-12"
    assert reading["carrier"] == "china-mobile"
    assert reading["words"]


def test_hostile_words_are_words(submitted: CaseDriver, arrive: Arrive) -> None:
    text = REGISTERED + "<script>alert(1)</script>\x01%PDF-1.4 \u202e"
    arrive(text)
    process_stored(PROCESSED_AT)
    for receipt in Receipt.objects.filter(case=submitted.case):
        assert (receipt.detected_type, receipt.read().decode()) == ("text/plain", text)


class TestKilled:
    """Filing may end anywhere and is done again."""

    def test_nothing_is_half_done(self, submitted: CaseDriver, arrive: Arrive, monkeypatch: pytest.MonkeyPatch) -> None:
        message = arrive(REGISTERED)
        write = ops.RecordMessage.write

        def dies(*args: Any) -> None:
            write(*args)
            raise KeyboardInterrupt

        monkeypatch.setattr(ops.RecordMessage, "write", dies)
        with pytest.raises(KeyboardInterrupt):
            process_stored(PROCESSED_AT)
        assert became(message) == ("", "new")
        assert submitted.kinds == ["logged", "submitted"]
        assert not Receipt.objects.exists()

        monkeypatch.setattr(ops.RecordMessage, "write", write)
        assert process_stored(PROCESSED_AT) == {"recorded": 1}
        assert process_stored(PROCESSED_AT) == {}
        assert submitted.kinds == ["logged", "submitted", "acknowledged"]
        assert receipt_store.read(message.team_id, Receipt.objects.get().sha256).decode() == REGISTERED

    def test_a_fault_of_ours_holds_up_nobody(
        self, submitted: CaseDriver, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken, good = arrive("boom"), arrive(REGISTERED, when="2026-10-09T10:21")
        read = process.read_sms

        def reads(sms: Any, marks: Any) -> Any:
            if sms.text == "boom":
                raise ZeroDivisionError
            return read(sms, marks)

        monkeypatch.setattr(process, "read_sms", reads)
        assert process_stored(at("2026-10-09T10:30")) == {"unmatched": 1, "recorded": 1}
        assert became(broken) == ("ambiguous", "unmatched")
        assert became(good)[1] == "recorded"


class TestByHand:
    """A person records what was proposed, puts it elsewhere, or sets it aside."""

    @pytest.fixture
    def done(self, submitted: CaseDriver, arrive: Arrive) -> CarrierMessage:
        message = arrive(DONE)
        process_stored(PROCESSED_AT)
        message.refresh_from_db()
        return message

    def record(
        self, driver: CaseDriver, message: CarrierMessage, kind: str = "reported_done", now: str = "2026-10-09T11:00"
    ) -> None:
        reply = reply_from_message(message, kind) if kind else None
        driver.do(ops.RecordMessage(message, reply), now)

    def test_a_yes_makes_it_the_answer(self, submitted: CaseDriver, done: CarrierMessage, manager: User) -> None:
        self.record(submitted, done)
        case = submitted.fresh()
        assert (local_str(case.reported_done_at), case.reply_by, case.message_at) == ("2026-10-09 10:20", None, None)
        done.refresh_from_db()
        assert (done.state, done.handled_by, local_str(done.handled_at)) == ("recorded", manager, "2026-10-09 11:00")
        assert submitted.kinds[-1] == "reported_done"

    def test_only_once(self, submitted: CaseDriver, done: CarrierMessage) -> None:
        self.record(submitted, done)
        with pytest.raises(MessageAlreadyHandled):
            self.record(submitted, done)
        assert submitted.kinds == ["logged", "submitted", "reported_done"]
        with pytest.raises(MessageAlreadyHandled):
            ops.set_message_aside(done, by=submitted.by, now=PROCESSED_AT)
        with pytest.raises(MessageAlreadyHandled):
            ops.propose_message(done, submitted.case, by=submitted.by, now=PROCESSED_AT)

    def test_as_evidence_it_changes_nothing(self, submitted: CaseDriver, done: CarrierMessage) -> None:
        before = submitted.fresh()
        self.record(submitted, done, kind="")
        case = submitted.fresh()
        assert submitted.last_entry.kind == "message"
        assert (case.status, case.reply_by, case.message_at) == ("submitted", before.reply_by, None)
        assert Receipt.objects.get(case=case).read().decode() == DONE

    def test_evidence_is_kept_of_a_closed_case_too(self, submitted: CaseDriver, done: CarrierMessage) -> None:
        submitted.do(ops.Withdraw("no"), "2026-10-09T10:40")
        with pytest.raises(WrongState):
            self.record(submitted, done)
        self.record(submitted, done, kind="")
        assert submitted.kinds[-2:] == ["withdrawn", "message"]

    def test_set_aside_nothing_waits(self, submitted: CaseDriver, done: CarrierMessage, manager: User) -> None:
        ops.set_message_aside(done, by=manager, now=at("2026-10-09T11:00"))
        assert submitted.fresh().message_at is None
        assert submitted.kinds == ["logged", "submitted"]
        done.refresh_from_db()
        assert (done.state, done.handled_by) == ("set_aside", manager)

    def test_it_can_be_put_on_another_case(
        self, submitted: CaseDriver, done: CarrierMessage, new_driver: Any, manager: User, other_team: Team
    ) -> None:
        other = new_driver("13900139000", submitted="2026-09-30T15:00")
        ops.propose_message(done, other.case, by=manager, now=at("2026-10-09T11:00"))
        assert submitted.fresh().message_at is None
        assert local_str(other.fresh().message_at) == "2026-10-09 11:00"
        with pytest.raises(MessageAlreadyHandled):
            self.record(submitted, done)
        self.record(other, done)
        assert other.fresh().message_at is None

    def test_never_on_a_case_of_another_team(
        self, done: CarrierMessage, other_team: Team, stranger: User, mobile: Carrier
    ) -> None:
        theirs = new_case(other_team, mobile, stranger, submitted="2026-09-30T15:00")
        with pytest.raises(MessageAlreadyHandled):
            ops.propose_message(done, theirs, by=stranger, now=PROCESSED_AT)
        done.refresh_from_db()
        done.case = None
        done.save()
        with pytest.raises(MessageAlreadyHandled):
            CaseDriver(theirs, stranger).do(ops.RecordMessage(done), "2026-10-09T11:00")

    def test_older_than_the_request_it_is_no_answer(self, submitted: CaseDriver, arrive: Arrive, manager: User) -> None:
        old = arrive(DONE, when="2026-09-30T14:59")
        assert process_stored(PROCESSED_AT) == {"unmatched": 1}
        old.refresh_from_db()
        ops.propose_message(old, submitted.case, by=manager, now=PROCESSED_AT)
        old.refresh_from_db()
        with pytest.raises(MessageTooOld):
            self.record(submitted, old)
        self.record(submitted, old, kind="")
        assert submitted.kinds[-1] == "message"
