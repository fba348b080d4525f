"""Call sheets: what is due for a call by carrier, and the answers of one call recorded on every case."""

from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import operations as ops
from cases.models import AuditEntry, Carrier, Case, TimelineEntry
from cases.models.choices import FullNumbers
from tests.helpers import at
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make

ASK = "/calls/china-mobile/ask/"


def record(me: Person, page: Page, address: str = ASK, **typed: object) -> Page:
    form = next(form for form in page.forms if "click" in form.every)
    fields = {name: values if len(values) > 1 else values[0] for name, values in form.every.items()}
    return me.post(address, fields | typed)


def kinds(case: Case) -> list[str]:
    return list(case.entries.order_by("sequence").values_list("kind", flat=True))


def late(make: Make, number: str) -> Case:
    """One working day overdue: to be chased."""
    return make(number, now="2026-10-10T09:00", submitted="2026-10-08T15:00", reference="SL-1").case


def to_complain_about(make: Make, number: str = "13800000005") -> Case:
    """Late since 22 September, more than eleven working days."""
    return make(number, now="2026-09-14T15:00", submitted="2026-09-14T15:00").case


def test_one_line_for_each_carrier_and_purpose(me: Person, new_driver: Make) -> None:
    for number in range(3):
        late(new_driver, f"1380000000{number}")
    scenarios.to_verify(new_driver)
    to_complain_about(new_driver)
    scenarios.waiting(new_driver, "13800000012")
    page = me.get("/calls/")
    assert "China Mobile, Ask and chase: 3 numbers, one call" in page.text
    assert "China Mobile, Verify: 1 number, one call" in page.text
    assert "China Mobile, File complaints: 1 number, one call" in page.text
    assert "5 numbers are due for a call now." in page.text


def test_the_sheet_shows_numbers_in_full_and_their_cards_tell_so_once_a_day(me: Person, new_driver: Make) -> None:
    case = late(new_driver, "13800000001")
    page = me.get(ASK)
    assert "138 0000 0001" in page.text
    assert (
        "submitted on 8 Oct, carrier reference number (受理单号): SL-1, due by 14 Oct, 2 working days overdue"
        in page.text
    )
    assert "Call 10086" in page.text
    assert "1 cancellation request that is overdue" in page.text
    me.get(ASK)
    entry = AuditEntry.objects.get(kind="number_shown", card=case.card)
    assert (entry.by, entry.about, entry.case) == (me.user, "call sheet", case)


def test_a_team_that_forbids_full_numbers_has_masked_sheets(me: Person, new_driver: Make) -> None:
    case = late(new_driver, "13800000001")
    case.team.full_numbers = FullNumbers.FORBIDDEN
    case.team.save()
    page = me.get(ASK)
    assert "138****0001" in page.text
    assert "138 0000 0001" not in page.html
    assert not AuditEntry.objects.filter(kind="number_shown").exists()


def test_one_answer_for_all_and_others_for_some(me: Person, new_driver: Make) -> None:
    cases = [late(new_driver, f"1380000000{number}") for number in range(5)]
    bystander = late(new_driver, "13800000009")
    page = me.get(ASK)
    token = next(form for form in page.forms if "click" in form.every).every["click"][0]
    page = record(
        me,
        page,
        agent="工号 88",
        outcome="no_reply",
        words="还在审核",
        happened_at="2026-10-16T09:50",
        day="2026-10-20",
        reason="arrears",
        **{
            f"outcome_{cases[1].reference}": "promised",
            f"outcome_{cases[2].reference}": "promised",
            f"day_{cases[2].reference}": "2026-10-19",
            f"outcome_{cases[3].reference}": "returned",
            f"outcome_{cases[4].reference}": "reported_done",
            f"reference_{cases[4].reference}": "SL-9",
            f"outcome_{bystander.reference}": "not_asked",
        },
    )
    assert "Call recorded on 5 cases." in me.follow(page).text
    assert [kinds(case)[-1] for case in cases] == ["follow_up", "promised", "promised", "returned", "reported_done"]
    assert kinds(bystander)[-1] == "submitted"
    said = [case.entries.latest("sequence").content.body for case in cases]
    assert [body["agent"] for body in said] == ["工号 88"] * 5
    assert [body["words"] for body in said] == ["还在审核"] * 5
    assert [body.get("promised_on") for body in said] == [None, "2026-10-20", "2026-10-19", None, None]
    assert said[3]["reason"] == "arrears"
    assert said[4]["reference"] == "SL-9"
    assert {entry.click for case in cases for entry in [case.entries.latest("sequence")]} == {UUID(token)}


def test_what_was_called_about_is_not_due_again_today(me: Person, new_driver: Make) -> None:
    late(new_driver, "13800000001")
    record(me, me.get(ASK), outcome="no_answer", happened_at="2026-10-16T09:50")
    assert "No calls are due" in me.get("/calls/").text
    assert TimelineEntry.objects.get(kind="follow_up").content.body["words"] == "No answer"


def test_sent_twice_it_is_recorded_once(me: Person, new_driver: Make) -> None:
    case = late(new_driver, "13800000001")
    page = me.get(ASK)
    for _ in range(2):
        record(me, page, outcome="under_review", happened_at="2026-10-16T09:50")
    assert kinds(case).count("under_review") == 1


