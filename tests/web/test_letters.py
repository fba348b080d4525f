"""Writing a letter in the browser: from the record to a receipt, and nothing typed is lost on the way."""

import re
from collections.abc import Callable

import pytest
from django.core.management import call_command

from cases.models import AppealBody, AuditEntry, Escalation, Letter, Receipt, User
from cases.operations.corrections import VoidEntry
from tests.documents.test_letter_pdf import words
from tests.domain.test_letter_rules import MADE_UP, WHOLE
from tests.helpers import CaseDriver
from tests.moments import NOW
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path


@pytest.fixture
def driver(me: Person, new_driver: Make) -> CaseDriver:
    """A complaint of 09-20 without answer; an appeal has been possible from 10-09."""
    call_command("load_carriers", verbosity=0)
    return scenarios.complaint_old(new_driver)


def letter(driver: CaseDriver, kind: str = "appeal") -> str:
    return path(driver, "letters", kind)


def test_the_case_offers_the_letters_and_the_form_is_written_from_the_record(me: Person, driver: CaseDriver) -> None:
    page = me.get(path(driver))
    assert (letter(driver, "complaint"), "Write a complaint letter (投诉函)") in page.links
    assert (letter(driver), "Write an appeal letter (申诉书)") in page.links
    page = me.get(letter(driver))
    assert "You can appeal (since 9 Oct). File the appeal by 8 Sep 2028." in page.text
    fields = page.form().fields
    assert fields["carrier_name"] == "中国移动"
    assert fields["signed_on"] == "2026-10-16"
    assert "2026年10月8日，投诉的15日答复期届满，被申诉人未作答复。" in fields["body"]
    assert not Letter.objects.exists()  # looking keeps nothing
    assert "浙江省电信用户申诉受理中心" in page.text


def test_the_name_of_the_appeal_body_is_filled_in_and_can_be_typed_over(me: Person, driver: CaseDriver) -> None:
    page = me.get(letter(driver))
    assert page.form().fields["recipient"] == ""
    assert "Check the name and address against what the body publishes." in page.text
    page = me.follow(me.send(page, letter(driver), press="save", province="浙江"))
    assert page.form().fields["recipient"] == "浙江省电信用户申诉受理中心"
    page = me.follow(me.send(page, letter(driver), press="save", province="湖北"))
    assert page.form().fields["recipient"] == "湖北省电信用户申诉受理中心"
    page = me.follow(me.send(page, letter(driver), press="save", recipient="湖北省某受理中心"))
    assert page.form().fields["recipient"] == "湖北省某受理中心"
    preview = me.post(f"{letter(driver)}preview/", page.form().fields)
    assert "此致湖北省某受理中心" in words(preview.response.content)
    whole = {**WHOLE, "province": "湖北", "recipient": "湖北省某受理中心"}
    assert me.send(page, letter(driver), press="final", **whole).status == 302
    assert "此致湖北省某受理中心" in words(Receipt.objects.get().read())


def test_left_blank_the_recipient_is_the_provinces(me: Person, driver: CaseDriver) -> None:
    assert me.fill(letter(driver), press="final", **WHOLE).status == 302
    assert "此致浙江省电信用户申诉受理中心" in words(Receipt.objects.get().read())


def test_the_form_asks_for_the_carriers_province(me: Person, driver: CaseDriver) -> None:
    page = me.get(letter(driver))
    assert "Carrier’s province Choose… " in page.text
    assert "It is usually the province where the card was opened." in page.text
    page = me.in_chinese(letter(driver))
    assert "由这个省的电信用户申诉受理机构受理，一般就是开户省份。" in page.text
    assert "名称、地址请以该机构公布的为准。" in page.text
    assert "recipient" not in me.get(letter(driver, "complaint")).form().fields


