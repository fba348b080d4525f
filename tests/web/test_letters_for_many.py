"""One letter to each carrier about many cases, and who writes, kept once for the team."""

from typing import Any

from django.core.management import call_command

from cases import operations as ops
from cases.models import AuditEntry, Carrier, Case, Letter, LetterBundle, LetterRecipient, Receipt, Team, TeamSender
from cases.operations.integrity import check_integrity
from tests.helpers import at
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make

COMPLAINT = "/letters/new/complaint/"
SENDER = {
    "name": "上海测试有限公司",
    "phone": "021-00000000",
    "address": "上海市测试路 1 号",
    "postcode": "200000",
    "contact": "李娜",
}


def open_letters(me: Person, *cases: Case, kind: str = "complaint") -> Page:
    return me.post(f"/letters/new/{kind}/", {"case": [case.reference for case in cases]})


def finalize(me: Person, page: Page, kind: str = "complaint", **typed: Any) -> Page:
    form = next(form for form in page.forms if "signed_on" in form.every)
    return me.post(f"/letters/new/{kind}/", form.fields | typed)


def kinds(case: Case) -> list[str]:
    return list(case.entries.order_by("sequence").values_list("kind", flat=True))


def test_one_letter_to_each_carrier_with_an_entry_and_a_deadline_on_every_case(
    me: Person, new_driver: Make, unicom: Carrier
) -> None:
    mobile_cases = [scenarios.overdue(new_driver, f"1380000000{number}").case for number in range(3)]
    other = new_driver("13100000001", carrier=unicom, now="2026-09-30T15:00", submitted="2026-09-30T15:00").case
    bystander = scenarios.overdue(new_driver, "13800000008").case
    page = open_letters(me, *mobile_cases, other)
    assert "China Mobile: 3 numbers" in page.text
    assert "China Unicom: 1 number" in page.text
    assert "就附表所列3个号码的销户申请逾期未办结一事" in page.html
    page = me.follow(finalize(me, page, **SENDER))
    assert TeamSender.objects.get().name == "上海测试有限公司"  # kept by a manager, as the team had none
    assert "2 letters finalised." in page.text
    assert [kinds(case)[-2:] for case in (*mobile_cases, other)] == [["letter", "complaint"]] * 4
    assert kinds(bystander)[-1] == "submitted"
    assert {case.escalations.get().answer_by for case in mobile_cases} == {at("2026-11-03T00:00")}
    bundle = LetterBundle.objects.get(carrier__slug="china-mobile")
    receipts = Receipt.objects.filter(case__in=mobile_cases)
    assert (receipts.count(), len({receipt.sha256 for receipt in receipts})) == (3, 1)
    assert set(bundle.letters.values_list("case", flat=True)) == {case.pk for case in mobile_cases}
    page = me.get(f"/letters/{bundle.pk}/")
    assert "投诉函 2026-10-16.pdf, China Mobile: 3 numbers" in page.text
    download = next(href for href in page.hrefs if "/receipts/" in href)
    assert me.get(download).response.headers["Content-Type"] == "application/pdf"


def test_what_refuses_is_named_and_the_others_go_on(me: Person, new_driver: Make) -> None:
    good, draft = scenarios.overdue(new_driver).case, scenarios.draft(new_driver).case
    running = scenarios.overdue(new_driver, "13800000021")
    running.do(ops.Complain(at("2026-10-15T10:00")), "2026-10-15T10:00")
    page = open_letters(me, good, draft, running.case)
    assert "2 cases are not in a letter" in page.text
    assert "China Mobile: 1 number" in page.text
    finalize(me, page, **SENDER)
    assert [kinds(case)[-1] for case in (good, draft, running.case)] == ["complaint", "logged", "complaint"]
    assert Letter.objects.get().case == good


def test_a_mixed_selection_makes_a_letter_for_the_late_and_one_for_the_money(me: Person, new_driver: Make) -> None:
    late, settled = scenarios.overdue(new_driver).case, scenarios.confirmed(new_driver).case
    owed = [scenarios.refund_overdue(new_driver, f"1380000004{number}").case for number in range(2)]
    page = open_letters(me, late, settled, *owed)
    assert "China Mobile, money owed after the cancellation: 2 numbers" in page.text
    assert "China Mobile: 1 number" in page.text
    assert "1 case is not in a letter 138****0011 The number is cancelled, and no refund is overdue" in page.text
    assert "就附表所列2个号码销户后余额未退还一事" in page.html
    assert "就附表所列1个号码的销户申请逾期未办结一事" in page.html
    preview = finalize(me, page, **SENDER, preview="money.china-mobile")
    assert preview.response.content[:5] == b"%PDF-"
    page = me.follow(finalize(me, page, **SENDER, **{"carrier_address_money.china-mobile": "上海市测试路 9 号"}))
    assert "2 letters finalised." in page.text
    assert [kinds(case)[-2:] for case in (late, *owed)] == [["letter", "complaint"]] * 3
    assert kinds(settled)[-1] == "confirmed"
    assert {(bundle.name, bundle.letters.count()) for bundle in LetterBundle.objects.all()} == {
        ("投诉函 2026-10-16.pdf", 1),
        ("投诉函（费用） 2026-10-16.pdf", 2),
    }
    assert LetterRecipient.objects.get().address == "上海市测试路 9 号"
    for case in (late, *owed):
        case.refresh_from_db()
        assert not check_integrity(case).flaws


