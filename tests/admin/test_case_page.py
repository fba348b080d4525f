"""A case's page: all of it to read, nothing of it to edit or delete, by whatever door."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from cases.models import Case, Receipt, TimelineEntry, User
from cases.operations import FollowUp, ReceiptUpload, attach_receipts, perform_one
from cases.operations.corrections import VoidEntry
from cases.operations.follow_up import Snooze
from tests.helpers import CaseDriver, at, make_user, on, with_second_factor

FORGED = {
    "status": "confirmed",
    "was_late": "",
    "reply_by_0": "2027-01-01",
    "reply_by_1": "00:00",
    "_save": "1",
}


def page_of(client: Client, case: Case) -> str:
    response = client.get(f"/admin/cases/case/{case.pk}/change/")
    assert response.status_code == 200
    return response.content.decode()


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_it_says_where_the_case_stands_and_what_to_do(admin_page: Client, landscape: dict[str, Case]) -> None:
    page = plain(page_of(admin_page, landscape["late_3"]))
    assert "3 working days overdue" in page
    assert "Call 10086 and chase" in page
    assert "139****0002" in page
    assert "Reply due: Tue 13 Oct, 24:00" in page


def test_the_timeline_is_told_newest_first(admin_page: Client, submitted: CaseDriver) -> None:
    submitted.do(FollowUp(at("2026-10-14T09:30"), words="还在审核", agent="工号 1234"), "2026-10-14T11:00")
    rows = page_of(admin_page, submitted.case).split('id="entries-group"')[1].split("</table>")[0].split("<tr>")[2:]
    assert [plain(row).strip() for row in rows] == [
        "Wed 14 Oct, 09:30 recorded 14 Oct, 11:00 Li Na Follow-up 还在审核 Method: Call Carrier representative: "
        "工号 1234",
        "Wed 30 Sep, 15:00 Li Na Submitted to the carrier In preparation → Submitted Request channel: Hotline Not "
        "checked: Identity document (original and copy) Physical SIM card You can sign in to the carrier account "
        "Arrears and fees paid No contract, bundle, premium-number agreement or secondary SIM left Contacts backed "
        "up Bank, WeChat, Alipay and other accounts moved off this number Reply due: Tue 13 Oct, 24:00",
        "Wed 30 Sep, 15:00 Li Na Case logged Reason: Cost: paying for an unused card Request channel: Hotline",
    ]


def test_a_voided_entry_is_struck_through(admin_page: Client, submitted: CaseDriver) -> None:
    submitted.do(FollowUp(at("2026-10-09T09:00")), "2026-10-09T09:05")
    submitted.do(VoidEntry(3, "记错案件"), "2026-10-09T09:10")
    page = page_of(admin_page, submitted.case)
    assert "<s>Follow-up</s>" in page
    assert "Voided entry 3 (Follow-up)" in page


def test_rounds_are_shown(admin_page: Client, submitted: CaseDriver) -> None:
    rounds = plain(page_of(admin_page, submitted.case).split('id="rounds-group"')[1].split("</table>")[0])
    assert "1 Submission Wed 30 Sep, 15:00 Tue 13 Oct, 24:00 in progress" in rounds


@pytest.mark.parametrize("path", ["change", "delete"])
def test_no_field_is_written_by_a_forged_post(admin_page: Client, submitted: CaseDriver, path: str) -> None:
    before = Case.objects.values().get(pk=submitted.case.pk)
    response = admin_page.post(f"/admin/cases/case/{submitted.case.pk}/{path}/", {**FORGED, "post": "yes"})
    assert response.status_code == 403
    assert Case.objects.values().get(pk=submitted.case.pk) == before


def test_none_is_added_or_deleted_from_the_list(admin_page: Client, submitted: CaseDriver) -> None:
    assert admin_page.get("/admin/cases/case/add/").status_code == 403
    assert admin_page.post("/admin/cases/case/add/", FORGED).status_code == 403
    forged = {"action": "delete_selected", "_selected_action": [submitted.case.pk], "index": "0", "post": "yes"}
    response = admin_page.post("/admin/cases/case/", forged, follow=True)
    assert "delete_selected" not in response.content.decode()
    assert list(Case.objects.values_list("pk", flat=True)) == [submitted.case.pk]
    assert TimelineEntry.objects.filter(case=submitted.case).count() == 2


def test_the_page_has_no_field_to_type_in(admin_page: Client, submitted: CaseDriver) -> None:
    form = page_of(admin_page, submitted.case).split('id="case_form"')[1].split("</form>")[0]
    assert re.findall(r'<(?:input|select|textarea)[^>]*name="(?!csrfmiddlewaretoken)[^"]*"', form) == []


@pytest.mark.parametrize(
    ("standing", "buttons"),
    [
        ("late_3", ["Record a follow-up", "Mark as under review", "Verify and confirm"]),
        ("draft", []),
        ("confirmed", ["Record a follow-up"]),
    ],
)
def test_buttons_are_those_that_the_case_allows(
    admin_page: Client, landscape: dict[str, Case], standing: str, buttons: list[str]
) -> None:
    tools = page_of(admin_page, landscape[standing]).partition('<ul class="object-tools">')[2].partition("</ul>")[0]
    assert re.findall(r">([^<>]+)</a>", tools) == buttons


def test_members_of_the_team_find_the_way_to_its_page(
    client: Client, manager: User, submitted: CaseDriver, clock: Any
) -> None:
    User.objects.filter(pk=manager.pk).update(is_staff=True, is_superuser=True)
    client.force_login(with_second_factor(manager))
    assert f'href="/cases/{submitted.case.reference}/"' in page_of(client, submitted.case)


def test_others_do_not(admin_page: Client, submitted: CaseDriver) -> None:
    assert f'href="/cases/{submitted.case.reference}/"' not in page_of(admin_page, submitted.case)


def test_who_may_only_look_gets_no_buttons(client: Client, submitted: CaseDriver, clock: Any) -> None:
    viewer = make_user("viewer@example.com", submitted.case.team)
    User.objects.filter(pk=viewer.pk).update(is_staff=True, language="en")
    viewer.user_permissions.add(Permission.objects.get(codename="view_case"))
    client.force_login(with_second_factor(viewer))
    page = page_of(client, submitted.case)
    assert "Submitted to the carrier" in page
    assert "Record a follow-up" not in page
    assert "Record a follow-up" not in client.get("/admin/cases/case/").content.decode()
    path = "/admin/cases/case/act/follow_up/"
    assert client.post(path, {"cases": submitted.case.pk, "way": "call"}).status_code == 403
    assert submitted.kinds == ["logged", "submitted"]


def test_receipts_come_as_downloads(admin_page: Client, submitted: CaseDriver, manager: User) -> None:
    attach_receipts(
        submitted.case,
        ReceiptUpload("form", [("申请表.txt", "已受理".encode())]),
        by=manager,
        now=at("2026-10-01T09:00"),
    )
    receipt = Receipt.objects.get()
    assert f'href="/admin/cases/case/receipts/{receipt.pk}/"' in page_of(admin_page, submitted.case)
    response = admin_page.get(f"/admin/cases/case/receipts/{receipt.pk}/")
    assert response.content.decode() == "已受理"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment; ")


def test_an_altered_receipt_is_told_and_not_sent(
    admin_page: Client, submitted: CaseDriver, manager: User, receipts_folder: Any
) -> None:
    attach_receipts(
        submitted.case, ReceiptUpload("form", [("form.txt", b"as handed in")]), by=manager, now=at("2026-10-01T09:00")
    )
    (stored,) = [path for path in receipts_folder.rglob("*") if path.is_file()]
    stored.write_bytes(b"as altered")
    response = admin_page.get(f"/admin/cases/case/receipts/{Receipt.objects.get().pk}/", follow=True)
    page = response.content.decode()
    assert "“form.txt” is missing or no longer matches the upload." in page
    assert "as altered" not in page


def test_a_case_that_is_not_there_is_not_an_error_page(admin_page: Client) -> None:
    for key in ("999999", "gone"):
        assert admin_page.get(f"/admin/cases/case/{key}/change/").status_code == 302


def test_a_snooze_that_is_over_is_not_shown(admin_page: Client, landscape: dict[str, Case], manager: User) -> None:
    case = landscape["late_3"]
    case = perform_one(Snooze(on("2026-10-20")), case, by=manager, now=at("2026-10-15T10:00"))
    assert "Tue 20 Oct" in plain(page_of(admin_page, case))
    Case.objects.filter(pk=case.pk).update(snoozed_until=on("2026-10-16"))
    assert "Snoozed until: -" in plain(page_of(admin_page, case))
