"""What is sent and answered, by example: for the contract. Numbers and names are made up."""

from typing import Any

from cases.api.schemas.cases import CaseOut
from cases.operations import ACTIONS, BULK_ACTIONS

_CARD = {"number": "138 0013 8000", "carrier": "china-mobile", "holder": "某某科技有限公司", "monthly_fee": "8.00"}
_CASE = _CARD | {"reason": "cost", "channel": "hotline", "ready": ["identity", "card"]}
_HAPPENED_AT = "2026-10-16T10:00:00+08:00"
_REFERENCES = ["XK-7QF2M4ZP", "XK-8RG3N5AQ"]

#: By the name of the operation: a body that is accepted as it stands, as far as the case allows it.
REQUEST_BODIES: dict[str, dict[str, Any]] = {
    "search_cases": {"q": "138 0013 8000", "standing": "overdue", "sort": "reply_by"},
    "log_one": {**_CASE, "submitted_at": "2026-09-30T15:00:00+08:00", "reference": "SL-4711"},
    "register_card": {
        **_CARD,
        "user": "陈静",
        "department": "销售二部",
        "purpose": "marketing",
        "iccid": "89860000000000000001",
        "opened_on": "2024-03-01",
        "contract_end": "2026-12-31",
        "note": "合约机，可退押金",
    },
    "correct_number": {"number": "139 0013 9000", "words": "登记时少看了一位"},
    "change_card": {"plan": "8元保号套餐", "monthly_fee": "8.00", "department": "客服部"},
    "note_new_branch": {"name": "人民路营业厅", "takes": "yes", "asked_on": "2026-10-15"},
    "change_branch": {"name": "人民路营业厅", "phone": "010-12345678"},
    "refund": {"on": "2026-10-16"},
    "bulk_undo": {"idempotency_key": "follow-up-2026-10-16"},
    "void_entry": {"words": "记错案件"},
    "amend_entry": {"promised_on": "2026-10-21", "words": "听错了日期"},
    "move_entry_to_case": {"case": "XK-8RG3N5AQ", "words": "记错案件"},
    "make_batch": {
        "numbers": ["138 0013 8000", "13900139000"],
        "carrier": "china-mobile",
        "reference": "函〔2026〕7号",
    },
    "answer_to_batch": {"done": ["13800138000"], "others": [{"number": "13900139000", "words": "欠费"}]},
    "hand_in_message": {
        "sender": "10086",
        "text": "【中国移动】您的销户申请已受理（示例）",
        "received_at": _HAPPENED_AT,
    },
    "place_message": {"case": "XK-7QF2M4ZP"},
    "record_message": {"kind": "acknowledged", "reference": "SL-4711"},
    "save_draft": {"name": "某某科技有限公司", "carrier_name": "中国移动", "signed_on": "2026-10-16", "body": "……"},
    "name_columns": {"columns": ["number", "carrier", None, "submitted_at"]},
    "set_reading": {"sheet": 0, "header_row": 3, "carrier": "china-mobile"},
    "replace_cells": {"fixes": [{"row": 12, "column": 0, "text": "13800138000"}]},
    "name_unknown_carrier": {"name": "老王通讯", "carrier": "china-unicom"},
    "log_many": {"items": [_CASE, {"number": "13900139000", "carrier": "china-unicom"}]},
    **{action.name.lower(): dict(spec.example) for action, spec in ACTIONS.items() if spec.summary},
    **{
        f"bulk_{spec.key.name.lower()}": {"references": _REFERENCES, "act": dict(spec.bulk.example or spec.example)}
        for spec in BULK_ACTIONS
        if spec.bulk and spec.summary
    },
}

#: A case as the API returns it, overdue for three working days; what is left out here is null.
CASE: dict[str, Any] = dict.fromkeys(CaseOut.model_fields) | {
    "reference": "XK-7QF2M4ZP",
    "number": "138****8000",
    "card": 12,
    "user": "张三",
    "department": "销售一部",
    "carrier": {"slug": "china-mobile", "name": "China Mobile"},
    "status": "submitted",
    "reason": "cost",
    "channel": "hotline",
    "handler": {"id": 3, "name": "赵晓彤"},
    "carrier_reference": "SL-4711",
    "created_at": "2026-09-30T15:00:00+08:00",
    "submitted_at": "2026-09-30T15:00:00+08:00",
    "acknowledge_by": "2026-10-01T15:00:00+08:00",
    "review_by": "2026-10-11T00:00:00+08:00",
    "window_opens": "2026-10-11T00:00:00+08:00",
    "reply_by": "2026-10-14T00:00:00+08:00",
    "provisional": False,
    "last_follow_up_at": "2026-10-15T10:20:00+08:00",
    "return_reason": "",
    "was_late": False,
    "logged_by_mistake": False,
    "kept": False,
    "settled": None,
    "open_matters": [],
    "standing": {
        "kind": "overdue",
        "step": "chase",
        "late_days": 3,
        "days_left": 0,
        "headline": "3 working days overdue",
        "next_step": "Call 10086 and chase",
    },
    "version": 1,
    "actions": ["reply", "follow-up", "verify", "complain", "withdraw"],
    "checklist": [{"code": "card", "label": "Physical SIM card", "required": True, "state": "done"}],
    "escalations": [],
    "charges": [],
    "refunds": [],
}
