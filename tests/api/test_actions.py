"""Verbs: what each does, who may overwrite what, and how refusals are told."""

import pytest

from cases import operations as ops
from cases.api.schemas.actions import SCHEMAS
from cases.models import Carrier, Case, Team, User
from cases.operations import ACTIONS, Action
from cases.operations.follow_up import Snooze
from tests.api.conftest import Made, Program
from tests.helpers import CaseDriver, at, on
from tests.web import scenarios


def put(
    program: Program, case: Case, action: str, expect: int = 200, etag: str = "", **body: object
) -> dict[str, object]:
    headers = {"If_Match": etag} if etag else {}
    answer: dict[str, object] = program.post(f"cases/{case.reference}/{action}", body, expect, **headers)
    return answer


def test_every_action_of_a_page_is_there() -> None:
    assert {*SCHEMAS, Action.RECEIPTS} == set(Action)


def test_a_case_from_its_number_to_its_end(program: Program) -> None:
    made = program.post(
        "cases",
        {
            "number": "138 0000 0005",
            "carrier": "china-mobile",
            "reason": "business",
            "holder": "王小明",
            "ready": ["card"],
        },
        201,
    )
    reference, etag = made["reference"], program.etag
    assert program.last["Location"] == f"/api/v1/cases/{reference}"
    assert (made["status"], made["handler"]["name"]) == ("draft", "Li Na")
    assert [line["state"] for line in made["checklist"] if line["code"] == "card"] == ["done"]

    def act(action: str, **body: object) -> dict[str, object]:
        nonlocal etag
        answer = program.post(f"cases/{reference}/{action}", body, If_Match=etag)
        etag = program.etag
        return dict(answer)

    told = act("submit", happened_at="2026-10-15T16:00:00+08:00", reference="SL-1")
    assert (told["status"], told["carrier_reference"]) == ("submitted", "SL-1")
    assert told["reply_by"] == "2026-10-23T00:00:00+08:00"
    told = act("reply", kind="promised", promised_on="2026-10-20", happened_at="2026-10-16T09:00:00+08:00")
    assert (told["reply_by"], told["promised_on"]) == ("2026-10-21T00:00:00+08:00", "2026-10-20")
    assert act("reply", kind="reported_done")["standing"]["kind"] == "to_verify"  # type: ignore[index]
    told = act("verify", method="hotline", finding="cancelled", confirm=True)
    assert (told["status"], told["confirmed_at"]) == ("confirmed", "2026-10-16T10:00:00+08:00")
    told = act("bill", charge={"amount": "19.80", "day": "2026-10-16"})
    assert [(one["what"], one["amount"]) for one in told["charges"]] == [("fee", "19.80")]  # type: ignore[attr-defined]
    charge = told["charges"][0]["id"]  # type: ignore[index]
    told = program.post(f"cases/{reference}/charges/{charge}/refund", {"on": "2026-10-16"})
    assert told["charges"][0]["refunded_on"] == "2026-10-16"
    told = act("keep", keep=True, words="a dispute is near")
    assert told["kept"] is True
    kinds = [entry["kind"] for entry in program.get(f"cases/{reference}/timeline")["items"]]
    assert kinds == ["logged", "submitted", "promised", "reported_done", "confirmed", "bill", "refund", "kept"]


