"""Numbers that are to be called are dialled with one tap, hotlines only; numbers, references and words are copied."""

import pytest

from cases import operations as ops
from cases.models import AppealBody, Branch, Card, Carrier, CarrierMessage, Letter, Receipt, Team, User
from tests.helpers import CaseDriver
from tests.moments import NOW
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make, path

HOTLINE = '<a class="tel-link numeric" href="tel:10086" aria-label="Call 10086">10086</a>'
COMPLAINTS = '<a class="tel-link numeric" href="tel:10080" aria-label="Call 10080">10080</a>'


@pytest.fixture
def late(new_driver: Make, mobile: Carrier) -> CaseDriver:
    Carrier.objects.filter(pk=mobile.pk).update(hotline="10086", complaint_line="10080")
    return scenarios.overdue(new_driver)


def copied(page: Page) -> list[str]:
    """What the buttons of a page copy; each is named by it, and none is there without JavaScript."""
    texts = []
    for button in page.markup.split("<button ")[1:]:
        if 'data-copy="' in button:
            text = button.split('data-copy="')[1].split('"')[0]
            assert f'aria-label="Copy {text}"' in button
            assert "copy-button script-only" in button
            texts.append(text)
    return texts


def test_the_hotline_in_what_to_do_now(me: Person, late: CaseDriver) -> None:
    assert f"Call{HOTLINE}and chase" in me.get(path(late)).markup
    assert f"Call{HOTLINE}and chase" in me.get("/").markup
    assert HOTLINE in me.get(path(late, "follow-up")).markup
    assert COMPLAINTS in me.get(path(late, "complain")).markup


def test_carriers_branches_and_appeal_bodies(
    me: Person, team: Team, mobile: Carrier, late: CaseDriver, manager: User
) -> None:
    Branch.objects.create(carrier=mobile, team=team, name="人民路营业厅", phone="027-1234 5678 转 8")
    AppealBody.objects.all().delete()
    AppealBody.objects.create(province="湖北", name="申诉中心", phone="027-12300 <转 2>", source="x", confidence="L")
    directory, carrier = me.get("/carriers/"), me.get(f"/carriers/{mobile.slug}/")
    for page in (directory, carrier):
        assert HOTLINE in page.markup
        assert COMPLAINTS in page.markup
    assert 'href="tel:02712345678" aria-label="Call 027-1234 5678 转 8">027-1234 5678 转 8</a>' in carrier.markup
    letter = me.get(path(late, "letters/appeal"))
    assert 'href="tel:02712300" aria-label="Call 027-12300 &lt;转 2&gt;">027-12300 &lt;转 2&gt;</a>' in letter.markup
    assert HOTLINE in me.get("/guide/papers/").markup


@pytest.mark.forged
def test_a_final_letter_and_an_sms(me: Person, team: Team, late: CaseDriver, manager: User) -> None:
    case = late.case
    ops.attach_receipts(case, ops.ReceiptUpload("other", [("投诉函.txt", b"hello")]), by=manager, now=NOW)
    receipt = Receipt.objects.get()
    letter = Letter.objects.create(
        case=case, kind="complaint", made_at=NOW, changed_at=NOW, made_by=manager, final_at=NOW, receipt=receipt
    )
    assert COMPLAINTS in me.get(path(late, f"letters/{letter.pk}")).markup
    message = CarrierMessage.objects.create(
        team=team, source="pasted", sender="10086", text="详询10086，勿拨 4001234567、110086<b>", received_at=NOW,
        stored_at=NOW, digest="0" * 64, state="proposed", meaning="ambiguous", case=case, card=case.card,
    )  # fmt: skip
    page = me.get(f"/messages/{message.pk}/")
    assert f"详询{HOTLINE}，勿拨 4001234567、110086&lt;b&gt;" in page.markup
    assert f"China Mobile{HOTLINE}" in page.markup
    assert copied(page) == [case.reference]


def test_the_card_itself_is_called_only_to_verify_and_where_it_is_in_full(me: Person, late: CaseDriver) -> None:
    assert "tel:138" not in me.get(path(late, "verify")).markup
    me.post(path(late, "number"))
    link = '<a class="tel-link numeric" href="tel:13800000005" aria-label="Call 138 0000 0005">138 0000 0005</a>'
    assert link in me.get(path(late, "verify")).markup
    assert "tel:138" not in me.get(path(late)).markup
    assert "tel:138" not in me.get(path(late, "follow-up")).markup


@pytest.mark.forged
def test_what_is_copied(me: Person, team: Team, late: CaseDriver) -> None:
    reference = late.case.reference
    late.case.refresh_from_db()
    late.case.carrier_reference = "SL-4711"
    late.case.save()
    page = me.get(path(late))
    assert copied(page) == [reference, "SL-4711"]  # of a masked number there is nothing to copy
    assert 'data-copy-text="call-script"' in page.markup
    assert copied(me.get("/")) == ["SL-4711"]
    me.post(path(late, "number"))
    assert copied(me.get(path(late))) == ["13800000005", reference, "SL-4711"]
    me.post(f"/teams/{team.pk}/numbers/switch/", show="yes", next="/")
    assert copied(me.get("/")) == ["13800000005", "SL-4711"]
    sheet = me.get("/calls/china-mobile/ask/")
    assert copied(sheet) == ["13800000005", "SL-4711"]
    assert 'data-copy-text="call-script"' in sheet.markup


def test_an_erased_number_is_neither_called_nor_copied(me: Person, team: Team, late: CaseDriver) -> None:
    Card.objects.filter(pk=late.case.card_id).update(number="x1")
    me.post(f"/teams/{team.pk}/numbers/switch/", show="yes", next="/")
    assert copied(me.get(path(late))) == [late.case.reference]
    assert "tel:x" not in me.get(path(late, "verify")).markup
