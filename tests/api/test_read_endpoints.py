"""What is read: cases, cards, timeline, deadlines, carriers, statistics."""

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import operations as ops
from cases.models import AuditEntry, Card, Carrier, CarrierFact, Case, Team, User
from tests.api.conftest import Made, Program
from tests.helpers import at
from tests.web import scenarios


def test_a_case(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    answer = program.get(f"cases/{driver.case.reference}")
    assert answer["number"] == "138****0005"
    assert answer["carrier"] == {"slug": "china-mobile", "name": "China Mobile"}
    assert (answer["status"], answer["reason"], answer["channel"]) == ("submitted", "cost", "hotline")
    assert answer["reply_by"] == "2026-10-14T00:00:00+08:00"
    assert answer["standing"] == {
        "kind": "overdue",
        "step": "chase",
        "late_days": 3,
        "days_left": 0,
        "headline": "3 working days overdue",
        "next_step": "Call 10086 and chase",
    }
    assert answer["actions"][:3] == ["reply", "follow-up", "verify"]
    assert answer["checklist"][0] == {
        "code": "identity",
        "label": "Identity document (original and copy)",
        "required": True,
        "state": "",
    }


def test_chinese_unless_english_is_wanted(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    program.language = "fr, zh;q=0.3, en;q=0.2"
    assert program.get(f"cases/{driver.case.reference}")["standing"]["headline"] == "超期 3 个工作日"
    assert program.last["Content-Language"] == "zh-hans"
    program.language = "fr"
    assert program.get(f"cases/{driver.case.reference}")["carrier"]["name"] == "中国移动"


def test_the_list_is_narrowed_and_sorted_like_the_page(program: Program, new_driver: scenarios.Make) -> None:
    overdue, waiting = scenarios.overdue(new_driver), scenarios.waiting(new_driver)
    draft = scenarios.draft(new_driver)

    def found(query: str) -> list[str]:
        return [row["reference"] for row in program.get(f"cases?{query}")["items"]]

    refs = [driver.case.reference for driver in (overdue, waiting, draft)]
    assert found("") == [refs[2], refs[1], refs[0]]
    assert found("sort=reply_by") == refs
    assert found("sort=number") == [refs[2], refs[1], refs[0]]  # …01, …02, …05
    assert found("standing=overdue") == [refs[0]]
    assert found("status=draft") == [refs[2]]
    assert found("q=SL-4711") == [refs[1]]
    assert found("q=0005") == [refs[0]]
    assert found("carrier=china-mobile&reason=cost") == [refs[2], refs[1], refs[0]]
    assert found("batch=7") == []


def test_pages_by_keyset(program: Program, new_driver: scenarios.Make) -> None:
    for make in (scenarios.overdue, scenarios.waiting, scenarios.draft, scenarios.returned, scenarios.due_today):
        make(new_driver)
    for sort in ("newest", "reply_by", "submitted", "number"):
        whole = [row["reference"] for row in program.get(f"cases?sort={sort}")["items"]]
        assert len(whole) == 5
        walked, address = [], f"cases?sort={sort}&limit=2"
        while address:
            page = program.get(address)
            assert len(page["items"]) <= 2
            walked += [row["reference"] for row in page["items"]]
            link = program.last.headers.get("Link", "")
            assert bool(link) == (page["next"] is not None)
            assert not link or link.endswith('>; rel="next"')
            address = link[len("</api/v1/") : link.index(">")] if link else ""
        assert walked == whole, sort


def test_cursors_that_are_none(program: Program, new_driver: scenarios.Make, other_team: Team) -> None:
    scenarios.overdue(new_driver)
    for cursor in ("x", "AAAA", "W10", "bnVsbA", "WyJuZXdlc3QiLDk5OTk5OTk5OTk5OTk5OTk5OTk5OSxudWxsXQ"):
        assert program.get(f"cases?cursor={cursor}", 400)["code"] == "bad_cursor"
    assert program.get("cases?sort=number&cursor=WyJudW1iZXIiLDk5LG51bGxd", 400)["code"] == "bad_cursor"


def test_a_number_is_looked_for_in_the_body(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    refused = program.get("cases?q=13800000005", 400)
    assert refused["code"] == "number_in_address"
    assert program.get("cards?q=13800000005", 400)["code"] == "number_in_address"
    answer = program.post("cases/search", {"q": "138 0000 0005"})
    assert [row["reference"] for row in answer["items"]] == [driver.case.reference]


def test_numbers_in_full_are_noted(
    program: Program, program_of: Made, new_driver: scenarios.Make, manager: User, viewer: User, team: Team
) -> None:
    driver = scenarios.overdue(new_driver)
    reference, card = driver.case.reference, driver.case.card_id
    plain = program_of(manager, team, "read")
    assert plain.get(f"cases/{reference}?numbers=full", 403)["code"] == "scope_missing"
    assert program.get(f"cases/{reference}?numbers=full")["number"] == "13800000005"
    assert program.get("cases?numbers=full")["items"][0]["number"] == "13800000005"
    assert program.get("cards?numbers=full")["items"][0]["number"] == "13800000005"
    assert program.get(f"cards/{card}?numbers=full")["number"] == "13800000005"
    noted = AuditEntry.objects.filter(kind="number_shown").values_list("by", "card", "about")
    assert list(noted) == [(manager.pk, card, "API: sync")] * 4
    looking = program_of(viewer, team, "read numbers")
    assert looking.get(f"cases/{reference}?numbers=full")["number"] == "13800000005"
    assert looking.get("cases?numbers=full", 403)["code"] == "only_viewer"


def test_a_timeline_masks_numbers(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    driver.do(ops.FollowUp(at("2026-10-15T10:00"), "call", "still 13800000005"), "2026-10-15T10:05")
    page = program.get(f"cases/{driver.case.reference}/timeline?limit=2")
    assert [entry["kind"] for entry in page["items"]] == ["logged", "submitted"]
    assert page["items"][0]["content"]["number"] == "138****0005"
    rest = program.get(f"cases/{driver.case.reference}/timeline?cursor={page['next']}")
    (call,) = rest["items"]
    assert (call["sequence"], call["happened_at"]) == (3, "2026-10-15T10:00:00+08:00")
    assert call["content"]["words"] == "still 138****0005"
    assert call["lines"][0] == {"label": "Method", "value": "Call"}


def test_deadlines_day_by_day(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    (row,) = program.get(f"cases/{driver.case.reference}/deadlines")["rounds"]
    days = [(day["date"], day["number"], day["reason"]) for day in row["days"]]
    assert days[0] == ("2026-09-30", None, "start day, not counted")
    assert days[1] == ("2026-10-01", None, "public holiday: National Day")
    assert days[-1] == ("2026-10-13", 5, "working day")


def test_the_calculator(program: Program, unicom: Carrier) -> None:
    answer = program.get("deadlines?submitted_at=2026-09-30T15:00:00%2B08:00")
    assert (answer["reply_by"], answer["calendar_days"]) == ("2026-10-14T00:00:00+08:00", 13)
    assert answer["stretched_by"] == ["National Day"]
    answer = program.get("deadlines?submitted_at=2026-09-30T07:00:00Z&carrier=china-unicom")
    assert answer["acknowledge_by"] == "2026-10-02T15:00:00+08:00"
    assert answer["days"][-1]["number"] == 7
    wrong = program.get("deadlines?submitted_at=2026-09-30", 422)["errors"]
    assert wrong == [
        {
            "field": "submitted_at",
            "code": "no_moment",
            "detail": "Must be a date and time with a UTC offset, like 2026-09-30T15:00:00+08:00.",
        }
    ]
    assert program.get("deadlines?carrier=nobody", 404)["code"] == "not_found"
    assert program.get("deadlines?submitted_at=1999-01-01T00:00:00Z", 422)["code"] == "year_not_covered"


def test_carriers_members_statistics(
    program: Program, new_driver: scenarios.Make, mobile: Carrier, agent: User
) -> None:
    scenarios.overdue(new_driver)
    CarrierFact.objects.create(
        carrier=mobile,
        topic="online",
        statement="可以",
        statement_en="It can",
        source="某网页",
        source_en="a page",
        confidence="L",
    )
    assert program.get("carriers")[0]["terms"]["reply_days"] == 5
    told = {"topic": "online", "statement": "It can", "source": "a page", "confidence": "L"}
    assert program.get("carriers/china-mobile")["facts"] == [told]
    program.language = "zh"
    told = {"topic": "online", "statement": "可以", "source": "某网页", "confidence": "L"}
    assert program.get("carriers/china-mobile")["facts"] == [told]
    program.language = "en"
    assert [(one["name"], one["role"]) for one in program.get("members")] == [
        ("Li Na", "manager"),
        ("Wang Wei", "agent"),
    ]
    total = program.get("statistics")["total"]
    assert (total["open"], total["overdue"], total["without_fee"], total["cost"]) == (1, 1, 1, "0.00")


def test_a_carriers_terms_say_which_are_defaults(program: Program, mobile: Carrier, unicom: Carrier) -> None:
    assert program.get("carriers/china-mobile")["terms"] == {
        "acknowledge_hours": 24,
        "review_days": 3,
        "window_days": 3,
        "reply_days": 5,
        "defaults": ["acknowledge_hours", "review_days", "window_days", "reply_days"],
    }
    assert program.get("carriers/china-unicom")["terms"]["defaults"] == []
    Carrier.objects.filter(slug="china-unicom").update(review_days=None)
    assert program.get("carriers/china-unicom")["terms"]["defaults"] == ["review_days"]


def test_a_list_does_a_fixed_number_of_queries(program: Program, new_driver: scenarios.Make) -> None:
    program.get("cases")  # which writes when the token was used last
    counts: list[int] = []
    for make in (scenarios.overdue, scenarios.complained):
        make(new_driver)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            program.get("cases")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


def test_what_is_the_same_is_not_sent_again(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    program.get(f"cases/{driver.case.reference}")
    tag = program.etag
    program.get(f"cases/{driver.case.reference}", 304, If_None_Match=tag)
    assert program.last.content == b""
    program.language = "zh"
    program.get(f"cases/{driver.case.reference}", 200, If_None_Match=tag)


def test_head_is_get_without_its_body(program: Program) -> None:
    program("HEAD", "carriers")
    assert program.last.content == b""
    refused: Any = program("DELETE", "carriers", None, 405)
    assert refused["code"] == "method_not_allowed"
    assert program.last["Allow"] == "GET"


@pytest.mark.forged  # the assignee
def test_cases_tell_department_and_user_and_are_filtered_by_them(
    program: Program, new_driver: scenarios.Make, agent: User
) -> None:
    late, due = scenarios.overdue(new_driver).case, scenarios.due_today(new_driver).case
    Card.objects.filter(pk=late.card_id).update(user="张三", department="销售一部")
    Case.objects.filter(pk=late.pk).update(handler=agent)
    told = program.get(f"cases/{late.reference}")
    assert (told["user"], told["department"]) == ("张三", "销售一部")

    def found(query: str) -> list[str]:
        return [item["reference"] for item in program.get(f"cases?{query}")["items"]]

    assert found("department=" + quote("销售一部")) == [late.reference]
    assert found("user=" + quote("张三") + "&department=x") == []
    assert found(f"handler={agent.pk}") == [late.reference]
    assert found("q=" + quote("张")) == [late.reference]
    assert found("user=&department=") == [due.reference, late.reference]
    by_body = program.post("cases/search", {"user": "张三", "handler": agent.pk})["items"]
    assert [item["reference"] for item in by_body] == [late.reference]
    for column in ("user", "department", "q"):
        assert program.get(f"cases?{column}=13800000005", 400)["code"] == "number_in_address", column
        assert program.get(f"tables/cases?{column}=13800000005", 400)["code"] == "number_in_address", column
