"""The registry of actions: who may do what, at which step it comes first, and that the operation itself refuses."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import operations as ops
from cases.domain.case_standing import Step
from cases.domain.errors import CaseError
from cases.domain.roles import ManagerRequired, OtherTeam, ViewerReadOnly
from cases.models import Carrier, Team, TimelineEntry, User
from cases.operations import ACTIONS, Action
from cases.operations.engine.per_case import PerCase
from cases.operations.erasure import Erase
from cases.operations.follow_up import Snooze
from tests.helpers import CaseDriver, new_case, on
from tests.moments import NOW
from tests.web.scenarios import STATES, Make
from tests.web.test_allowed_actions import verbs

#: What an agent may do with a case in each state, in the order in which it is offered.
AGENT = {
    "draft": "submit hand-over withdraw checklist receipts charge",
    "refund_open": "follow-up complain reopen receipts charge bill promise-refund receive-refund write-off-refund",
    "waiting": "reply follow-up verify complain snooze hand-over correct withdraw checklist receipts charge",
    "verified": "reply follow-up verify confirm complain snooze hand-over correct withdraw checklist receipts charge "
    "expect-refund",
    "returned": "submit follow-up complain snooze hand-over withdraw checklist receipts charge",
    "complained": "reply follow-up verify complaint-answer appeal snooze hand-over correct withdraw checklist receipts "
    "charge",
    "appealed": "reply follow-up verify complaint-answer appeal-decision appeal-answer snooze hand-over correct "
    "withdraw checklist receipts charge",
    "appeal_decided": "reply follow-up verify complaint-answer appeal-answer snooze hand-over correct withdraw "
    "checklist receipts charge",
    "confirmed": "follow-up reopen receipts charge bill expect-refund",
    "withdrawn": "receipts",
    "complained_then_withdrawn": "complaint-answer receipts",
}
#: What its managers may do besides.
MANAGER = {
    "confirmed": "keep erase",
    "refund_open": "keep",
    "withdrawn": "keep erase",
    "complained_then_withdrawn": "keep",
}
FIRST = {
    "submit": "submit",
    "wait": "reply follow-up",
    "wait_effect": "reply follow-up",
    "ask_registered": "follow-up reply",
    "first_call": "follow-up reply",
    "chase": "follow-up reply",
    "hold_to_promise": "follow-up reply",
    "complain": "complain follow-up reply",
    "wait_complaint": "complaint-answer reply",
    "appeal": "appeal complaint-answer",
    "wait_appeal": "appeal-decision appeal-answer",
    "ask_appeal_body": "appeal-decision appeal-answer",
    "verify": "verify confirm expect-refund",
    "resubmit": "submit follow-up",
    "check_bill": "bill expect-refund reopen",
    "ask_refund": "receive-refund promise-refund follow-up complain",
    "nothing": "",
    "read_message": "follow-up reply",
}


@pytest.mark.parametrize("state", AGENT)
def test_each_role_gets_what_it_may(new_driver: Make, state: str) -> None:
    driver = STATES[state](new_driver)
    case, escalations = driver.fresh(), list(driver.case.escalations.all())

    def allowed(role: str | None) -> str:
        return " ".join(ops.allowed_actions(case, escalations, role))

    assert allowed("agent") == AGENT[state]
    assert allowed("manager") == f"{AGENT[state]} {MANAGER.get(state, '')}".strip()
    assert (allowed("viewer"), allowed(None)) == ("", "")


def test_the_buttons_beside_each_step() -> None:
    assert {step.value: " ".join(ops.first_actions(step)) for step in Step} == FIRST


def test_every_action_has_one_entry() -> None:
    assert list(ACTIONS) == list(Action)
    assert [action.value for action, spec in ACTIONS.items() if spec.right == "manage"] == ["keep", "erase"]
    bulk = [spec.key.value for spec in ops.BULK_ACTIONS]
    assert bulk == ["follow-up", "reply", "verify", "hand-over", "snooze", "withdraw", "receipts"]
    assert [spec.key.value for spec in ops.ADMIN_ACTIONS] == ["follow-up", "reply", "verify"]


def refusal(driver: CaseDriver, verb: ops.Verb, by: User | None) -> type[CaseError] | None:
    try:
        driver.do(verb, NOW, by=by)
    except CaseError as error:
        return type(error)
    return None


@pytest.mark.parametrize("action", Action)
def test_the_operation_refuses_by_role(
    new_driver: Make, agent: User, viewer: User, stranger: User, action: Action
) -> None:
    driver = STATES["confirmed" if action in ("keep", "erase") else "waiting"](new_driver)
    before = TimelineEntry.objects.count()
    for verb in verbs(driver.fresh())[action]:
        assert refusal(driver, verb, viewer) is (ManagerRequired if action in ("keep", "erase") else ViewerReadOnly)
        assert refusal(driver, verb, stranger) is OtherTeam
        if action in ("keep", "erase"):
            assert refusal(driver, verb, agent) is ManagerRequired
    assert TimelineEntry.objects.count() == before


def test_agents_work_managers_decide_and_the_product_may_anything(new_driver: Make, manager: User, agent: User) -> None:
    assert refusal(STATES["waiting"](new_driver), Snooze(on("2026-10-20")), agent) is None
    assert refusal(STATES["withdrawn"](new_driver), Erase(), manager) is None
    assert refusal(STATES["confirmed"](new_driver), Erase(), None) is None


def test_operators_work_in_every_team_and_decide_in_none(new_driver: Make) -> None:
    operator = User.objects.create_user("operator@example.com", "correct horse", name="Olga", is_staff=True)
    assert refusal(STATES["waiting"](new_driver), ops.Withdraw(), operator) is OtherTeam
    operator.user_permissions.add(Permission.objects.get(codename="change_case"))
    operator = User.objects.get(pk=operator.pk)  # permissions are kept with the instance
    assert refusal(STATES["overdue"](new_driver), ops.Withdraw(), operator) is None
    assert refusal(STATES["confirmed"](new_driver), Erase(), operator) is OtherTeam


def test_of_many_cases_those_of_other_teams_are_refused(
    new_driver: Make, other_team: Team, mobile: Carrier, agent: User, stranger: User
) -> None:
    own = new_driver("13800000001").case
    others = new_case(other_team, mobile, stranger)
    for verb in (ops.Withdraw(), PerCase({own.pk: Erase(), others.pk: Erase()})):
        outcome = ops.perform(verb, [own, others], by=agent, now=NOW)
        assert (others, OtherTeam) in [(case, type(error)) for case, error in outcome.refused]
        if isinstance(verb, PerCase):
            assert (own, ManagerRequired) in [(case, type(error)) for case, error in outcome.refused]


def test_roles_are_looked_up_once(new_driver: Make, manager: User) -> None:
    cases = [new_driver(f"1380000000{index}").case for index in range(3)]
    with CaptureQueriesContext(connection) as captured:
        ops.perform(ops.Withdraw(), cases, by=manager, now=NOW)
    assert sum('FROM "cases_membership"' in query["sql"] for query in captured.captured_queries) == 1