def test_without_sending_nothing_but_the_letter_is_recorded(me: Person, new_driver: Make) -> None:
    case = scenarios.overdue(new_driver).case
    page = open_letters(me, case)
    form = next(form for form in page.forms if "signed_on" in form.every)
    fields = form.fields | SENDER
    del fields["is_sent"]
    me.post(COMPLAINT, fields)
    assert kinds(case)[-1] == "letter"
    page = me.get(f"/letters/{LetterBundle.objects.get().pk}/")
    assert next(form.fields["references"] for form in page.forms if form.action == "/cases/many/") == case.reference


def test_sent_twice_there_is_one_letter_and_all_of_it_is_undone(me: Person, new_driver: Make) -> None:
    cases = [scenarios.overdue(new_driver, f"1380000000{number}").case for number in range(2)]
    page = open_letters(me, *cases)
    for _ in range(2):
        assert finalize(me, page, **SENDER).location == "/letters/"
    assert LetterBundle.objects.count() == 1
    token = next(form for form in page.forms if "signed_on" in form.every).fields["click"]
    assert "Undone on 2 cases" in me.post(f"/acts/{token}/undo/").text
    page = me.get(f"/letters/{LetterBundle.objects.get().pk}/")
    assert page.text.count("Its entry was voided.") == 2


def test_the_preview_shows_the_numbers_and_stores_nothing(me: Person, new_driver: Make) -> None:
    case = scenarios.overdue(new_driver).case
    page = finalize(me, open_letters(me, case), **SENDER, preview="china-mobile")
    assert page.response.content[:5] == b"%PDF-"
    assert AuditEntry.objects.filter(kind="number_shown", card=case.card, about="letter").count() == 1
    assert kinds(case)[-1] == "submitted"
    assert not LetterBundle.objects.exists()


def test_an_appeal_for_those_whose_complaint_has_no_answer(me: Person, new_driver: Make) -> None:
    call_command("load_carriers", verbosity=0)
    ready = new_driver("13800000001", now="2026-09-10T10:00", submitted="2026-09-10T10:00")
    ready.do(ops.Complain(at("2026-09-20T10:00"), "TS-1"), "2026-09-20T10:00")
    too_early = scenarios.overdue(new_driver, "13800000002").case
    page = open_letters(me, ready.case, too_early, kind="appeal")
    assert "1 case is not in a letter" in page.text
    assert "各号码的投诉日期和投诉单号见附表" in page.html
    typed = {"carrier_address_china-mobile": "上海市测试路 9 号", "province_china-mobile": "湖北"}
    page = finalize(me, page, "appeal", **SENDER, **typed)
    assert page.location == "/letters/"
    assert kinds(ready.case)[-2:] == ["letter", "appeal"]
    recipient = LetterRecipient.objects.get()
    assert (recipient.address, recipient.province) == ("上海市测试路 9 号", "湖北")


def test_the_team_keeps_who_writes_and_every_letter_begins_with_it(me: Person, new_driver: Make, team: Team) -> None:
    case = scenarios.overdue(new_driver).case
    page = me.post(f"/teams/{team.pk}/sender/", SENDER | {"credit_code": "91350100M000100Y43"})
    assert page.location == f"/teams/{team.pk}/"
    assert TeamSender.objects.get().contact == "李娜"
    entry = AuditEntry.objects.filter(kind="settings_changed").latest("id")
    assert entry.about == "sender: name, address, postcode, phone, contact, credit_code"
    for page in (me.get(f"/cases/{case.reference}/letters/complaint/"), open_letters(me, case)):
        assert "上海测试有限公司" in page.html
        assert "91350100M000100Y43" in page.html
        assert "上海市测试路 1 号" in page.html
    assert "Sender of letters" in me.get(f"/teams/{team.pk}/audit/").text


def test_a_wrong_credit_code_and_an_identity_number_are_refused(me: Person, team: Team) -> None:
    page = me.post(f"/teams/{team.pk}/sender/", SENDER | {"credit_code": "91310000MA1FL0000A"})
    assert "This is not a unified social credit identifier." in page.text
    page = me.post(f"/teams/{team.pk}/sender/", SENDER | {"credit_code": "", "contact": "310101199001011234"})
    assert not TeamSender.objects.exists()
    assert page.status == 200


def test_another_teams_letter_and_cases_stay_hidden(me: Person, outsider: Person, new_driver: Make) -> None:
    case = scenarios.overdue(new_driver).case
    assert "No cases selected." in open_letters(outsider, case).text
    finalize(me, open_letters(me, case), **SENDER)
    assert outsider.get(f"/letters/{LetterBundle.objects.get().pk}/").status == 404
    assert "No letters about several cases yet" in outsider.get("/letters/").text


def test_the_record_of_each_case_verifies(me: Person, new_driver: Make) -> None:
    case = scenarios.overdue(new_driver).case
    finalize(me, open_letters(me, case), **SENDER)
    case.refresh_from_db()
    assert not check_integrity(case).flaws


def test_an_agent_does_not_change_who_writes(colleague: Person, mobile: Carrier, new_driver: Make) -> None:
    case = scenarios.overdue(new_driver).case
    finalize(colleague, open_letters(colleague, case), **SENDER, keep_sender="on")
    assert kinds(case)[-1] == "complaint"
    assert not TeamSender.objects.exists()
