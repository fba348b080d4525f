"""In bulk: many logged, one verb over many, batches and the answer to them; each done or named with why not."""

import pytest

from cases.models import Batch, Card, Carrier, Case, Team, User
from tests.api.conftest import Made, Program
from tests.web import scenarios


def test_many_are_logged(program: Program, new_driver: scenarios.Make) -> None:
    taken = scenarios.overdue(new_driver)
    items = [
        {"number": "13800000031", "carrier": "china-mobile", "words": "first"},
        {"number": "13800000005", "carrier": "china-mobile"},
        {"number": "13800000032", "carrier": "nobody"},
        {"number": "13800000033", "carrier": "china-mobile", "submitted_at": "2026-10-15T16:00:00+08:00"},
    ]
    told = program.post("bulk/cases", {"items": items}, Idempotency_Key="a")["items"]
    assert [one["index"] for one in told] == [0, 1, 2, 3]
    assert [one["problem"] and one["problem"]["code"] for one in told] == [None, "open_case_exists", "not_found", None]
    assert told[1]["problem"]["case"] == taken.case.reference
    assert Case.objects.get(reference=told[3]["reference"]).status == "submitted"
    assert not Card.objects.filter(number="13800000032").exists()
    assert program.post("bulk/cases", {"items": items}, Idempotency_Key="a")["items"] == told
    wrong = program.post("bulk/cases", {"items": [items[0], {"number": "1"}]}, 422)["errors"]
    assert [(one["field"], one["code"]) for one in wrong] == [
        ("items.1.number", "number_refused"),
        ("items.1.carrier", "missing"),
    ]


def test_one_verb_over_many(program: Program, new_driver: scenarios.Make, other_team: Team, stranger: User) -> None:
    waiting, draft = scenarios.waiting(new_driver).case, scenarios.draft(new_driver).case
    body = {
        "references": [waiting.reference, draft.reference, "XK-22222222", waiting.reference],
        "act": {"kind": "promised", "promised_on": "2026-10-20", "words": "all of them"},
    }
    answer = program.post("bulk/reply", body)
    assert answer["done"] == [waiting.reference]
    refused = {one["reference"]: one["problem"]["detail"] for one in answer["refused"]}
    assert refused == {
        draft.reference: "This cannot be recorded while the case is “In preparation”.",
        "XK-22222222": "Not found. It may have been deleted, or belongs to another team.",
    }
    assert program.post("bulk/reply", {**body, "act": {"kind": "promised"}}, 422)["code"] == "day_missing"
    assert program.post("bulk/hand-over", {"references": ["x"], "act": {"handler": stranger.pk}}, 404)


def test_no_more_than_on_the_pages(program: Program) -> None:
    wrong = program.post("bulk/withdraw", {"references": ["XK-22222222"] * 2001, "act": {}}, 422)["errors"]
    assert wrong == [{"field": "references", "code": "too_long", "detail": "Must have 2000 items or fewer."}]


def test_a_batch_and_the_answer_to_it(program: Program, new_driver: scenarios.Make) -> None:
    scenarios.overdue(new_driver)
    body = {
        "numbers": ["138 0000 0041", "13800000042", "13800000042", "13800000005"],
        "carrier": "china-mobile",
        "channel": "letter",
        "reference": "函〔2026〕7号",
        "happened_at": "2026-10-15T16:00:00+08:00",
    }
    made = program.post("batches", body, 201, Idempotency_Key="a")
    assert len(made["cases"]) == made["counts"]["total"] == 2
    assert [(one["number"], one["problem"]["code"]) for one in made["refused"]] == [("138****0005", "open_case_exists")]
    assert program.last["Location"] == f"/api/v1/batches/{made['id']}"
    assert program.post("batches", body, 201, Idempotency_Key="a")["id"] == made["id"]
    assert Batch.objects.count() == 1
    listed = program.get(f"cases?batch={made['id']}&sort=number")["items"]
    assert [row["number"] for row in listed] == ["138****0041", "138****0042"]
    answer = {
        "done": ["13800000041", "13900139000"],
        "others": [{"number": "13800000042", "words": "欠费"}],
        "others_kind": "returned",
    }
    told = program.post(f"batches/{made['id']}/answer", answer)
    assert (told["done"], told["others"]) == ([listed[0]["reference"]], [listed[1]["reference"]])
    assert (told["strangers"], told["left"], told["refused"]) == (["139****9000"], 0, [])
    counts = program.get(f"batches/{made['id']}")["counts"]
    assert (counts["said_done"], counts["returned"]) == (1, 1)
    assert [batch["id"] for batch in program.get("batches")["items"]] == [made["id"]]
    both = {"done": ["13800000041"], "others": [{"number": "13800000041"}]}
    assert (
        program.post(f"batches/{made['id']}/answer", both, 422)["detail"]
        == "These numbers are in both lists: 138****0041. Remove them from one."
    )
    assert program.post(f"batches/{made['id']}/answer", {}, 422)["code"] == "no_numbers"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"numbers": []}, "too_short"),
        ({"numbers": ["12"]}, "number_refused"),
        ({"happened_at": "2026-10-17T10:00:00+08:00"}, "in_the_future"),
        ({"numbers": ["13800000005"]}, "nothing_to_submit"),
    ],
)
def test_batches_that_are_none(
    program: Program, new_driver: scenarios.Make, change: dict[str, object], code: str
) -> None:
    scenarios.overdue(new_driver)
    wrong = program.post("batches", {"numbers": ["13800000041"], "carrier": "china-mobile", **change}, 422)
    assert wrong["errors"][0]["code"] == code
    assert not Batch.objects.exists()


def test_another_carriers_card(program: Program, program_of: Made, new_driver: scenarios.Make, unicom: Carrier) -> None:
    scenarios.confirmed(new_driver)
    answer = program.post("batches", {"numbers": ["13800000011", "13800000051"], "carrier": "china-unicom"}, 201)
    assert answer["refused"][0]["problem"]["detail"].startswith("This card’s carrier is China Mobile.")
