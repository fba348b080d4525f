"""The inbox, and the way of a carrier's message onto a case. All texts are synthetic."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import operations as ops
from cases.inbox.process import process_stored
from cases.models import Carrier, CarrierMessage, Team, User
from tests.helpers import CaseDriver, at, local_str, new_case, on
from tests.inbox.conftest import storing
from tests.inbox.test_process import DONE, MARKETING, PRECANCELLED, PROMISED, REFUSED, REGISTERED, UNCLEAR
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make

NUMBER = "13800138000"
WHEN, READ = "2026-10-16T09:30", "2026-10-16T09:31"


@pytest.fixture
def case(new_driver: Make) -> CaseDriver:
    """Three working days late."""
    return new_driver(NUMBER, submitted="2026-09-30T15:00")


@pytest.fixture
def came(team: Team, mobile: Carrier) -> Callable[..., CarrierMessage]:
    """A message was stored and read."""
    mobile.sms_senders = ["10086"]
    mobile.save()

    def come(text: str, when: str = WHEN, **more: Any) -> CarrierMessage:
        message = storing(team)(text, when=when, **more)
        process_stored(at(READ))
        message.refresh_from_db()
        return message

    return come


def address(message: CarrierMessage, *more: str) -> str:
    return "/".join(["/messages", str(message.pk), *more, ""])


def press(person: Person, page: Page, action: str, **changes: Any) -> Page:
    """Send the form of this address as it stands, but for the changes."""
    return person.post(action, page.form(action).fields | changes)


def test_what_waits_stands_first_with_what_was_read(
    me: Person, case: CaseDriver, came: Callable[..., CarrierMessage]
) -> None:
    came(DONE)
    came(REGISTERED, when="2026-10-16T09:00")
    page = me.get("/messages/")
    assert "10086 Done Needs confirmation" in page.text
    assert "【中国移动】您的号码138****8000已销户,感谢您的使用。" in page.text
    assert NUMBER not in page.html
    assert "Recognised by 已销户" in page.text
    assert "Record: carrier says done" in page.html
    assert "Acknowledged" not in page.text
    assert "Recorded by Xiaoka (automatic), 16 Oct, 09:31" in me.get("/messages/?state=recorded").text


def test_one_button_records_it(me: Person, case: CaseDriver, came: Callable[..., CarrierMessage]) -> None:
    message = came(DONE)
    page = me.get("/messages/")
    done = me.follow(press(me, page, address(message)))
    assert "SMS recorded on the timeline and saved as a receipt." in done.text
    assert local_str(case.fresh().reported_done_at) == "2026-10-16 09:30"
    assert case.last_entry.recorded_by == me.user
    assert "No SMS to handle" in me.get("/messages/").text


def test_the_same_click_twice_records_once(me: Person, colleague: Person, case: CaseDriver, came: Any) -> None:
    message = came(DONE)
    mine, theirs = me.get("/messages/"), colleague.get("/messages/")
    press(me, mine, address(message))
    press(me, mine, address(message))
    answer = colleague.follow(press(colleague, theirs, address(message)))
    assert "Choose the case this SMS belongs to, then record it." in answer.text
    assert case.kinds == ["logged", "submitted", "reported_done"]


def test_it_stands_on_the_case_before_everything_else(me: Person, case: CaseDriver, came: Any) -> None:
    message = came(DONE)
    page = me.get(f"/cases/{case.case.reference}/")
    assert "Next step 10086 Done Needs confirmation" in page.text
    assert "Call 10086 and chase" not in page.text
    assert NUMBER not in page.text
    assert "Timeline SMS from the carrier Needs confirmation" in page.text
    me.follow(press(me, page, address(message)))
    page = me.get(f"/cases/{case.case.reference}/")
    assert "to verify" in page.text
    assert "您的号码138****8000已销户" in page.text
    assert "10086 2026-10-16 0930.txt" in page.text
    assert "SMS from 10086" in page.text


def test_the_work_list_counts_them_and_says_what_to_do(me: Person, case: CaseDriver, came: Any) -> None:
    came(DONE)
    page = me.get("/")
    assert ("/messages/", "1 SMS") in page.links
    assert "Read the carrier’s SMS, then record or dismiss it" in page.text
    assert "SMS 1" in page.text


def test_it_can_be_corrected_before(me: Person, case: CaseDriver, came: Any) -> None:
    message = came(PROMISED.replace("10月12日", "10月20日"))
    page = me.get(address(message))
    assert page.form().fields["kind"] == "promised"
    assert page.form().fields["promised_on"] == "2026-10-20"
    me.follow(me.post(address(message), page.form().fields | {"promised_on": "2026-10-22"}))
    assert case.reply_by == "2026-10-23 00:00"
    assert case.last_content["promised_on"] == "2026-10-22"


def test_a_pending_cancellation_is_recorded_by_one_button(
    me: Person, case: CaseDriver, came: Any, mobile: Carrier
) -> None:
    message = came(PRECANCELLED)
    assert "Record: takes effect" not in me.get("/messages/").text  # no date is known: the form asks for it
    mobile.effect_day = 20
    mobile.save()
    page = me.get("/messages/")
    assert "Record: takes effect later" in page.text
    me.follow(press(me, page, address(message)))
    assert case.kinds[-1] == "takes_effect"
    assert case.fresh().takes_effect_on == on("2026-11-20")
    message.refresh_from_db()
    assert message.state == "recorded"


def test_a_pending_cancellation_that_names_its_day_says_so_on_the_button(
    me: Person, case: CaseDriver, came: Any
) -> None:
    message = came(PRECANCELLED)
    message.reading = {**message.reading, "promised": "2026-11-05"}
    message.save()
    assert "Record: takes effect on 5 Nov" in me.get("/messages/").text
    page = me.get(address(message))
    assert (page.form().fields["kind"], page.form().fields["effective_on"]) == ("takes_effect", "2026-11-05")
    me.follow(me.post(address(message), page.form().fields))
    assert case.reply_by == "2026-11-06 00:00"


def test_a_pending_cancellation_without_any_day_is_asked_for_it(me: Person, case: CaseDriver, came: Any) -> None:
    message = came(PRECANCELLED)
    answer = me.post(address(message), me.get(address(message)).form().fields)
    assert "Enter the date on which the cancellation takes effect." in answer.text
    assert case.kinds == ["logged", "submitted"]
    me.follow(me.post(address(message), answer.form().fields | {"effective_on": "2026-11-20"}))
    assert case.kinds[-1] == "takes_effect"


def test_what_was_refused_by_the_rules_stays_on_the_form(me: Person, case: CaseDriver, came: Any) -> None:
    message = came(PROMISED.replace("10月12日", "12月20日"))
    answer = me.post(address(message), me.get(address(message)).form().fields)
    assert answer.status == 200
    assert "This date is more than 15 working days away" in answer.text
    assert answer.form().fields["promised_on"] == "2026-12-20"
    assert case.kinds == ["logged", "submitted"]
    me.follow(me.post(address(message), answer.form().fields | {"accept_far": "on"}))
    assert case.kinds[-1] == "promised"


def test_a_refusal_becomes_a_return_with_its_reason(me: Person, case: CaseDriver, came: Any) -> None:
    message = came(REFUSED)
    press(me, me.get("/messages/"), address(message))
    fresh = case.fresh()
    assert (fresh.status, fresh.return_reason) == ("returned", "arrears")


def test_what_is_unclear_has_no_button_but_a_page(me: Person, case: CaseDriver, came: Any) -> None:
    message = came(UNCLEAR)
    page = me.get("/messages/")
    assert "Unclear: needs a person" in page.text
    assert 'name="kind" value="reported_done"' not in page.html
    empty = me.post(address(message), {"kind": ""})
    assert empty.status == 200
    me.follow(me.post(address(message), me.get(address(message)).form().fields | {"kind": "message"}))
    assert case.kinds[-1] == "message"
    assert case.status == "submitted"


def test_of_a_closed_case_it_is_kept_as_evidence(me: Person, case: CaseDriver, came: Any) -> None:
    case.do(ops.Verify(at("2026-10-16T09:00"), "hotline", "cancelled", confirm=True), "2026-10-16T09:00")
    message = came(DONE)
    page = me.get("/messages/")
    assert "This cannot be recorded while the case is “Cancelled, confirmed”." in page.text
    me.follow(press(me, page, address(message)))
    assert case.kinds[-2:] == ["confirmed", "message"]
    assert case.status == "confirmed"


def test_changed_meanwhile_nothing_is_overwritten(me: Person, case: CaseDriver, came: Any) -> None:
    message = came(DONE)
    page = me.get(address(message))
    case.do(ops.UnderReview(at("2026-10-16T09:40")), "2026-10-16T09:41")
    answer = me.post(address(message), page.form().fields)
    assert "Someone changed this case while you had it open." in answer.text
    me.follow(me.post(address(message), answer.form().fields))
    assert case.kinds[-1] == "reported_done"


def test_set_aside_it_can_still_be_found(me: Person, case: CaseDriver, came: Any) -> None:
    message = came(DONE)
    page = me.follow(press(me, me.get("/messages/"), address(message, "set-aside")))
    assert "SMS dismissed. You can still find it under “Dismissed”." in page.text
    assert "Dismissed by Li Na" in me.get("/messages/?state=set_aside").text
    assert case.kinds == ["logged", "submitted"]
    # And taken back: put on its case again.
    me.follow(me.post(address(message, "case"), {"case": case.case.reference}))
    message.refresh_from_db()
    assert message.state == "proposed"


def test_what_fits_no_case_has_suggestions(me: Person, case: CaseDriver, came: Any) -> None:
    message = came("【中国移动】您的销户申请已完成,您的号码已销户。")
    page = me.get("/messages/")
    assert "No matching case" in page.text
    assert "the SMS gives no number; this case is waiting for that carrier" in page.text
    assert "Case of this SMS" in me.get(address(message)).text
    placed = me.follow(press(me, page, address(message, "case"), case=case.case.reference))
    assert placed.form().fields["kind"] == "reported_done"
    message.refresh_from_db()
    assert (message.state, message.case) == ("proposed", case.case)


def test_a_case_is_found_by_its_number(me: Person, case: CaseDriver, came: Any) -> None:
    message = came(DONE.replace(NUMBER, "13900139000"))
    page = me.get(address(message))
    assert "No case in this team matches the number or carrier reference." in page.text
    assert case.case.reference in me.get(address(message) + "?q=8000").text
    assert "No cases found." in me.get(address(message) + "?q=nothing").text
    looked = me.post(address(message, "case"), q="138 0013 8000")
    assert looked.location == f"{address(message)}?q=138%2A%2A%2A%2A8000"
    assert case.case.reference in me.follow(looked).text


def test_others_see_nothing(outsider: Person, me: Person, case: CaseDriver, came: Any, mobile: Carrier) -> None:
    message = came(DONE)
    theirs = new_case(outsider_team(outsider), mobile, outsider.user or User(), submitted="2026-09-30T15:00")
    assert "No SMS yet" in outsider.get("/messages/").text
    assert outsider.get(address(message)).status == 404
    for page in ("", "case", "set-aside"):
        assert outsider.post(address(message, *filter(None, [page])), {"case": theirs.reference}).status == 404
    assert me.post(address(message, "case"), {"case": theirs.reference}).status == 404
    message.refresh_from_db()
    assert (message.state, message.case) == ("proposed", case.case)


def outsider_team(outsider: Person) -> Team:
    return Team.objects.get(memberships__user=outsider.user)


@pytest.mark.parametrize("junk", [{"kind": "nonsense"}, {"kind": "promised", "promised_on": "soon"}, {"seen": "x"}, {}])
def test_junk_is_refused_on_the_page(me: Person, case: CaseDriver, came: Any, junk: dict[str, str]) -> None:
    message = came(DONE)
    assert me.post(address(message), junk).status == 200
    assert case.kinds == ["logged", "submitted"]
    for state in ("nonsense", "new", "all", "\x00"):
        assert Page(me.client.get("/messages/", {"state": state, "page": "9"})).status == 200


def test_hostile_words_are_only_words(me: Person, case: CaseDriver, came: Any) -> None:
    came(DONE + "<script>alert(1)</script><img src=x onerror=alert(1)>")
    for page in (me.get("/messages/?state=all"), me.get(f"/cases/{case.case.reference}/")):
        assert "<script>alert" not in page.html
        assert "<img src=x" not in page.html


def test_more_messages_are_not_more_queries(me: Person, case: CaseDriver, new_driver: Make, came: Any) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            me.get("/messages/?state=all")
        return len(found)

    came(DONE)
    came(MARKETING)
    came("【中国移动】您的号码已销户。")
    few = asked()
    for n in range(5):
        new_driver(f"1390013900{n}", submitted="2026-09-30T15:00")
        came(DONE.replace(NUMBER, f"1390013900{n}"), when=f"2026-10-16T09:0{n}")
        came("【中国移动】您的号码已销户。", when=f"2026-10-16T09:0{n}")
    assert asked() == few


def test_messages_that_wait_on_a_case_are_two_queries_more(
    me: Person, case: CaseDriver, came: Any, django_assert_num_queries: Any
) -> None:
    page = f"/cases/{case.case.reference}/"
    me.get(page)
    with django_assert_num_queries(15):
        me.get(page)
    came(DONE)
    came(REFUSED, when="2026-10-16T09:00")
    with django_assert_num_queries(17):  # they, and of how many parts each was put together
        assert me.get(page).html.count('class="timeline__entry--waiting"') == 2


class TestCalls:
    """'I called': one form, whatever came of it."""

    def record(self, me: Person, case: CaseDriver, **said: str) -> Page:
        path = f"/cases/{case.case.reference}/follow-up/"
        return me.post(path, me.get(path).form().fields | said)

    def test_talk_is_a_follow_up(self, me: Person, case: CaseDriver) -> None:
        self.record(me, case, agent="工号 8812", words="还在处理", reference="CB-77")
        assert case.kinds[-1] == "follow_up"
        assert (case.last_content["agent"], case.fresh().carrier_reference) == ("工号 8812", "CB-77")
        assert case.reply_by == "2026-10-14 00:00"

    @pytest.mark.parametrize(
        ("said", "kind"),
        [
            ({"kind": "acknowledged"}, "acknowledged"),
            ({"kind": "promised", "promised_on": "2026-10-20"}, "promised"),
            ({"kind": "returned", "reason": "papers"}, "returned"),
            ({"kind": "reported_done"}, "reported_done"),
        ],
    )
    def test_an_answer_given_in_it_is_that_answer(
        self, me: Person, case: CaseDriver, said: dict[str, str], kind: str
    ) -> None:
        answer = self.record(me, case, agent="工号 8812", words="…", **said)
        assert answer.status == 302
        assert case.kinds[-1] == kind
        assert (case.last_content["way"], case.last_content["agent"]) == ("call", "工号 8812")
        assert local_str(case.fresh().last_follow_up_at) == "2026-10-16 10:00"

    def test_a_day_without_a_day_is_asked_for(self, me: Person, case: CaseDriver) -> None:
        answer = self.record(me, case, kind="promised", words="很快")
        assert "Enter the promised date." in answer.text
        assert answer.form().fields["words"] == "很快"

    def test_a_closed_case_owes_no_answer(self, me: Person, case: CaseDriver) -> None:
        case.do(ops.Verify(at("2026-10-16T09:00"), "hotline", "cancelled", confirm=True), "2026-10-16T09:00")
        page = me.get(f"/cases/{case.case.reference}/follow-up/")
        assert "Outcome" not in page.text
        self.record(me, case, words="问了")
        assert case.kinds[-1] == "follow_up"