def test_the_appeal_bodies_are_listed_with_their_source_in_the_readers_language(me: Person, driver: CaseDriver) -> None:
    text = me.get(letter(driver)).text
    assert "湖北省电信用户申诉受理中心 · 武汉市东湖开发区珞瑜路789号，邮编 430074" in text
    assert (
        "Source: Website of the Hubei Communications Administration, page 电信用户申诉 "
        "(hubca.miit.gov.cn/gzcy/dxyhss/index.html) (High: original text, or tested)"
    ) in text
    assert "Online: yhssglxt.miit.gov.cn; WeChat account 电信用户申诉 (source: public web page, not verified;" in text
    text = me.in_chinese(letter(driver)).text
    assert "名称参照湖北省公布的名称推定，未逐省核对（低：一处网页，未核实）" in text
    assert "微信公众号“电信用户申诉”（来源：公开网页，未核实，提交前请核对）" in text
    assert "可信度 M" not in text


@pytest.mark.parametrize(
    ("language", "complaint", "appeal"), [("en", "Complainant", "Appellant"), ("zh-hans", "投诉人", "申诉人")]
)
def test_each_letter_asks_for_the_one_who_signs_it(
    sign_in: Callable[..., Person], manager: User, driver: CaseDriver, language: str, complaint: str, appeal: str
) -> None:
    person = sign_in(manager, language)
    for kind, label in (("complaint", complaint), ("appeal", appeal)):
        page = person.get(letter(driver, kind))
        assert re.findall(r'<label\s+for="id_name"[^>]*>([^<]*)', page.markup) == [label]


def test_the_text_from_the_record_follows_the_name_that_was_typed(me: Person, driver: CaseDriver) -> None:
    address = letter(driver, "complaint")
    assert "本人现正式提出投诉" in me.get(address).form().fields["body"]
    page = me.follow(me.fill(address, press="save", name="演示科技有限公司"))
    assert "本人现正式提出投诉" in page.form().fields["body"]  # what was saved is nobody's to change
    assert "我单位现正式提出投诉" in page.text


def test_from_the_draft_to_the_receipt_and_the_appeal(me: Person, driver: CaseDriver) -> None:
    saved = me.fill(letter(driver), press="save", name="演示公司")
    page = me.follow(saved)
    assert "Draft saved." in page.text
    assert page.form().fields["name"] == "演示公司"
    assert (letter(driver), "Continue draft") in me.get(path(driver)).links
    done = me.send(page, letter(driver), press="final", **WHOLE)
    page = me.follow(done)
    receipt = Receipt.objects.get()
    assert f"/receipts/{receipt.pk}/" in "".join(page.hrefs)
    assert receipt.read().startswith(b"%PDF-")
    assert me.get(path(driver, "receipts", str(receipt.pk))).response.headers["Content-Type"] == "application/pdf"
    sent = next(href for href, said in page.links if said == "Mark as sent")
    form = me.get(sent).form().fields
    assert form["words"] == "Letter sent: 申诉书 2026-10-16.pdf"
    assert me.send(me.get(sent), path(driver, "appeal"), reference="SS-1").status == 302
    assert Escalation.objects.filter(kind="appeal", reference="SS-1").exists()
    case = me.get(path(driver))
    assert ("Final letter: 16 Oct", done.location) in [(said, href) for href, said in case.links]
    assert "Letter finalised" in case.text
    assert me.get(done.location).part("main").count("Mark as sent") == 0  # an appeal runs


def test_what_is_missing_is_told_at_its_field_and_the_draft_is_kept(me: Person, driver: CaseDriver) -> None:
    page = me.fill(letter(driver), press="final", name="演示公司", body="改过的正文", address="某路 1 号")
    assert page.status == 200
    assert "Complete the fields marked below before you finalise. The draft is saved." in page.text
    # phone, postcode, address of the carrier, province
    assert page.text.count("Required before you finalise.") == 4
    draft = Letter.objects.get()
    assert (draft.body, draft.fields["address"], Receipt.objects.count()) == ("改过的正文", "某路 1 号", 0)
    assert page.form().fields["body"] == "改过的正文"
    assert me.send(page, letter(driver), press="final", **WHOLE).status == 302  # and goes on from there


