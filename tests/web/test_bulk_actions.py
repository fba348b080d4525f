"""One act for many cases from the list, and batches on their pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import AuditEntry, Batch, Carrier, Case, Receipt, TimelineEntry, User
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def open_bulk_form(me: Person, action: str, *references: str, **more: Any) -> Page:
    return me.post("/cases/many/", {"case": list(references)}, action=action, **more)


def record(me: Person, page: Page, **typed: Any) -> Page:
    form = next(form for form in page.forms if "click" in form.every)
    return me.post("/cases/many/", form.fields | typed)


def kinds(case: Case) -> list[str]:
    return list(case.entries.order_by("sequence").values_list("kind", flat=True))


def test_a_call_about_two_of_three(me: Person, new_driver: Make) -> None:
    late, due, draft = (
        scenarios.overdue(new_driver).case,
        scenarios.due_today(new_driver).case,
        scenarios.draft(new_driver).case,
    )
    page = open_bulk_form(me, "follow-up", late.reference, due.reference)
    assert "This will be recorded on 2 cases, one entry each." in page.text
    page = record(me, page, way="call", words="都催了一遍", happened_at="2026-10-16T09:50")
    assert "2 cases updated" in page.text
    assert [kinds(case)[-1] for case in (late, due, draft)] == ["follow_up", "follow_up", "logged"]


def test_what_a_case_refuses_is_named(me: Person, new_driver: Make) -> None:
    late, draft = scenarios.overdue(new_driver).case, scenarios.draft(new_driver).case
    page = record(me, open_bulk_form(me, "snooze", late.reference, draft.reference), until="2026-10-20")
    assert "1 case updated · 1 not" in page.part("outcome")
    assert "138****0001 This cannot be recorded while the case is “In preparation”." in page.part("outcome")


def test_everything_that_the_filter_finds(me: Person, new_driver: Make) -> None:
    for number in range(60):
        scenarios.overdue(new_driver, f"1380000{number:04}")
    scenarios.draft(new_driver, "13900000001")
    page = me.post("/cases/many/", action="follow-up", everything="1", filter="standing=overdue")
    assert "This will be recorded on 60 cases" in page.text
    assert "60 cases updated" in record(me, page, way="call", happened_at="2026-10-16T09:50").text
    assert TimelineEntry.objects.filter(kind="follow_up").count() == 60


def test_sent_twice_it_is_done_once(me: Person, new_driver: Make) -> None:
    late = scenarios.overdue(new_driver).case
    page = open_bulk_form(me, "follow-up", late.reference)
    for _ in range(2):
        record(me, page, way="call", happened_at="2026-10-16T09:50")
    assert kinds(late) == ["logged", "submitted", "follow_up"]


def test_what_was_typed_survives_an_error(me: Person, new_driver: Make) -> None:
    late = scenarios.overdue(new_driver).case
    page = record(me, open_bulk_form(me, "reply", late.reference), kind="promised", words="下周一定办")
    assert "Enter the promised date." in page.text
    assert "下周一定办" in page.html
    assert kinds(late) == ["logged", "submitted"]


def test_one_receipt_for_all_is_kept_once(me: Person, new_driver: Make) -> None:
    late, due = scenarios.overdue(new_driver).case, scenarios.due_today(new_driver).case
    page = open_bulk_form(me, "receipts", late.reference, due.reference)
    page = record(me, page, kind="letter", uploads=SimpleUploadedFile("letter.pdf", PDF))
    assert "2 cases updated" in page.text
    assert Receipt.objects.values_list("sha256", flat=True).distinct().count() == 1
    html = record(me, open_bulk_form(me, "receipts", late.reference), uploads=SimpleUploadedFile("x.pdf", b"<html>"))
    assert "is not a supported file type" in html.text


def test_handed_over_together(me: Person, agent: User, new_driver: Make) -> None:
    late, due = scenarios.overdue(new_driver).case, scenarios.due_today(new_driver).case
    record(me, open_bulk_form(me, "hand-over", late.reference, due.reference), handler=str(agent.pk))
    assert {case.handler for case in Case.objects.all()} == {agent}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"action": "follow-up"}, "No cases selected."),
        ({"action": "erase", "everything": "1"}, "Choose an action."),
        ({"everything": "1"}, "Choose an action."),
        ({"action": "follow-up", "case": ["XK-NOTHING0", "\0"]}, "No cases selected."),
    ],
)
def test_what_makes_no_sense_is_told(me: Person, new_driver: Make, sent: dict[str, Any], said: str) -> None:
    scenarios.overdue(new_driver)
    assert said in me.post("/cases/many/", sent).text


def test_too_many_are_refused(me: Person, new_driver: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.web.views.bulk_actions.BULK_LIMIT", 1)
    scenarios.overdue(new_driver)
    scenarios.draft(new_driver)
    page = me.post("/cases/many/", action="follow-up", everything="1")
    assert "More than 1 cases. Filter the list first." in page.text


def test_viewers_are_offered_nothing_and_refused(
    viewer: User, new_driver: Make, outsider: Person, sign_in: Callable[[User], Person]
) -> None:
    late = scenarios.overdue(new_driver).case
    viewer_client = sign_in(viewer)
    assert 'name="case"' not in viewer_client.get("/cases/").html
    assert open_bulk_form(viewer_client, "follow-up", late.reference).status == 403
    assert "No cases selected." in open_bulk_form(outsider, "follow-up", late.reference).text


# Batches


def test_from_a_list_of_numbers_to_a_confirmed_batch(me: Person, mobile: Carrier) -> None:
    page = me.follow(
        me.fill(
            "/batches/new/", numbers="138 0013 8001\n13800138002，13800138003", carrier=mobile.pk, channel="letter",
            happened_at="2026-09-30T15:00", reference="函 7", uploads=SimpleUploadedFile("letter.pdf", PDF),
        )
    )  # fmt: skip
    assert "3 requests logged." in page.text
    assert "0 of 3 confirmed" in page.text
    assert "Overdue 3" in page.text
    batch = Batch.objects.get()
    answered = me.fill(f"/batches/{batch.pk}/answer/", done="13800138001, 13900139000", others="13800138002 欠费")
    assert "Reported done 1 Not done 1 Not mentioned 1" in answered.part("reply-result")
    assert "139****9000" in answered.part("reply-result")
    page = record(
        me,
        me.post("/cases/many/", action="verify", everything="1", filter=f"batch={batch.pk}"),
        method="hotline", finding="cancelled", happened_at="2026-10-16T09:50",
    )  # fmt: skip
    assert "3 cases updated" in page.text
    assert "3 of 3 confirmed" in me.get(f"/batches/{batch.pk}/").text
    assert "3 3 0 0" in me.get("/batches/").text
    case = Case.objects.earliest("pk")
    assert (f"/batches/{batch.pk}/", "Part of a batch") in me.get(f"/cases/{case.reference}/").links


def test_those_that_are_said_to_be_done_are_checked_by_one_act_and_the_rest_stays_open(
    me: Person, mobile: Carrier
) -> None:
    numbers = "13800138001 13800138002 13800138003"
    me.fill("/batches/new/", numbers=numbers, carrier=mobile.pk, happened_at="2026-09-30T15:00")
    path = f"/batches/{Batch.objects.get().pk}/"
    me.fill(f"{path}answer/", done="13800138001, 13800138003")
    link = next(href for href, said in me.get(path).links if said == "2")
    assert "2 cases ·" in me.get(link).text
    page = me.post("/cases/many/", action="verify", everything="1", filter=link.partition("?")[2])
    assert (path, "← Batch") in page.links
    page = record(me, page, method="hotline", finding="cancelled", happened_at="2026-10-16T09:50")
    assert "2 cases updated" in page.text
    assert "2 of 3 confirmed" in me.get(path).text
    assert Case.objects.get(status="submitted").card.number == "13800138002"


def test_wrong_numbers_are_named_and_the_list_stays(me: Person, mobile: Carrier) -> None:
    page = me.fill("/batches/new/", numbers="13800138001\n1380013800", carrier=mobile.pk)
    assert "These are not valid mobile numbers: 1380013800." in page.text
    assert "13800138001" in page.html
    assert "Enter at least one number." in me.fill("/batches/new/", numbers="没有", carrier=mobile.pk).text
    assert not Batch.objects.exists()


def test_what_is_left_out_is_named_masked(me: Person, new_driver: Make, mobile: Carrier) -> None:
    late = scenarios.overdue(new_driver).case
    page = me.fill(
        "/batches/new/", numbers="13800000005 13800138001", carrier=mobile.pk, happened_at="2026-09-30T15:00"
    )
    stays = page.part("refused")
    assert stays == f"1 number was not logged 138****0005 This card already has an open case: {late.reference}."


def test_a_batch_of_ticked_cases_begins_with_their_numbers(me: Person, new_driver: Make, mobile: Carrier) -> None:
    first, second = scenarios.draft(new_driver), scenarios.draft(new_driver, "13800000009")
    page = me.post("/batches/new/", {"case": [first.case.reference, second.case.reference]})
    fields = page.form().fields
    assert sorted(fields["numbers"].split("\n")) == ["138 0000 0001", "138 0000 0009"]
    assert fields["carrier"] == str(mobile.pk)
    assert AuditEntry.objects.filter(kind="number_shown").count() == 2


def test_a_number_in_both_lists_of_an_answer(me: Person, mobile: Carrier) -> None:
    me.fill("/batches/new/", numbers="13800138001", carrier=mobile.pk, happened_at="2026-09-30T15:00")
    page = me.fill(f"/batches/{Batch.objects.get().pk}/answer/", done="13800138001", others="13800138001 欠费")
    assert "These numbers are in both lists: 13800138001. Remove them from one." in page.text


def test_the_pages_ask_for_a_number_of_queries_that_does_not_grow(
    me: Person, mobile: Carrier, django_assert_max_num_queries: Any
) -> None:
    numbers = "\n".join(f"1380013{n:04}" for n in range(40))
    me.fill("/batches/new/", numbers=numbers, carrier=mobile.pk, happened_at="2026-09-30T15:00")
    for path in ("/batches/", f"/batches/{Batch.objects.get().pk}/"):
        with django_assert_max_num_queries(14):
            me.get(path)
