"""Acts on cases: one page asks, the operation does, each failure is named, the same click is done once."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case, TimelineEntry, Verification
from cases.models.choices import EntryKind
from cases.operations import ReportedDone
from tests.helpers import CaseDriver, at
from tests.moments import NOW

LIST = "/admin/cases/case/"
CLICK = "7b1d6a0e-6d4f-4e0a-9d55-0f4b3f7f0001"


def ask(client: Client, act: str, *cases: Case, **extra: Any) -> str:
    data = {"action": act, "_selected_action": [case.pk for case in cases], "index": "0", **extra}
    response = client.post(LIST, data)
    assert response.status_code == 200
    return response.content.decode()


def do(client: Client, act: str, *cases: Case, **typed: Any) -> Any:
    data = {"cases": ",".join(str(case.pk) for case in cases), "click": CLICK, "back": LIST, **typed}
    return client.post(f"/admin/cases/case/act/{act}/", data, follow=True)


def hidden(page: str, name: str) -> str:
    match = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', page)
    assert match
    return match[1]


def entries(case: Case, kind: EntryKind) -> list[TimelineEntry]:
    return list(TimelineEntry.objects.filter(case=case, kind=kind).select_related("content", "recorded_by"))


def test_the_page_repeats_what_is_selected(admin_page: Client, landscape: dict[str, Case]) -> None:
    page = ask(admin_page, "follow_up", landscape["late_3"], landscape["waiting"])
    assert "<h2>2 cases</h2>" in page
    assert f"{landscape['late_3'].reference}</a> · 139****0002 · China Mobile · Submitted" in page
    assert hidden(page, "cases") == f"{landscape['late_3'].pk},{landscape['waiting'].pk}"
    assert UUID(hidden(page, "click"))
    assert hidden(ask(admin_page, "follow_up", landscape["late_3"]), "click") != hidden(page, "click")


def test_a_follow_up_is_recorded_with_the_operators_name(admin_page: Client, landscape: dict[str, Case]) -> None:
    both = landscape["late_3"], landscape["waiting"]
    response = do(admin_page, "follow_up", *both, at="2026-10-16T09:10", way="visit", words="去了营业厅", agent="2077")
    assert "Recorded for 2 cases." in response.content.decode()
    assert response.redirect_chain == [(LIST, 302)]
    for case in both:
        (entry,) = entries(case, EntryKind.FOLLOW_UP)
        assert str(entry.recorded_by) == "Olga Operator"
        assert entry.content.body == {
            "by": "Olga Operator",
            "by_id": entry.recorded_by_id,
            "round": 1,
            "click": str(entry.click),
            "calendar": entry.content.body["calendar"],
            "at": "2026-10-16T09:10:00+08:00",
            "way": "visit",
            "words": "去了营业厅",
            "agent": "2077",
            "reference": "",
        }


def test_an_empty_moment_is_now(admin_page: Client, landscape: dict[str, Case]) -> None:
    do(admin_page, "follow_up", landscape["late_3"], way="call")
    assert Case.objects.get(pk=landscape["late_3"].pk).last_follow_up_at == NOW


def test_under_review_starts_the_next_round(admin_page: Client, landscape: dict[str, Case]) -> None:
    do(admin_page, "under_review", landscape["late_3"], at="2026-10-16T09:00")
    case = Case.objects.get(pk=landscape["late_3"].pk)
    assert (case.status, case.was_late) == ("under_review", True)
    assert case.reply_by == at("2026-10-22T00:00")  # 19, 20, 21 October


def test_confirming_needs_what_was_found(admin_page: Client, landscape: dict[str, Case]) -> None:
    case = landscape["to_verify"]
    page = do(admin_page, "confirm", case, at="2026-10-16T09:30", method="account", words="查过了").content.decode()
    assert "Nothing has been changed yet" in page
    assert "查过了" in page
    assert not Verification.objects.filter(case=case).exists()
    do(admin_page, "confirm", case, at="2026-10-16T09:30", method="account", finding="cancelled")
    case.refresh_from_db()
    assert (case.status, case.confirmed_at) == ("confirmed", at("2026-10-16T09:30"))
    assert Verification.objects.get(case=case).method == "account"


@pytest.mark.parametrize("finding", ["alive", "inconclusive"])
def test_another_finding_confirms_nothing(admin_page: Client, landscape: dict[str, Case], finding: str) -> None:
    do(admin_page, "confirm", landscape["to_verify"], method="hotline", finding=finding)
    assert Case.objects.get(pk=landscape["to_verify"].pk).status == "submitted"
    assert Verification.objects.get(case=landscape["to_verify"]).finding == finding


def test_what_is_refused_is_named_and_stays_selected(admin_page: Client, landscape: dict[str, Case]) -> None:
    late, draft, closed = landscape["late_3"], landscape["draft"], landscape["confirmed"]
    response = do(admin_page, "under_review", late, draft, closed, at="2026-10-16T09:00", words="都在审核")
    page = response.content.decode()
    assert "Recorded for 1 case." in page
    refusals = page.partition('<ul class="action-refusals">')[2].partition("</ul>")[0]
    refused = re.findall(r'change/">(XK-\w+)</a> · ([^<]+)</li>', refusals)
    assert sorted(refused) == sorted(
        [
            (draft.reference, "This cannot be recorded while the case is “In preparation”."),
            (closed.reference, "This cannot be recorded while the case is “Cancelled, confirmed”."),
        ]
    )
    assert set(hidden(page, "cases").split(",")) == {str(draft.pk), str(closed.pk)}
    assert hidden(page, "click") == CLICK
    assert "都在审核" in page
    assert 'value="2026-10-16T09:00"' in page
    assert Case.objects.get(pk=draft.pk).status == "draft"


def test_a_moment_in_the_future_is_refused_for_each(admin_page: Client, landscape: dict[str, Case]) -> None:
    page = do(admin_page, "follow_up", landscape["late_3"], at="2026-10-17T09:00", way="call").content.decode()
    assert "This time is in the future." in page
    assert "Recorded for" not in page


def test_the_same_click_twice_is_done_once(admin_page: Client, landscape: dict[str, Case]) -> None:
    for _ in range(2):
        response = do(admin_page, "follow_up", landscape["late_3"], way="call", words="催办")
        assert "Recorded for 1 case." in response.content.decode()
    assert len(entries(landscape["late_3"], EntryKind.FOLLOW_UP)) == 1


def test_a_case_that_changed_meanwhile_is_shown_again(admin_page: Client, submitted: CaseDriver) -> None:
    page = admin_page.get(f"/admin/cases/case/act/confirm/?cases={submitted.case.pk}").content.decode()
    seen = hidden(page, "seen")
    submitted.do(ReportedDone(at("2026-10-16T09:00")), "2026-10-16T09:00")
    typed = {"method": "hotline", "finding": "cancelled", "words": "10086 说已销户"}
    page = do(admin_page, "confirm", submitted.case, seen=seen, **typed).content.decode()
    assert "Someone changed this case while you had it open." in page
    assert "10086 说已销户" in page
    assert submitted.status == "submitted"
    do(admin_page, "confirm", submitted.case, seen=hidden(page, "seen"), **typed)
    assert submitted.status == "confirmed"


def test_a_button_on_the_page_leads_back_to_it(admin_page: Client, submitted: CaseDriver) -> None:
    own = f"/admin/cases/case/{submitted.case.pk}/change/"
    tools = admin_page.get(own).content.decode().partition('<ul class="object-tools">')[2]
    link = re.findall(r'<a href="([^"]+)">Record a follow-up<', tools)[0].replace("&amp;", "&")
    assert hidden(admin_page.get(link).content.decode(), "back") == own
    response = do(admin_page, "follow_up", submitted.case, way="call", back=own)
    assert response.redirect_chain == [(own, 302)]


@pytest.mark.parametrize("back", ["https://elsewhere.invalid/", "//elsewhere.invalid", "javascript:alert(1)", ""])
def test_nobody_is_sent_elsewhere(admin_page: Client, submitted: CaseDriver, back: str) -> None:
    response = do(admin_page, "follow_up", submitted.case, way="call", back=back)
    assert response.redirect_chain == [(LIST, 302)]


def test_nothing_selected_and_nonsense_selected(admin_page: Client, submitted: CaseDriver) -> None:
    for cases in ("", "x,y", "-1"):
        response = admin_page.post("/admin/cases/case/act/follow_up/", {"cases": cases, "way": "call"}, follow=True)
        assert "No case is selected." in response.content.decode()
    assert admin_page.get(f"/admin/cases/case/act/destroy/?cases={submitted.case.pk}").status_code == 404


def test_all_across_pages_in_a_number_of_queries_that_does_not_grow(
    admin_page: Client, new_driver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def select_all_and_do(words: str) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            page = ask(admin_page, "follow_up", Case.objects.first(), select_across="1")  # type: ignore[arg-type]
            keys = hidden(page, "cases").split(",")
            data = {
                "cases": ",".join(keys),
                "click": hidden(page, "click"),
                "back": LIST,
                "way": "call",
                "words": words,
            }
            response = admin_page.post("/admin/cases/case/act/follow_up/", data)
        assert response.status_code == 302
        return len(keys), len(captured)

    for n in range(2):
        new_driver(f"136{n:08d}", submitted="2026-09-30T15:00")
    first = select_all_and_do("一")
    for n in range(2, 62):
        new_driver(f"136{n:08d}", submitted="2026-09-30T15:00")
    second = select_all_and_do("二")
    assert (first[0], second[0]) == (2, 62)
    assert second[1] == first[1]
    assert TimelineEntry.objects.filter(kind="follow_up").count() == 64
    monkeypatch.setattr("cases.admin.action_page.MAX_CASES_AT_ONCE", 61)
    data = {"action": "follow_up", "_selected_action": [Case.objects.first().pk], "index": "0", "select_across": "1"}  # type: ignore[union-attr]
    assert "Select at most 61 cases at once." in admin_page.post(LIST, data, follow=True).content.decode()


def test_a_filter_narrows_what_all_means(admin_page: Client, landscape: dict[str, Case]) -> None:
    data = {"action": "follow_up", "_selected_action": [landscape["late_3"].pk], "index": "0", "select_across": "1"}
    page = admin_page.post(f"{LIST}?standing=overdue", data).content.decode()
    assert set(hidden(page, "cases").split(",")) == {str(landscape["late_3"].pk), str(landscape["late_1"].pk)}
    assert hidden(page, "back") == f"{LIST}?standing=overdue"


def test_a_missing_token_is_refused(operator: Any, landscape: dict[str, Case]) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(operator)
    data = {"cases": landscape["late_3"].pk, "way": "call"}
    assert strict.post("/admin/cases/case/act/follow_up/", data).status_code == 403