def test_a_cancellation_that_takes_effect_later(program: Program, new_driver: scenarios.Make, mobile: Carrier) -> None:
    driver = scenarios.waiting(new_driver)
    asked = put(program, driver.case, "reply", 422, etag="*", kind="takes_effect")
    assert (asked["code"], asked["errors"][0]["field"]) == ("effective_day_missing", "effective_on")  # type: ignore[index]
    past = put(program, driver.case, "reply", 422, etag="*", kind="takes_effect", effective_on="2026-10-15")
    assert (past["code"], past["errors"][0]["field"]) == ("effective_day_in_the_past", "effective_on")  # type: ignore[index]
    told = put(program, driver.case, "reply", etag="*", kind="takes_effect", effective_on="2027-03-31")
    assert (told["takes_effect_on"], told["promised_on"]) == ("2027-03-31", None)
    assert told["reply_by"] == "2027-04-01T00:00:00+08:00"
    assert told["standing"]["step"] == "wait_effect"  # type: ignore[index]
    assert told["standing"]["headline"] == "waits to take effect"  # type: ignore[index]
    mobile.effect_day = 20
    mobile.save()
    told = put(program, driver.case, "reply", etag="*", kind="takes_effect", roaming=True)
    assert told["takes_effect_on"] == "2026-12-20"
    rounds = program.get(f"cases/{driver.case.reference}/deadlines")["rounds"]
    assert [(one["basis"], one["promised_on"], one["takes_effect_on"]) for one in rounds] == [
        ("submission", None, None),
        ("takes_effect", None, "2027-03-31"),
        ("takes_effect", None, "2026-12-20"),
    ]