def test_two_tabs_lose_nothing(me: Person, colleague: Person, driver: CaseDriver) -> None:
    mine, theirs = me.get(letter(driver)), colleague.get(letter(driver))
    assert colleague.send(theirs, letter(driver), press="save", body="同事的正文", address="同事的地址").status == 302
    page = me.send(mine, letter(driver), press="save", body="我的正文")
    assert "This letter was saved elsewhere while you had it open." in page.text
    assert page.form().fields["body"] == "我的正文"
    assert "同事的正文" in page.text
    assert "同事的地址" in page.text
    assert Letter.objects.get().body == "同事的正文"
    assert me.send(page, letter(driver), press="save").status == 302
    assert Letter.objects.get().body == "我的正文"


def test_a_tab_left_open_after_it_became_final_begins_a_new_one(me: Person, driver: CaseDriver) -> None:
    me.fill(letter(driver), press="save")
    old = me.get(letter(driver))
    me.fill(letter(driver), press="final", **WHOLE)
    page = me.send(old, letter(driver), press="save", body="还想改")
    assert "was finalised or deleted while you had it open" in page.text
    assert me.send(page, letter(driver), press="save").status == 302
    assert Letter.objects.get(final_at=None).body == "还想改"


def test_final_pressed_twice_is_one_letter(me: Person, driver: CaseDriver) -> None:
    page = me.get(letter(driver))
    first, second = (me.send(page, letter(driver), press="final", **WHOLE) for _ in range(2))
    assert first.location == second.location
    assert (Receipt.objects.count(), driver.kinds.count("letter")) == (1, 1)


def test_the_preview_is_what_was_typed_and_keeps_nothing(me: Person, driver: CaseDriver) -> None:
    page = me.get(letter(driver))
    response = me.post(f"{letter(driver)}preview/", {**page.form().fields, "body": "未保存的正文", "signed_on": ""})
    assert response.response.headers["Content-Type"] == "application/pdf"
    assert response.response.headers["Content-Disposition"].startswith("inline")
    assert response.response.content.startswith(b"%PDF-")
    assert not Letter.objects.exists()
    wrong = me.post(f"{letter(driver)}preview/", {**page.form().fields, "postcode": "31000", "body": "留着"})
    assert "A postcode has six digits." in wrong.text
    assert wrong.form().fields["body"] == "留着"


@pytest.mark.parametrize("field", ["name", "carrier_address", "recipient", "body"])
def test_no_field_takes_an_identity_number(me: Person, driver: CaseDriver, field: str) -> None:
    typed = {**WHOLE, "body": "正文", field: MADE_UP}
    page = me.post(letter(driver), {**typed, "press": "final"})
    assert "This looks like an identity number (…1234)." in page.text
    assert page.form().fields[field] == MADE_UP  # what was typed stays on the page, and nowhere else
    assert not Letter.objects.exists()
    assert "identity number" in me.post(f"{letter(driver)}preview/", typed).text


def test_the_number_is_masked_until_it_is_in_a_pdf_which_its_card_tells(me: Person, driver: CaseDriver) -> None:
    number = driver.case.card.number
    page = me.get(letter(driver))
    assert number not in page.html
    assert not AuditEntry.objects.filter(kind="number_shown").exists()
    me.post(f"{letter(driver)}preview/", page.form().fields)
    me.send(page, letter(driver), press="final", **WHOLE)
    noted = AuditEntry.objects.filter(kind="number_shown", card=driver.case.card, case=driver.case, by=me.user)
    assert noted.count() == 2


def test_a_draft_is_thrown_away(me: Person, driver: CaseDriver) -> None:
    me.fill(letter(driver), press="save", name="演示公司")
    page = me.get(letter(driver))
    away = f"{letter(driver)}throw-away/"
    me.fill(letter(driver), press="save", body="后来改的")
    assert "saved elsewhere" in me.follow(me.send(page, letter(driver), away)).text
    assert me.follow(me.send(me.get(letter(driver)), letter(driver), away)).status == 200
    assert not Letter.objects.exists()
    assert me.post(away, seen="").status == 302  # twice is no harm


