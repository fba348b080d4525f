"""A row of a table of cards: which column is what, and what a row says. Tables are as people keep them today."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TypedDict, TypeVar, cast

from cases.domain import phones
from cases.domain.business_days import FIRST_YEAR, SHANGHAI, local
from cases.domain.errors import CaseError, NumberRefused, gettext_noop
from cases.formats.csv_injection import unescape_cell
from cases.formats.spreadsheets import TableRow, moment_from_serial
from cases.formats.tables.refusals import NoNumberColumn

#: The titles of each field's column, in small letters, without spaces, brackets or marks; pages show the first.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "number": ("号码", "手机号", "手机号码", "电话", "电话号码", "卡号", "号卡", "电销卡", "电销卡号", "sim卡号",
               "msisdn", "number", "phone", "phonenumber", "mobile", "cardnumber"),
    "carrier": ("运营商", "归属运营商", "所属运营商", "网络", "服务商", "carrier", "operator"),
    "holder": ("机主", "户主", "户名", "开户人", "开户名", "实名", "实名人", "公司", "公司名称", "主体", "使用主体",
               "持卡人", "holder", "owner", "company"),
    "purpose": ("用途", "使用用途", "usedfor", "purpose"),
    "plan": ("套餐", "套餐名称", "资费", "资费套餐", "plan", "tariff"),
    "monthly_fee": ("月租", "月费", "月租费", "月租元", "月费元", "套餐费", "monthlyfee", "monthlyfeeyuan", "fee"),
    "contract_end": ("合约到期", "合约到期日", "合同到期", "合同到期日", "合约结束", "合约期至", "contractends",
                     "contractend"),
    "submitted_at": ("提交时间", "提交日期", "申请时间", "申请日期", "注销申请时间", "注销日期", "销户申请日期",
                     "办理时间", "办理日期", "submitted", "submittedat", "submittedon", "submission"),
    "reference": ("受理单号", "工单号", "工单编号", "受理编号", "业务单号", "流水号", "carriersreference", "ticket"),
    "channel": ("办理方式", "渠道", "办理渠道", "申请渠道", "提交方式", "channel", "howitisaskedfor"),
    "reason": ("注销原因", "原因", "销户原因", "reason"),
    "handler": ("处理人", "经办人", "负责人", "跟进人", "handler", "assignee"),
    "state": ("状态", "当前状态", "注销状态", "进度", "status", "state"),
    "words": ("备注", "说明", "note", "notes", "remark", "remarks"),
}  # fmt: skip
__all__ = ["CARD_FIELDS", "HEADERS", "CardRow", "NoNumberColumn", "RowError", "RowErrors", "detect_columns", "read_row"]

T = TypeVar("T")
CARD_FIELDS = tuple(HEADERS)
_FIELD_OF = {title: name for name, titles in HEADERS.items() for title in titles}

_CHANNELS = {
    "hotline": ("热线", "电话", "客服", "客服热线", "10086", "10010", "10000", "10099", "hotline", "phone", "call"),
    "branch": ("营业厅", "厅", "柜台", "线下", "branch", "shop"),
    "app": ("app", "线上", "网厅", "网上营业厅", "小程序", "网站", "online", "website", "apporwebsite"),
    "agent": ("代理商", "代理", "渠道商", "agent"),
    "letter": ("函", "公函", "信函", "书面", "邮寄", "letter"),
}
_REASONS = {
    "cost": ("费用", "成本", "月租", "闲置", "不用了", "降本", "cost"),
    "harassment": ("骚扰", "骚扰电话", "harassment"),
    "business": ("业务调整", "业务变化", "业务变更", "停用", "business"),
    "switching": ("换运营商", "携号转网", "更换运营商", "switching"),
    "other": ("其他", "其它", "other"),
}
_PURPOSES = {
    "marketing": ("营销", "电销", "电话营销", "销售", "marketing"),
    "care": ("客服", "客户服务", "回访", "care"),
    "data": ("采集", "数据采集", "data"),
    "other": ("其他", "其它", "other"),
}
#: In a column of states: the number is cancelled, so that there is nothing left to ask for.
_FINISHED_STATE = re.compile(r"已(注销|销户|完成|办结)|(注销|销户)(成功|完成)|cancelled|closed|done", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"[T ]?(上午|下午|am|pm)?(\d{1,2})[:：时点](\d{1,2})?(?:[:：分](\d{1,2}))?[分秒]?", re.IGNORECASE)
_SERIAL = re.compile(r"[3-6]\d{4}(\.\d+)?")
_FLOAT = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
#: Where a table names a day only, the request counts as submitted at the end of that day's office hours.
_END_OF_OFFICE = time(18)


class RowError(CaseError):
    """Why a row, or one of its cells, cannot be taken; `column` is the name of the field that its column holds."""

    code = "row_flaw"

    def __init__(self, message: str, column: str, **params: object) -> None:
        self.message, self.column = message, column
        super().__init__(**params)


class CardRowFacts(TypedDict, total=False):
    """What a row says of its card; what it leaves out is not there."""

    holder: str
    purpose: str
    plan: str
    monthly_fee: Decimal
    contract_end: date


@dataclass(frozen=True)
class CardRow:
    """What a row says. `submitted_at` is aware; `is_day_only`: the table named no time of day."""

    number: str
    carrier: str
    facts: CardRowFacts = field(default_factory=CardRowFacts)
    submitted_at: datetime | None = None
    is_day_only: bool = False
    reference: str = ""
    channel: str = "hotline"
    reason: str = "cost"
    handler: str = ""
    words: str = ""


def normalize_title(title: str) -> str:
    """A title as it is compared: half-width, small, without spaces, brackets and marks."""
    folded = unicodedata.normalize("NFKC", title).lower()
    return "".join(character for character in folded if character.isalnum())


def detect_columns(titles: TableRow) -> dict[int, str]:
    """Which field each column is, by its title; of two columns for one field the first counts."""
    columns: dict[int, str] = {}
    for index, title in enumerate(titles):
        name = _FIELD_OF.get(normalize_title(title)) or _FIELD_OF.get(
            normalize_title(re.sub(r"[(（].*?[)）]", "", title))
        )
        if name and name not in columns.values():
            columns[index] = name
    return columns


def read_row(row: TableRow, columns: Mapping[int, str], carriers: Mapping[str, str], now: datetime) -> CardRow:
    """What a row says; `carriers` are slugs by normalized names, `now` is aware. Raises RowErrors."""
    cells = {name: unescape_cell(row[at]) if at < len(row) else "" for at, name in columns.items()}
    errors: list[RowError] = []

    def collect(reader: Callable[..., T], *arguments: object) -> T | None:
        try:
            return reader(*arguments)
        except RowError as error:
            errors.append(error)
            return None

    number = collect(_parse_number, cells.get("number", ""))
    carrier = collect(_parse_carrier, cells.get("carrier", ""), number, carriers)
    facts = {
        "holder": collect(_clean_text, cells.get("holder", ""), "holder", 80),
        "plan": collect(_clean_text, cells.get("plan", ""), "plan", 80),
        "purpose": _match_choice(cells.get("purpose", ""), _PURPOSES, "other"),
        "monthly_fee": collect(_parse_fee, cells.get("monthly_fee", "")),
        "contract_end": collect(_parse_contract_end, cells.get("contract_end", "")),
    }
    is_finished = bool(_FINISHED_STATE.search(cells.get("state", "")))
    submission = None if is_finished else collect(_parse_submission, cells.get("submitted_at", ""), now)
    reference = collect(_clean_text, cells.get("reference", ""), "reference", 60)
    words = collect(_clean_text, cells.get("words", ""), "words", 2000)
    if errors or number is None or carrier is None:
        raise RowErrors(errors)
    at, is_day_only = submission or (None, False)
    return CardRow(
        number=number,
        carrier=carrier,
        facts=cast("CardRowFacts", {name: value for name, value in facts.items() if value not in ("", None)}),
        submitted_at=at,
        is_day_only=is_day_only,
        reference=reference or "",
        channel=_match_choice(cells.get("channel", ""), _CHANNELS, "hotline") or "hotline",
        reason=_match_choice(cells.get("reason", ""), _REASONS, "other") or "cost",
        handler=cells.get("handler", ""),
        words=words or "",
    )


class RowErrors(Exception):
    """All that is wrong with a row."""

    def __init__(self, errors: Sequence[CaseError]) -> None:
        super().__init__()
        self.errors = list(errors)


def _parse_number(text: str) -> str:
    if not text:
        raise RowError(gettext_noop("Number missing."), "number")
    if _FLOAT.fullmatch(text):
        message = gettext_noop(
            "“%(text)s” was rounded by the spreadsheet. Format the column as text and enter the full number again."
        )
        raise RowError(message, "number", text=text)
    try:
        return phones.parse(text)
    except NumberRefused:
        raise RowError(gettext_noop("“%(text)s” is not a mobile number."), "number", text=text[:40]) from None


def _parse_carrier(text: str, number: str | None, carriers: Mapping[str, str]) -> str:
    if text:
        slug = carriers.get(normalize_title(text))
        if slug is None:
            raise RowError(
                gettext_noop("Unknown carrier “%(text)s”. Use a name from the carrier list."), "carrier", text=text[:40]
            )
        return slug
    slug = phones.guess_carrier(number) if number else ""
    if slug is None:
        raise RowError(gettext_noop("Enter the carrier. It cannot be worked out from the number."), "carrier")
    return slug


def _clean_text(text: str, name: str, max_length: int) -> str:
    text = "".join(character for character in text if character >= " " or character in "\n\t")
    if len(text) > max_length:
        raise RowError(gettext_noop("Longer than %(most)s characters."), name, most=max_length)
    return text


def _parse_fee(text: str) -> Decimal | None:
    digits = re.sub(r"[¥￥元,，\s]|/月|每月|rmb|cny", "", unicodedata.normalize("NFKC", text).lower())
    if not digits:
        return None
    try:
        fee = Decimal(digits).quantize(Decimal("0.01"))
    except InvalidOperation:
        fee = Decimal(-1)
    if not 0 <= fee < 1_000_000:
        raise RowError(gettext_noop("“%(text)s” is not an amount in yuan."), "monthly_fee", text=text[:40])
    return fee


def _parse_moment(text: str, name: str) -> tuple[date, time | None] | None:
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return None
    error = RowError(gettext_noop("“%(text)s” is not a date. Use the format 2026-09-30."), name, text=text[:40])
    if _SERIAL.fullmatch(text):
        moment = moment_from_serial(float(text))
        return moment.date(), moment.time() if "." in text else None
    match = _DAY.match(text)
    if not match:
        raise error
    rest = text[match.end() :].strip()
    time_match = _TIME.fullmatch(rest) if rest else None
    if rest and not time_match:
        raise error
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day), _parse_time(time_match) if time_match else None
    except ValueError:
        raise error from None


def _parse_time(match: "re.Match[str]") -> time:
    half, hour, minute = (match[1] or "").lower(), int(match[2]), int(match[3] or 0)
    return time(hour + 12 if half in ("下午", "pm") and hour < 12 else hour, minute)


def _parse_contract_end(text: str) -> date | None:
    moment = _parse_moment(text, "contract_end")
    return moment[0] if moment else None


def _parse_submission(text: str, now: datetime) -> tuple[datetime, bool] | None:
    moment = _parse_moment(text, "submitted_at")
    if moment is None:
        return None
    day, clock = moment
    if day.year < FIRST_YEAR:
        raise RowError(gettext_noop("Working days are only known from %(year)s on."), "submitted_at", year=FIRST_YEAR)
    at = datetime.combine(day, clock or _END_OF_OFFICE, tzinfo=SHANGHAI)
    if clock is None and day == local(now).date():
        at = min(at, now)
    if at > now:
        raise RowError(gettext_noop("The submission time is in the future."), "submitted_at")
    return at, clock is None


def _match_choice(text: str, choices: Mapping[str, tuple[str, ...]], default: str) -> str:
    """The choice that a text names; `default` for an unknown text, "" for an empty one."""
    normalized = normalize_title(text)
    if not normalized:
        return ""
    return next((value for value, names in choices.items() if normalized == value or normalized in names), default)