def test_a_refused_case_stays_with_its_reason_and_the_others_go_on(me: Person, new_driver: Make) -> None:
    good, closed = (
        late(new_driver, "13800000001"),
        new_driver("13800000002", now="2026-10-10T09:00", submitted="2026-10-08T15:00"),
    )
    page = me.get(ASK)
    closed.do(ops.Withdraw("不办了"), "2026-10-16T09:55")
    page = record(me, page, outcome="under_review", happened_at="2026-10-16T09:50")
    assert "Call recorded on 1 case." in page.text
    assert "1 case was not recorded. It stays here with the reason." in page.text
    assert "This cannot be recorded while the case is “Withdrawn”." in page.text
    assert closed.case.reference in page.text
    assert good.reference not in page.text
    assert kinds(good)[-1] == "under_review"


def test_a_promise_without_a_date_is_asked_for_and_nothing_is_recorded(me: Person, new_driver: Make) -> None:
    case = late(new_driver, "13800000001")
    page = record(me, me.get(ASK), outcome="promised", happened_at="2026-10-16T09:50")
    assert "Enter the promised date." in page.text
    assert kinds(case)[-1] == "submitted"


def test_all_of_it_is_undone_together(me: Person, new_driver: Make) -> None:
    cases = [late(new_driver, f"1380000000{number}") for number in range(2)]
    page = me.get(ASK)
    token = next(form for form in page.forms if "click" in form.every).every["click"][0]
    record(
        me,
        page,
        happened_at="2026-10-16T09:50",
        **{"outcome": "no_reply", f"outcome_{cases[0].reference}": "under_review"},
    )
    page = me.post(f"/acts/{token}/undo/")
    assert "Undone on 2 cases" in page.text


def test_complaints_by_telephone(me: Person, new_driver: Make) -> None:
    case = to_complain_about(new_driver)
    page = me.get("/calls/china-mobile/complain/")
    assert "Call 10080" in page.text
    record(me, page, "/calls/china-mobile/complain/", agent="88", reference="TS-1", happened_at="2026-10-16T09:50")
    entry = case.entries.latest("sequence")
    assert (entry.kind, entry.content.body["reference"]) == ("complaint", "TS-1")
    assert entry.content.body["words"] == "Carrier representative: 88"
    assert case.escalations.get().answer_by == at("2026-11-03T00:00")


def test_verified_by_hotline(me: Person, new_driver: Make) -> None:
    done, alive = scenarios.to_verify(new_driver).case, scenarios.to_verify(new_driver, "13800000018").case
    address = "/calls/china-mobile/verify/"
    record(
        me,
        me.get(address),
        address,
        outcome="cancelled",
        happened_at="2026-10-16T09:50",
        **{f"outcome_{alive.reference}": "alive"},
    )
    assert [kinds(case)[-1] for case in (done, alive)] == ["confirmed", "verified"]
    assert "No calls are due" in me.get("/calls/").text


def test_a_batch_is_one_line_with_an_answer_of_its_own(me: Person, new_driver: Make, mobile: Carrier) -> None:
    from cases.operations.batches import NewBatch, submit_batch

    numbers = ["13900000001", "13900000002"]
    result = submit_batch(
        late(new_driver, "13800000001").team,
        NewBatch(mobile, numbers, "letter", "unused", at("2026-10-08T15:00"), reference="PL-7"),
        by=me.user,
        now=at("2026-10-08T16:00"),
    )
    page = me.get(ASK)
    assert "Batch China Mobile · PL-7: 2 numbers" in page.text
    record(me, page, happened_at="2026-10-16T09:50", **{f"outcome_batch_{result.batch.pk}": "under_review"})
    assert [kinds(case)[-1] for case in result.cases] == ["under_review", "under_review"]
    assert TimelineEntry.objects.filter(kind="follow_up").count() == 1


def test_a_snoozed_case_and_one_with_an_unread_message_are_left_out(me: Person, new_driver: Make) -> None:
    from cases.operations.follow_up import Snooze
    from tests.helpers import on

    driver = new_driver("13800000001", now="2026-10-10T09:00", submitted="2026-10-08T15:00")
    driver.do(Snooze(on("2026-10-20")), "2026-10-16T09:00")
    waiting = late(new_driver, "13800000002")
    waiting.message_at = at("2026-10-16T09:00")
    waiting.save()
    assert "No calls are due" in me.get("/calls/").text


def test_another_teams_cases_are_not_on_the_sheet_and_not_recorded(
    me: Person, outsider: Person, new_driver: Make
) -> None:
    case = late(new_driver, "13800000001")
    page = me.get(ASK)
    assert "No calls are due" in outsider.get("/calls/").text
    assert case.reference not in outsider.get(ASK).html
    page = record(outsider, page, happened_at="2026-10-16T09:50")
    assert "No cases selected." in outsider.follow(page).text
    assert kinds(case)[-1] == "submitted"


def test_the_number_of_queries_does_not_grow_with_the_numbers(me: Person, new_driver: Make) -> None:
    counts = []
    for many in (2, 12):
        for number in range(many):
            late(new_driver, f"13800{many:02}{number:04}")
        me.get("/calls/")
        for address in ("/calls/", ASK):
            with CaptureQueriesContext(connection) as queries:
                me.get(address)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
