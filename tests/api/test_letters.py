"""Letters by way of the API: a draft from the record, changed as it was read, shown, and made final."""

import pytest
from django.core.management import call_command

from cases.models import AuditEntry, Letter, Receipt, Team, User
from tests.api.conftest import Made, Program
from tests.documents.test_letter_pdf import words
from tests.domain.test_letter_rules import MADE_UP, WHOLE
from tests.helpers import CaseDriver
from tests.web import scenarios


@pytest.fixture
def driver(new_driver: scenarios.Make) -> CaseDriver:
    call_command("load_carriers", verbosity=0)
    return scenarios.complaint_old(new_driver)


def test_from_the_record_to_the_receipt(program: Program, driver: CaseDriver) -> None:
    address = f"cases/{driver.case.reference}/letters/appeal"
    answer = program.get(address)
    assert (answer["kept"], answer["carrier_name"], answer["signed_on"]) == (False, "中国移动", "2026-10-16")
    assert "2026年10月8日，投诉的15日答复期届满，被申诉人未作答复。" in answer["body"]
    assert not Letter.objects.exists()  # reading keeps nothing
    draft = {"name": "演示公司", "body": "改过的正文"}
    program("PUT", address, draft, 428)
    saved = program("PUT", address, draft, If_Match=program.get(address) and program.etag)
    assert (saved["kept"], saved["body"], saved["missing"][:2]) == (True, "改过的正文", ["address", "postcode"])
    etag = program.etag
    lacking = program.post(f"{address}/final", None, 422, If_Match=etag)["errors"]
    assert [one["field"] for one in lacking] == [
        "address", "postcode", "phone", "carrier_name", "carrier_address", "province", "signed_on",
    ]  # fmt: skip
    program("PUT", address, {**WHOLE, "body": "一、申诉请求"}, If_Match=etag)
    assert program("PUT", address, draft, 412, If_Match=etag)["code"] == "changed_since"
    program.get(f"{address}/preview")
    assert (program.last["Content-Type"], program.last.content[:5]) == ("application/pdf", b"%PDF-")
    etag = program.get(address) and program.etag
    final = program.post(f"{address}/final", None, 201, If_Match=etag, Idempotency_Key="a")
    assert (final["kind"], final["receipt"]["name"]) == ("appeal", "申诉书 2026-10-16.pdf")
    assert program.post(f"{address}/final", None, 201, If_Match=etag, Idempotency_Key="a") == final
    assert Receipt.objects.get().read().startswith(b"%PDF-")
    assert program.get(f"cases/{driver.case.reference}/letters") == [final]
    rows = AuditEntry.objects.filter(kind="number_shown", case=driver.case)
    assert [entry.about for entry in rows] == ["API: sync"] * 2


def test_the_recipient_is_the_appeal_body_of_the_province_or_what_was_sent(
    program: Program, driver: CaseDriver
) -> None:
    address = f"cases/{driver.case.reference}/letters/appeal"
    assert program.get(address)["recipient"] == ""
    saved = program("PUT", address, {**WHOLE, "province": "湖北", "body": "一、"}, If_Match=program.etag)
    assert saved["recipient"] == "湖北省电信用户申诉受理中心"
    sent = {**WHOLE, "recipient": "浙江省某受理中心", "body": "一、"}
    assert program("PUT", address, sent, If_Match=program.etag)["recipient"] == "浙江省某受理中心"
    program.get(f"{address}/preview")
    assert "此致浙江省某受理中心" in words(program.last.content)
    complaint = f"cases/{driver.case.reference}/letters/complaint"
    assert program("PUT", complaint, {"recipient": "某机构", "body": "一、"}, If_Match="*")["recipient"] == ""


def test_the_text_from_the_record_follows_the_name_that_was_sent(program: Program, driver: CaseDriver) -> None:
    address = f"cases/{driver.case.reference}/letters/complaint"
    assert "本人现正式提出投诉" in program.get(address)["from_record"]
    saved = program("PUT", address, {"name": "演示科技有限公司"}, If_Match=program.etag)
    assert "我单位现正式提出投诉" in saved["from_record"]


def test_what_no_draft_takes(program: Program, program_of: Made, driver: CaseDriver, manager: User, team: Team) -> None:
    address = f"cases/{driver.case.reference}/letters/complaint"
    refused = program("PUT", address, {"body": MADE_UP}, 422, If_Match="*")["errors"]
    assert [(one["field"], one["code"]) for one in refused] == [("body", "identity_number")]
    assert program("PUT", address, {"province": "浙江"}, 422, If_Match="*")["code"] == "no_such_province"
    assert program("PUT", address, {"postcode": "31"}, 422, If_Match="*")["errors"][0]["field"] == "postcode"
    program.get(f"cases/{driver.case.reference}/letters/poem", 422)
    assert program("DELETE", address, None, 404, If_Match="*")["code"] == "not_found"
    program("PUT", address, {"body": "x"}, If_Match="*")
    assert program_of(manager, team, "read write").get(f"{address}/preview", 403)["code"] == "scope_missing"
    program("DELETE", address, None, 204, If_Match="*")
    assert not Letter.objects.exists()


def test_a_voided_letter_is_marked_and_so_is_its_receipt(program: Program, driver: CaseDriver) -> None:
    address = f"cases/{driver.case.reference}"
    for kind in ("complaint", "appeal"):
        fields = {**WHOLE, "province": WHOLE["province"] if kind == "appeal" else "", "body": "一、申诉请求"}
        program("PUT", f"{address}/letters/{kind}", fields, If_Match="*")
        program.post(f"{address}/letters/{kind}/final", None, 201, If_Match="*")
    voided = driver.kinds.index("letter") + 1
    program.post(f"{address}/entries/{voided}/void", {"words": "写错了"}, If_Match="*")
    letters = program.get(f"{address}/letters")
    assert [(letter["kind"], letter["voided"], letter["receipt"]["voided"]) for letter in letters] == [
        ("complaint", True, True),
        ("appeal", False, False),
    ]
    assert [receipt["voided"] for receipt in program.get(f"{address}/receipts")] == [True, False]
    assert program.get(f"{address}/receipts/{letters[0]['receipt']['id']}/facts")["voided"] is True
