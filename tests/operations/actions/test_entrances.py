"""Every entrance offers an action exactly where the registry does, and refuses it elsewhere, by status and by role."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from cases.models import Carrier, Team, User
from cases.operations import ACTIONS, ADMIN_ACTIONS, BULK_ACTIONS, Action
from cases.web.actions import FORMS
from tests.api.conftest import Made
from tests.helpers import CaseDriver, make_user, with_second_factor
from tests.operations.actions.test_registry import AGENT, MANAGER
from tests.web.html_client import Person
from tests.web.scenarios import STATES, Make

#: What says that an action is refused as the case stands; any other problem is about what was sent.
REFUSALS = {
    *("wrong_state", "wrong_transition", "not_verified", "no_complaint_yet", "nothing_to_answer", "complaint_runs"),
    *("appeal_runs", "not_closed", "still_disputed", "no_open_refund", "not_cancelled_yet", "nothing_owed"),
    "appeal_about_charges",
}
ROLES = ("manager", "agent", "viewer", "stranger")
People = dict[str, User]
#: What is typed on the page for many cases.
TYPED: dict[str, dict[str, Any]] = {
    "follow-up": {"way": "call", "happened_at": "2026-10-16T10:00"},
    "reply": {"kind": "under_review", "happened_at": "2026-10-16T10:00"},
    "verify": {"method": "call", "finding": "inconclusive", "happened_at": "2026-10-16T10:00"},
    "snooze": {"until": "2026-10-20"},
    "withdraw": {},
    "receipts": {"kind": "sms", "text": "您的号码已销户"},
}


@pytest.fixture
def people(manager: User, agent: User, viewer: User, stranger: User, mobile: Carrier) -> People:
    return {"manager": manager, "agent": agent, "viewer": viewer, "stranger": stranger}


def expected(state: str, role: str) -> set[str]:
    """What the registry offers to this role, by the table of tests/operations/actions/test_registry.py."""
    agent = set(AGENT[state].split())
    by_role = {"agent": agent, "manager": agent | set(MANAGER.get(state, "").split())}
    return by_role.get(role, set())


@pytest.mark.parametrize("role", ROLES)
def test_the_page_of_a_case(new_driver: Make, people: People, sign_in: Callable[[User], Person], role: str) -> None:
    person = sign_in(people[role])
    for state in AGENT:
        driver = STATES[state](new_driver)
        start = f"/cases/{driver.case.reference}/"
        page = person.get(start)
        assert page.status == (404 if role == "stranger" else 200)
        linked = {href.removeprefix(start).strip("/") for href in page.hrefs if href.startswith(start)}
        posted = {form.action.removeprefix(start).strip("/") for form in page.forms if form.action.startswith(start)}
        assert (linked | posted) & set(ACTIONS) == expected(state, role), state


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", ["draft", "waiting", "confirmed"])
def test_the_form_of_an_action(
    new_driver: Make, people: People, sign_in: Callable[[User], Person], role: str, state: str
) -> None:
    person, driver = sign_in(people[role]), STATES[state](new_driver)
    for action in FORMS:
        page = person.get(f"/cases/{driver.case.reference}/{action}/")
        if role in ("manager", "agent") and action not in ("keep", "erase"):
            status = 200
        else:
            status = {"manager": 200, "agent": 403, "viewer": 403, "stranger": 404}[role]
        assert page.status == status, action
        has_form = any(form.method == "post" and not form.action for form in page.forms)
        assert has_form == (action in expected(state, role)), action


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", ["draft", "verified", "returned", "complained", "appealed", "confirmed", "withdrawn"])
def test_the_endpoints_of_a_case(
    new_driver: Make, people: People, team: Team, other_team: Team, program_of: Made, role: str, state: str
) -> None:
    program = program_of(people[role], other_team if role == "stranger" else team)
    driver = STATES[state](new_driver)
    path = f"cases/{driver.case.reference}"
    if role != "stranger":
        assert set(program.get(path)["actions"]) == expected(state, role)
    for action, spec in ACTIONS.items():
        if not spec.summary:
            continue
        with transaction.atomic():
            answer = send(program, f"{path}/{action}", dict(spec.example))
            transaction.set_rollback(True)
        if role == "stranger":
            assert answer == (404, "not_found"), action
        elif role == "viewer":
            assert answer == (403, "only_viewer"), action
        elif role == "agent" and action in ("keep", "erase"):
            assert answer == (403, "only_managers"), action
        elif action in expected(state, role):
            assert answer[1] not in REFUSALS, (action, answer)
            assert answer[0] in (200, 422), (action, answer)
        else:
            assert answer[1] in REFUSALS, (action, answer)


def send(program: Any, path: str, body: Any) -> tuple[int, str]:
    response = Client().post(
        f"/api/v1/{path}",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {program.secret}", "If-Match": "*"},
    )
    return response.status_code, response.json().get("code", "")


@pytest.fixture
def many(new_driver: Make) -> dict[str, CaseDriver]:
    return {state: STATES[state](new_driver) for state in AGENT}


@pytest.mark.parametrize("spec", BULK_ACTIONS, ids=lambda spec: spec.key.value)
def test_many_cases_on_the_page(
    many: dict[str, CaseDriver], people: People, sign_in: Callable[[User], Person], spec: Any
) -> None:
    references = " ".join(driver.case.reference for driver in many.values())
    sent = {"action": spec.key.value, "references": references, "click": "7b1d6a0e-6d4f-4e0a-9d55-0f4b3f7f0001"}
    sent |= TYPED.get(spec.key, {"handler": people["agent"].pk})
    before = {state: driver.fresh().entry_count for state, driver in many.items()}
    assert sign_in(people["viewer"]).client.post("/cases/many/", sent).status_code == 403
    sign_in(people["stranger"]).client.post("/cases/many/", sent)
    assert {state: driver.fresh().entry_count for state, driver in many.items()} == before
    sign_in(people["agent"]).client.post("/cases/many/", sent)
    done = {state for state, driver in many.items() if driver.fresh().entry_count > before[state]}
    assert done == {state for state in AGENT if spec.key in expected(state, "agent")}


@pytest.mark.parametrize("spec", [spec for spec in BULK_ACTIONS if spec.summary], ids=lambda spec: spec.key.value)
def test_many_cases_in_the_api(
    many: dict[str, CaseDriver], people: People, team: Team, other_team: Team, program_of: Made, spec: Any
) -> None:
    states = {driver.case.reference: state for state, driver in many.items()}
    body = {"references": [*states], "act": dict(spec.bulk.example or spec.example)}
    viewer, stranger, agent = people["viewer"], people["stranger"], people["agent"]
    assert program_of(viewer, team).post(f"bulk/{spec.key}", body, 403)["code"] == "only_viewer"
    result = program_of(stranger, other_team).post(f"bulk/{spec.key}", body)
    assert (result["done"], {refused["problem"]["code"] for refused in result["refused"]}) == ([], {"not_found"})
    result = program_of(agent, team).post(f"bulk/{spec.key}", body)
    offered = {state for state in AGENT if spec.key in expected(state, "agent")}
    assert {states[reference] for reference in result["done"]} == offered
    assert {refused["problem"]["code"] for refused in result["refused"]} <= REFUSALS


def test_actions_that_are_for_one_case_only_have_no_entrance_for_many(
    many: dict[str, CaseDriver], people: People, team: Team, program_of: Made, sign_in: Callable[[User], Person]
) -> None:
    program, person = program_of(people["manager"], team), sign_in(people["manager"])
    reference = many["waiting"].case.reference
    for action in set(Action) - {spec.key for spec in BULK_ACTIONS}:
        program.post(f"bulk/{action}", {"references": [reference], "act": dict(ACTIONS[action].example)}, 404)
        page = person.client.post("/cases/many/", {"action": action.value, "references": reference})
        assert "Choose an action." in page.content.decode()


def test_the_admin(many: dict[str, CaseDriver], client: Client, team: Team) -> None:
    operator = User.objects.create_superuser("operator@example.com", "correct horse", name="Olga", language="en")
    client.force_login(with_second_factor(operator))
    names = {spec.key: spec.admin.name for spec in ADMIN_ACTIONS if spec.admin}
    assert names == {"follow-up": "follow_up", "reply": "under_review", "verify": "confirm"}
    for state, driver in many.items():
        page = client.get(f"/admin/cases/case/{driver.case.pk}/change/").content.decode()
        offered = {action for action, name in names.items() if f"/admin/cases/case/act/{name}/" in page}
        assert offered == expected(state, "manager") & set(names), state
    assert client.get("/admin/cases/case/act/snooze/").status_code == 404
    staff = make_user("staff@example.com", team, "manager")
    staff.is_staff = True
    staff.save()
    client.force_login(with_second_factor(staff))
    assert client.get("/admin/cases/case/act/follow_up/").status_code == 403
