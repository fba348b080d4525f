"""The balance that a row says is owed back, of a number that is cancelled; what cannot be read is named and kept."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from cases.domain.business_days import local
from cases.domain.errors import gettext_noop
from cases.formats.tables.column_styles import plain_amount
from cases.formats.tables.facts import RowFacts, day_of_cell
from cases.formats.tables.fees import read_fee
from cases.formats.tables.readings import ReadRefund
from cases.formats.tables.word_lists import words_of

RefundStanding = Literal["pending", "part", "received", "none"]

NOT_A_REFUND = gettext_noop("“%(title)s”: “%(text)s” is not an amount in yuan. It was kept in the note.")
UNCLEAR_REFUND = gettext_noop(
    "“%(title)s”: “%(text)s” does not say whether the refund has come. It was kept in the note."
)
UNKNOWN_SUM = gettext_noop(
    "“%(title)s”: “%(text)s” says that a refund came, but not how much, so none is recorded. It was kept in the note."
)
PART_OF_UNKNOWN_SUM = gettext_noop(
    "“%(title)s”: “%(text)s” says that a part came, but not how much, so all of it is recorded as owed. It was "
    "kept in the note."
)

#: Told apart by the first of these that a cell holds: what is denied stands before what it denies.
_STANDINGS: tuple[tuple[RefundStanding, re.Pattern[str]], ...] = (
    ("none", re.compile(r"无需|不用|不退|无余额|没有余额|不涉及|^[无否没]$|^没有$|^(none|no)$", re.IGNORECASE)),
    (
        "part",
        re.compile(r"部分|一半|余款|尾款|(?:剩|还[差欠剩]|[差欠])[^,，。]{0,6}[0-9]|partly|partial", re.IGNORECASE),
    ),
    (
        "pending",
        # Not 'unknown', nor 'to be looked into': whether anything is owed is open then.
        re.compile(
            r"未(?!知)|没|待(?!核|查|确认)|退[款费]?中|处理中|审核中|应退|可退|pending|processing|^(是|yes)$",
            re.IGNORECASE,
        ),
    ),
    ("received", re.compile(r"已退|已到|到账|已收|收到|退讫|退清|已完成|refunded|received|paid|done", re.IGNORECASE)),
)
#: What says no more than where the refund stands.
_WHOLE = frozenset(
    words_of(
        "无 否 无需 无需退 无需退费 无需退款 不退 不用退 无余额 没有余额 不涉及 未退 未退款 未退费 未到账 没到账 "
        "待退 待退款 待退费 退款中 退费中 处理中 审核中 应退 是 "
        "已退 已退款 已退费 已到账 到账 已收 已收到 收到 退清 已完成"
    )
)


def take_refund(row: RowFacts, now: datetime) -> ReadRefund | None:
    """The refund of a row whose number is cancelled; its cells are used up, or kept in the note."""
    amount, standing = _take_amount(row)
    standing = _take_standing(row) or standing
    received = _take_received(row)
    received_on, due_on = _take_days(row, "received" if received else standing, now)
    if standing == "none" or (amount == 0 and not received):
        return None
    if received:
        amount = amount or received
        other = None if received == amount else received
        due_on = due_on if received < amount else None
        return ReadRefund(amount, due_on, received_on, is_received=True, received=other)
    if standing == "part" and amount:
        _refuse_unknown_sum(row, PART_OF_UNKNOWN_SUM)
        return ReadRefund(amount, due_on, None, is_received=False)
    if standing in ("part", "received") or (received_on and standing != "pending"):
        if amount:
            return ReadRefund(amount, None, received_on, is_received=True)
        _refuse_unknown_sum(row)
        return None
    if amount is None and standing is None and due_on is None:
        return None
    return ReadRefund(amount, due_on, None, is_received=False)


def _standing_of(text: str) -> RefundStanding | None:
    return next((standing for standing, pattern in _STANDINGS if pattern.search(text)), None)


def _take_amount(row: RowFacts) -> tuple[Decimal | None, RefundStanding | None]:
    if "refund_amount" not in row.case_cells:
        return None, None
    column, text = row.refund_cells["refund_amount"] = row.case_cells.pop("refund_amount")
    read = read_fee(plain_amount(text, column.style))
    if read is None:
        standing = _standing_of(text) if not re.search(r"\d", text) else None
        if standing is None:
            row.refuse(NOT_A_REFUND, column, text)
        elif text not in _WHOLE or standing == "none":
            row.keep_in_note(column, text)
        return None, standing
    if read.words or read.amount == 0:
        row.keep_in_note(column, text)
    return read.amount, _standing_of(read.words) if read.words else None


def _take_received(row: RowFacts) -> Decimal | None:
    """What came (yuan); None where nothing did, or nobody can read how much."""
    if "refund_received" not in row.case_cells:
        return None
    column, text = row.refund_cells["refund_received"] = row.case_cells.pop("refund_received")
    read = read_fee(plain_amount(text, column.style))
    if read is None and re.search(r"[0-9]", text):
        row.refuse(NOT_A_REFUND, column, text)
    elif read is None or read.words or read.amount == 0:
        row.keep_in_note(column, text)
    return read.amount if read else None


def _take_standing(row: RowFacts) -> RefundStanding | None:
    if "refund_status" not in row.case_cells:
        return None
    column, text = row.refund_cells["refund_status"] = row.case_cells.pop("refund_status")
    standing = _standing_of(text)
    if standing is None:
        row.refuse(UNCLEAR_REFUND, column, text)
    elif text not in _WHOLE or standing == "none":
        row.keep_in_note(column, text)
    return standing


def _take_days(row: RowFacts, standing: RefundStanding | None, now: datetime) -> tuple[date | None, date | None]:
    """When it came, and by when it is due; a day of coming that is still ahead is one by which it is due."""
    days: dict[str, date | None] = {"refund_received_on": None, "refund_due_on": None}
    for name in days:
        if name in row.case_cells:
            column, text = row.refund_cells[name] = row.case_cells.pop(name)
            read = day_of_cell(row, column, text)
            days[name] = read.day if read else None
            if read and standing == "none":
                row.keep_in_note(column, text)
    received_on, due_on = days["refund_received_on"], days["refund_due_on"]
    if received_on and received_on > local(now).date():
        return None, due_on or received_on
    if received_on and standing == "pending":
        row.keep_in_note(*row.refund_cells["refund_received_on"])
        return None, due_on
    return received_on, due_on


def _refuse_unknown_sum(row: RowFacts, message: str = UNKNOWN_SUM) -> None:
    name = "refund_status" if "refund_status" in row.refund_cells else next(iter(row.refund_cells))
    row.refuse(message, *row.refund_cells[name])
    if "refund_received_on" in row.refund_cells and name != "refund_received_on":
        row.keep_in_note(*row.refund_cells["refund_received_on"])
