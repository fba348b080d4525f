"""What holds a request back before it is handed in, and what is only recorded when it is out already."""

from collections.abc import Callable

import pytest

from cases.domain.errors import NotReady, ReasonMissing
from cases.models import Card, Carrier, ChecklistMark
from cases.operations import MarkItem, Returned, Submit, checklist_of
from tests.helpers import CaseDriver, at

Make = Callable[..., CaseDriver]
EVERYTHING = ("identity", "card", "account", "arrears", "contract", "contacts", "bindings")
SUBMITTED_AT = "2026-09-30T16:30"


def now(**more: object) -> Submit:
    return Submit(at(SUBMITTED_AT), already_sent=False, **more)  # type: ignore[arg-type]


def codes(error: pytest.ExceptionInfo[NotReady]) -> list[str]:
    return [item.code for item in error.value.params["items"]]


def marks(driver: CaseDriver) -> dict[str, str]:
    return dict(ChecklistMark.objects.filter(case=driver.case).values_list("code", "state"))


def test_what_is_open_holds_it_back_and_is_named(draft: CaseDriver) -> None:
    draft.do(MarkItem("identity"), "2026-09-30T16:00")
    draft.do(MarkItem("card", "waived", "丢了"), "2026-09-30T16:00")
    with pytest.raises(NotReady) as refused:
        draft.do(now(ready=("account", "arrears")), SUBMITTED_AT)
    assert codes(refused) == ["contract", "contacts", "bindings"]
    assert draft.status == "draft"
    assert marks(draft) == {"identity": "done", "card": "waived"}


def test_ticked_and_waived_in_the_same_act_it_goes_out(draft: CaseDriver) -> None:
    draft.do(now(ready=EVERYTHING[:-1], waived={"bindings": "从未绑定"}), SUBMITTED_AT)
    assert draft.status == "submitted"
    assert draft.kinds == ["logged", "submitted"]
    assert draft.last_content["ready"] == list(EVERYTHING[:-1])
    assert draft.last_content["waived"] == {"bindings": "从未绑定"}
    assert draft.last_content["not_checked"] == []
    assert marks(draft) == dict.fromkeys(EVERYTHING[:-1], "done") | {"bindings": "waived"}


def test_waiving_needs_a_reason_here_too(draft: CaseDriver) -> None:
    with pytest.raises(ReasonMissing):
        draft.do(now(ready=EVERYTHING, waived={"balance": " "}), SUBMITTED_AT)


def test_what_is_out_already_is_recorded_with_what_was_not_checked(draft: CaseDriver) -> None:
    draft.do(Submit(at(SUBMITTED_AT), already_sent=True, ready=("identity",)), SUBMITTED_AT)
    assert draft.status == "submitted"
    assert draft.last_content["not_checked"] == ["card", "account", "arrears", "contract", "contacts", "bindings"]
    assert marks(draft) == {"identity": "done"}


def test_a_case_logged_as_submitted_is_out_already(submitted: CaseDriver) -> None:
    assert submitted.last_content["not_checked"] == list(EVERYTHING)


def test_a_companys_papers_hold_back_a_companys_card_only(draft: CaseDriver) -> None:
    Card.objects.filter(pk=draft.case.card_id).update(holder="示例科技有限公司")
    with pytest.raises(NotReady) as refused:
        draft.do(now(ready=EVERYTHING), SUBMITTED_AT)
    assert codes(refused) == ["licence", "seal", "authority", "handler"]
    Card.objects.filter(pk=draft.case.card_id).update(holder="王某某")
    draft.do(now(ready=EVERYTHING), SUBMITTED_AT)
    assert draft.status == "submitted"


def test_a_virtual_operator_wants_the_iccid(new_driver: Make) -> None:
    xiaomi = Carrier.objects.create(slug="x", name="小米移动", name_en="Xiaomi", hotline="1", is_virtual=True)
    driver = new_driver("17000000000", carrier=xiaomi)
    with pytest.raises(NotReady) as refused:
        driver.do(now(ready=EVERYTHING), SUBMITTED_AT)
    assert codes(refused) == ["iccid"]


class TestAfterAReturn:
    @pytest.fixture
    def returned(self, draft: CaseDriver) -> CaseDriver:
        draft.do(now(ready=EVERYTHING), SUBMITTED_AT)
        draft.do(Returned(at("2026-10-09T10:00"), "欠费 12 元", reason="arrears"), "2026-10-09T10:05")
        return draft

    def test_what_the_carrier_named_must_be_settled_again(self, returned: CaseDriver) -> None:
        again = Submit(at("2026-10-12T10:00"), already_sent=False)
        with pytest.raises(NotReady) as refused:
            returned.do(again, "2026-10-12T10:00")
        assert codes(refused) == ["arrears"]
        assert [line.item.code for line in checklist_of(returned.fresh()) if line.is_missing] == ["arrears"]
        returned.do(MarkItem("arrears"), "2026-10-12T10:01")
        assert [line.item.code for line in checklist_of(returned.fresh()) if line.is_missing] == []
        returned.do(again, "2026-10-12T10:02")
        assert returned.status == "submitted"

    def test_handed_in_already_it_is_recorded_as_not_checked(self, returned: CaseDriver) -> None:
        returned.do(Submit(at("2026-10-12T10:00")), "2026-10-12T10:00")
        assert (returned.last_entry.kind, returned.last_content["not_checked"]) == ("resubmitted", ["arrears"])