def test_a_snooze_is_told_until_it_ends(program: Program, new_driver: scenarios.Make) -> None:
    quiet = scenarios.snoozed(new_driver)
    assert program.get(f"cases/{quiet.case.reference}")["snoozed_until"] == "2026-10-20"
    broken = new_driver("13800000027", now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    broken.do(ops.Promised(at("2026-10-12T15:00"), promised_on=on("2026-10-14")), "2026-10-12T15:00")
    broken.do(Snooze(on("2026-10-20")), "2026-10-13T10:00")
    assert program.get(f"cases/{broken.case.reference}")["snoozed_until"] is None


def test_who_has_not_seen_how_it_stands_overwrites_nothing(
    program: Program, program_of: Made, new_driver: scenarios.Make, manager: User, team: Team
) -> None:
    driver = scenarios.overdue(new_driver)
    program.get(f"cases/{driver.case.reference}")
    seen = program.etag
    other = program_of(manager, team)
    other.get(f"cases/{driver.case.reference}")
    put(other, driver.case, "reply", etag=other.etag, kind="under_review")
    refused = put(program, driver.case, "reply", 412, etag=seen, kind="reported_done")
    assert refused["code"] == "changed_meanwhile"
    assert program.last["Content-Type"] == "application/problem+json"
    assert driver.status == "under_review"
    put(program, driver.case, "follow-up", 412, etag=seen)  # it need not be sent here, but it was
    put(program, driver.case, "follow-up")
    put(program, driver.case, "reply", etag=f'"0-0123456789abcdef", {other.etag}', kind="reported_done")
    put(program, driver.case, "verify", etag="*", method="call", finding="alive")


def test_a_number_count_has_its_counts_in_the_record(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.to_verify(new_driver)
    count = {"method": "count", "finding": "cancelled", "count_before": 3}
    assert put(program, driver.case, "verify", 422, etag="*", **count, count_after=3)["code"] == "count_not_lower"
    refused = put(program, driver.case, "verify", 422, etag="*", **count | {"method": "call"})
    assert refused["code"] == "counts_of_another_method"
    for wrong in (-1, "2", 100_001, True):
        put(program, driver.case, "verify", 422, etag="*", **count, count_after=wrong)
    put(program, driver.case, "verify", etag="*", **count, count_after=2)
    assert (driver.last_content["count_before"], driver.last_content["count_after"]) == (3, 2)


@pytest.mark.parametrize(
    "etag", ["nonsense", '"x"', 'W/"0-0123456789abcdef"', '"99999999999-0123456789abcdef"', "\x80"]
)
def test_what_is_no_etag_matches_nothing(program: Program, new_driver: scenarios.Make, etag: str) -> None:
    driver = scenarios.overdue(new_driver)
    put(program, driver.case, "withdraw", 412, etag=etag.encode().decode("latin-1"))
    assert driver.status == "submitted"


def test_a_condition_is_needed_where_it_matters(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    assert put(program, driver.case, "withdraw", 428)["code"] == "if_match_missing"
    needed = {action.value for action in SCHEMAS if ACTIONS[action].verb.guarded}
    assert needed == {
        "submit", "reply", "verify", "confirm", "complain", "complaint-answer", "appeal", "appeal-decision",
        "appeal-answer", "hand-over", "correct", "withdraw", "reopen", "keep", "erase",
        "expect-refund", "promise-refund", "receive-refund", "write-off-refund",
    }  # fmt: skip


def test_refusals_have_names_and_fields(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    refused = put(program, driver.case, "confirm", 409, etag="*")
    assert refused == {
        "type": "urn:xiaoka:problem:not_verified",
        "title": "Conflict",
        "status": 409,
        "instance": f"/api/v1/cases/{driver.case.reference}/confirm",
        "code": "not_verified",
        "detail": "Before you confirm, record a verification that found the number cancelled.",
    }
    ahead = put(program, driver.case, "follow-up", 422, happened_at="2026-10-16T10:02:01+08:00")
    assert ahead["errors"] == [{"field": "happened_at", "code": "in_the_future", "detail": ahead["detail"]}]
    program.language = "zh-CN"
    refused = put(program, driver.case, "reply", 422, etag="*", kind="promised")
    assert (refused["title"], refused["detail"]) == ("无法处理的内容", "请填写承诺的日期。")
    wrong = program.post("cases", {"number": "12", "carrier": 5, "colour": "red"}, 422)
    assert [(one["field"], one["code"]) for one in wrong["errors"]] == [
        ("number", "number_refused"),
        ("carrier", "string_type"),
        ("colour", "extra_forbidden"),
    ]
    assert wrong["errors"][2]["detail"] == "没有这个字段。"


def test_one_open_case_for_each_card(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    refused = program.post("cases", {"number": "13800000005", "carrier": "china-mobile"}, 409)
    assert (refused["code"], refused["case"]) == ("open_case_exists", driver.case.reference)
    program.post("cases", {"number": "13800000006", "carrier": "nobody"}, 404)
    late = {"number": "13800000006", "carrier": "china-mobile", "submitted_at": "2026-10-17T10:00:00+08:00"}
    assert program.post("cases", late, 422)["errors"][0]["field"] == "submitted_at"


def test_handing_over_stays_within_the_team(
    program: Program, new_driver: scenarios.Make, agent: User, stranger: User, viewer: User
) -> None:
    driver = scenarios.overdue(new_driver)
    put(program, driver.case, "hand-over", 404, etag="*", handler=stranger.pk)
    put(program, driver.case, "hand-over", 404, etag="*", handler=viewer.pk)
    answer = put(program, driver.case, "hand-over", etag="*", handler=agent.pk)
    assert answer["handler"] == {"id": agent.pk, "name": "Wang Wei"}
    assert put(program, driver.case, "hand-over", etag="*", handler=None)["handler"] is None


def test_what_managers_alone_may(
    program: Program, program_of: Made, new_driver: scenarios.Make, agent: User, team: Team
) -> None:
    driver: CaseDriver = scenarios.confirmed(new_driver)
    agent = program_of(agent, team)
    assert put(agent, driver.case, "erase", 403, etag="*", sure=True)["code"] == "only_managers"
    assert "erase" not in agent.get(f"cases/{driver.case.reference}")["actions"]
    put(program, driver.case, "erase", 422, etag="*", sure=False)
    answer = put(program, driver.case, "erase", etag="*", sure=True)
    assert (answer["erased_at"], answer["number"]) == ("2026-10-16T10:00:00+08:00", "***********")
    assert answer["actions"] == []
    assert put(program, driver.case, "reopen", 409, etag="*", words="x")["code"] == "erased"


def test_a_card_is_changed_by_who_has_seen_it(program: Program) -> None:
    answer = program.post("cards", {"number": "13800000005", "carrier": "china-mobile", "plan": "8元保号"}, 201)
    address = program.last["Location"].removeprefix("/api/v1/")
    etag = program.etag
    assert (answer["plan"], answer["monthly_fee"], answer["cases"]) == ("8元保号", None, 0)
    assert program.post("cards", {"number": "13800000005", "carrier": "china-mobile"}, 409)["code"] == "card_known"
    assert program("PATCH", address, {"holder": "x"}, 428)["code"] == "if_match_missing"
    changed = program("PATCH", address, {"holder": "王小明", "monthly_fee": "8.00", "plan": ""}, If_Match=etag)
    assert (changed["holder"], changed["monthly_fee"], changed["plan"]) == ("王小明", "8.00", "")
    assert program("PATCH", address, {"holder": "x"}, 412, If_Match=etag)["code"] == "changed_since"
    assert (
        program("PATCH", address, {"monthly_fee": None}, If_Match=program_etag(program, address))["monthly_fee"] is None
    )


def program_etag(program: Program, address: str) -> str:
    program.get(address)
    return program.etag


def test_a_branch_is_noted_changed_forgotten(program: Program) -> None:
    address = "carriers/china-mobile/branches"
    answer = program.post(address, {"name": "人民路营业厅", "takes": "yes", "asked_on": "2026-10-15"}, 201)
    assert answer["own"] is True
    refused = program.post(address, {"name": "x", "takes": "no"}, 422)
    assert refused["errors"][0]["field"] == "asked_on"
    changed = program("PUT", f"{address}/{answer['id']}", {"name": "人民路营业厅", "phone": "010-1"})
    assert (changed["id"], changed["takes"], changed["phone"]) == (answer["id"], "unknown", "010-1")
    program("DELETE", f"{address}/{answer['id']}", None, 204)
    assert program.get(address) == []


def test_a_refund_from_expected_to_received(program: Program, new_driver: scenarios.Make) -> None:
    case = scenarios.confirmed(new_driver).case
    long = put(program, case, "expect-refund", 422, etag="*", amount="36.50", due_on=None, account_ending="62170000")
    assert (long["code"], long["errors"][0]["field"]) == ("account_number_refused", "account_ending")  # type: ignore[index]
    told = put(program, case, "expect-refund", etag="*", amount=None, due_on=None, way="cash")
    assert told["refunds"] == [
        {
            "amount": None,
            "way": "cash",
            "account_ending": "",
            "due_on": "2026-11-05",
            "first_due_on": "2026-11-05",
            "due_basis": "working_days",
            "received": "0.00",
            "outstanding": None,
            "closed_on": None,
            "written_off": False,
            "words": "",
        }
    ]
    assert told["refund_due_on"] == "2026-11-05"
    assert [ref["reference"] for ref in program.get("cases?standing=refund_open")["items"]] == [case.reference]
    again = put(program, case, "expect-refund", 409, etag="*", amount=None, due_on=None)
    assert again["code"] == "refund_open"
    told = put(program, case, "promise-refund", etag="*", promised_on="2026-11-20", way="unasked")
    assert (told["refund_due_on"], told["last_follow_up_at"]) == ("2026-11-20", None)
    assert (told["refunds"][0]["due_on"], told["refunds"][0]["first_due_on"]) == ("2026-11-20", "2026-11-05")  # type: ignore[index]
    nothing = put(program, case, "receive-refund", 422, etag="*", amount=None)
    assert (nothing["code"], nothing["errors"][0]["field"]) == ("amount_refused", "amount")  # type: ignore[index]
    told = put(program, case, "receive-refund", etag="*", amount="12.30", is_all=True)
    refund = told["refunds"][0]  # type: ignore[index]
    assert (refund["received"], refund["outstanding"], refund["closed_on"]) == ("12.30", "0.00", "2026-10-16")
    assert told["refund_due_on"] is None
