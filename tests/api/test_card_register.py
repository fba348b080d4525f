"""Programs put the register of cards right: wrong numbers, cards nobody needs, cases logged by mistake; and both names
of who was renamed."""

from cases import operations as ops
from cases.models import AuditEntry, Card, CardColumn, Carrier, Team, User
from cases.operations.accounts import change_account
from tests.api.conftest import Made, Program
from tests.moments import NOW
from tests.web import scenarios


def test_a_corrected_number_is_on_the_case(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    path = f"cards/{driver.case.card_id}"
    program.get(path)
    etag, body = program.etag, {"number": "139 0000 0005", "words": "看错一位"}
    assert program.post(f"{path}/number", body, 428)["code"] == "if_match_missing"
    assert program.post(f"{path}/number", body, If_Match=etag)["number"] == "139****0005"
    assert program.post(f"{path}/number", body, 412, If_Match=etag)["code"] == "changed_since"
    assert program.get(f"{path}?numbers=full")["number"] == "13900000005"
    entry = program.get(f"cases/{driver.case.reference}/timeline")["items"][-1]
    assert (entry["kind"], entry["words"]) == ("number_corrected", "看错一位")
    assert entry["lines"] == [{"label": "Number", "value": "138****0005 → 139****0005"}]
    assert (entry["content"]["before"], entry["content"]["after"]) == ("138****0005", "139****0005")


def test_what_is_wrong_with_a_correction(program: Program, new_driver: scenarios.Make) -> None:
    path = f"cards/{scenarios.overdue(new_driver).case.card_id}/number"
    other = scenarios.waiting(new_driver).case.card_id
    taken = program.post(path, {"number": "13800000002", "words": "x"}, 409, If_Match="*")
    assert (taken["code"], taken["card"]) == ("number_taken", other)
    assert taken["detail"] == "Another card of this team has the number 138****0002."
    for body, field in (({"number": "13800000009"}, "words"), ({"number": "1", "words": "x"}, "number")):
        (error,) = program.post(path, body, 422, If_Match="*")["errors"]
        assert error["field"] == field
    assert program.post(path, {"number": "13800000009", "words": "  "}, 422, If_Match="*")


def test_the_same_correction_sent_twice_is_done_once(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    body = {"number": "13900000005", "words": "看错一位"}
    for _ in range(2):
        program.post(f"cards/{driver.case.card_id}/number", body, If_Match="*", Idempotency_Key="one")
    assert driver.kinds.count("number_corrected") == 1


def test_a_card_is_deleted_unless_it_has_a_case(
    program: Program, new_driver: scenarios.Make, team: Team, mobile: Carrier, manager: User
) -> None:
    used = scenarios.overdue(new_driver).case.card_id
    spare = ops.register_card(team, "13900139000", mobile, ops.CardFacts(), by=manager, now=NOW)
    assert program("DELETE", f"cards/{spare.pk}", None, 428)["code"] == "if_match_missing"
    program("DELETE", f"cards/{spare.pk}", None, 204, If_Match="*")
    program("DELETE", f"cards/{spare.pk}", None, 404, If_Match="*")
    refused = program("DELETE", f"cards/{used}", None, 409, If_Match="*")
    assert (refused["code"], refused["detail"].partition(",")[0]) == ("card_has_cases", "This card has cases")
    assert list(Card.objects.values_list("pk", flat=True)) == [used]
    assert AuditEntry.objects.get(kind="card_deleted").about == "139****9000"


def test_only_managers_may(program_of: Made, agent: User, team: Team, new_driver: scenarios.Make) -> None:
    card, program = scenarios.overdue(new_driver).case.card_id, program_of(agent, team)
    body = {"number": "13900000005", "words": "x"}
    assert program.post(f"cards/{card}/number", body, 403, If_Match="*")["code"] == "only_managers"
    assert program("DELETE", f"cards/{card}", None, 403, If_Match="*")["code"] == "only_managers"


def test_another_holder_is_on_the_open_case(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    program("PATCH", f"cards/{driver.case.card_id}", {"holder": "李卫"}, If_Match="*")
    entry = program.get(f"cases/{driver.case.reference}/timeline")["items"][-1]
    assert entry["kind"] == "card_changed"
    assert entry["lines"] == [{"label": "Holder", "value": "– → 李卫"}]


def test_a_case_logged_by_mistake_leaves_the_list(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    path = f"cases/{driver.case.reference}"
    assert program.get(path)["logged_by_mistake"] is False
    answer = program.post(f"{path}/withdraw", {"mistake": True, "words": "重复登记"}, If_Match="*")
    assert (answer["status"], answer["logged_by_mistake"]) == ("withdrawn", True)
    assert program.get("cases")["items"] == []
    assert program.get("statistics")["carriers"] == []
    assert program.get(f"cards/{driver.case.card_id}")["cases"] == 0
    assert program.get(path)["logged_by_mistake"] is True


def test_the_timeline_has_both_names(program: Program, new_driver: scenarios.Make, agent: User) -> None:
    driver = scenarios.overdue(new_driver)
    driver.do(ops.FollowUp(NOW, way="call"), NOW, by=agent)
    change_account(agent, by=agent, now=NOW, name="Wang Fang")
    first, *_, last = program.get(f"cases/{driver.case.reference}/timeline")["items"]
    assert (last["by"], last["by_today"]) == ("Wang Wei", "Wang Fang")
    assert (first["by"], first["by_today"]) == ("Li Na", "")


def test_facts_and_own_columns_go_in_and_come_out(program: Program, team: Team, mobile: Carrier) -> None:
    CardColumn.objects.create(team=team, key="c1", title="分机", kind="number")
    CardColumn.objects.create(team=team, key="c2", title="设备", kind="choice", choices=["手机", "网关"])
    assert program.get("card-columns") == [
        {"key": "c1", "title": "分机", "kind": "number", "choices": []},
        {"key": "c2", "title": "设备", "kind": "choice", "choices": ["手机", "网关"]},
    ]
    facts = {
        "user": "陈静", "department": "客服部", "iccid": "89860000000000000001", "opened_on": "2024-03-01",
        "note": "打 13900139000 找她", "custom": {"c1": "8,021", "c2": "网关"},
    }  # fmt: skip
    card = program.post("cards", {"number": "13800000005", "carrier": "china-mobile", **facts}, 201)
    path, etag = f"cards/{card['id']}", program.etag
    assert {name: card[name] for name in facts} == facts | {
        "note": "打 139****9000 找她",
        "custom": {"c1": "8021", "c2": "网关"},
    }
    assert program.get(f"{path}?numbers=full")["note"] == "打 13900139000 找她"
    changed = program("PATCH", path, {"custom": {"c2": ""}, "department": ""}, If_Match=etag)
    assert (changed["custom"], changed["department"], changed["user"]) == ({"c1": "8021"}, "", "陈静")
    for custom in ({"c1": "多"}, {"c2": "座机"}, {"c9": "x"}):
        (error,) = program("PATCH", path, {"custom": custom}, 422, If_Match="*")["errors"]
        assert error["field"] == "custom"
        assert program.post("cards", {"number": "13800000006", "carrier": "china-mobile", "custom": custom}, 422)
    assert AuditEntry.objects.get(kind="card_changed").about == "department: 客服部 → -; 设备"