def test_the_page_says_what_an_appeal_still_waits_for(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    page = me.get(letter(driver))
    assert "You cannot appeal yet: complain to the carrier first." in page.text
    assert "You can still prepare the letter." in page.text
    assert "appeal yet" not in me.get(letter(driver, "complaint")).part("main")


def test_not_for_a_draft_case_nor_a_closed_one(me: Person, new_driver: Make) -> None:
    for state, name in ((scenarios.draft, "In preparation"), (scenarios.confirmed, "Cancelled, confirmed")):
        driver = state(new_driver)
        page = me.get(letter(driver))
        assert f"This action is not available while the case is “{name}”." in page.text
        refused = me.post(letter(driver), {**WHOLE, "body": "正文", "press": "save"})
        assert refused.status == 200
    assert not Letter.objects.exists()


def test_whose_letters_are_whose(me: Person, outsider: Person, driver: CaseDriver, new_driver: Make) -> None:
    done = me.fill(letter(driver), press="final", **WHOLE)
    me.fill(letter(driver), press="save")
    for address in (letter(driver), f"{letter(driver)}preview/", f"{letter(driver)}throw-away/"):
        assert outsider.post(address, WHOLE).status == 404
    assert outsider.get(letter(driver)).status == 404
    assert outsider.get(done.location).status == 404
    assert me.get(letter(driver, "petition")).status == 404
    other = scenarios.overdue(new_driver)
    assert me.get(done.location.replace(driver.case.reference, other.case.reference)).status == 404
    draft = Letter.objects.get(final_at=None)
    assert me.get(path(driver, "letters", str(draft.pk))).status == 404  # not final: nothing to show
    assert Letter.objects.count() == 2


def test_junk_is_no_error(me: Person, driver: CaseDriver) -> None:
    junk = {"seen": "yesterday", "click": "x", "body": "\0", "signed_on": "31.31.", "province": "Atlantis"}
    for press in ("save", "final", "nothing"):
        assert me.post(letter(driver), {**junk, "press": press}).status == 200
        assert me.post(letter(driver), {"press": press, "seen": "9999-99-99"}).status == 200
    assert me.post(f"{letter(driver)}preview/", junk).status == 200
    assert me.post(f"{letter(driver)}throw-away/", junk).status == 302
    assert not Letter.objects.exists()


def test_an_appeal_too_early_or_too_late_is_asked_back_and_then_recorded(me: Person, new_driver: Make) -> None:
    driver = scenarios.complained(new_driver)  # possible from 10-17
    page = me.fill(path(driver, "appeal"), reference="SS-2")
    assert "You can appeal from 17 Oct" in page.text
    assert "tick the box" in page.text
    assert me.send(page, path(driver, "appeal"), anyway="on").status == 302
    assert driver.kinds[-1] == "appeal"


def test_without_appeal_bodies_the_page_still_works(me: Person, driver: CaseDriver) -> None:
    AppealBody.objects.all().delete()
    assert me.get(letter(driver)).status == 200


def test_a_voided_letter_is_marked_and_not_offered_as_sent(me: Person, driver: CaseDriver) -> None:
    sent = me.follow(me.fill(letter(driver), press="final", **WHOLE))
    address = path(driver, "letters", str(Letter.objects.get().pk))
    assert (address, "Final letter: 16 Oct") in me.get(path(driver)).links
    assert "Mark as sent" in sent.text
    driver.case = driver.fresh()
    driver.do(VoidEntry(driver.kinds.index("letter") + 1, "写错了"), NOW)
    assert (address, "Final letter: 16 Oct (its entry is void)") in me.get(path(driver)).links
    page = me.get(address)
    assert "Its entry was voided. The letter is kept, but does not count." in page.text
    assert "Mark as sent" not in page.text
