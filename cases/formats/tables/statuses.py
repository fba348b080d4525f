"""The standing of a cancellation that a cell names. What is in doubt names none."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from cases.formats.tables.choices import read_return_reason
from cases.formats.tables.days import read_day
from cases.formats.tables.readings import CaseStatus
from cases.formats.tables.text_cache import cached_by_text
from cases.formats.tables.titles import normalize_title
from cases.formats.tables.word_lists import words_of

_CANCEL = r"(?:注销|销户|销号|销卡|拆机|退网|离网)"
#: The standings by their words, in the order in which they are looked for: what denies the others comes first.
_PATTERNS: tuple[tuple[str, CaseStatus | None], ...] = (
        (r"(用户|机主|本人|员工|使用人|客户)(已)?(拒绝|不同意|不愿|不想|不肯)", None),
        (rf"(不|无需|无须|勿|取消|撤销|撤回|放弃|停止)(再|要|予|用|需)?.{{0,2}}{_CANCEL}|^(未|没有?|尚未|"
            rf"还没|还未|暂未|暂不)(有)?(申请|提交|办理)?{_CANCEL}?$", None),
        (rf"{_CANCEL}?.{{0,2}}(可能|疑似|好像|应该|据说|不确定|不清楚|是否|能否)|{_CANCEL}?(吗|么)$", None),
        (r"退回|退单|驳回|打回|拒绝|被拒|拒办|不予|(未|不|没)(获)?(通过|受理|成功)|(注销|销户|办理|申请|"
            r"审核)失败|^失败|不能办|办不了|无法(办理|注销|销户)|"
            r"returned|rejected|declined|refused|failed", "returned"),
        (r"(已|完成|办结|办完|成功|注销|销户|销号|答复|反馈|回复).{0,6}(待|等待|未|需|尚未)(我方|我们|"
            r"公司)?(核实|确认|验证|核查|复核|核验|查证|验收)|toverify|unverified", "reported_done"),
        (rf"(待|等待?|拟|准备|需要?|须|要|计划|打算|预备|应|想|将){{1,2}}(办理|申请|提交)?{_CANCEL}|^(待|"
            rf"等待?|准备|拟)(提交|申请|办理)(申请)?$|tobecancell?ed|tocancel|plannedtocancel", "draft"),
        (rf"(已|申请|提交|等待?|待|在).{{0,4}}{_CANCEL}(申请)?(已)?(中|待|等).{{0,4}}(审核|审批|受理|处理|"
            rf"回复)|(提交|申请|递交|上报).{{0,4}}(待|等待?)(审核|审批|受理|处理|回复|答复|反馈)|^(待|"
            rf"等待?)(运营商)?(审核|受理|回复|答复|反馈)", "submitted"),
        (rf"^(已|正在)?申请{_CANCEL}中$|^提交(审核|申请|审批)$", "submitted"),
        (rf"(审核|审查|受理|处理|办理|复核|核查|{_CANCEL}).{{0,2}}(中|ing)$|^在办$|正在(审核|受理|处理|办理|"
            rf"{_CANCEL})|已(受理|接单|派单)|inreview|underreview|processing|inprogress", "under_review"),
        (rf"(已|刚|申请|提交|递交|上报)(经)?.{{0,4}}(申请|提交|递交|上报|报送|寄出|发起).{{0,4}}|"
            rf"{_CANCEL}申请(已|中)|^(已|申请)(申请|提交)?{_CANCEL}?中$|^申请{_CANCEL}$|^(已)?(申请|提交)$|"
            rf"^申请中|submitted|requested|applied", "submitted"),
        (rf"已.{{0,2}}{_CANCEL}|{_CANCEL}(已)?(成功|完成|完毕|生效|了|掉)|^{_CANCEL}$|cancell?ed|terminated|"
            rf"deactivated|closed", "confirmed"),
        (r"已?(办结|办完|办理完|办妥|完结)|已(处理)?(完成|完毕|处理|办理|解决|结案)|(办理|处理)(成功|完成|"
            r"完毕)|^(完成|办结|结案)|completed|done|resolved", "reported_done"),
)  # fmt: skip
_RULES = tuple((re.compile(pattern), status) for pattern, status in _PATTERNS)
#: Words that are the whole of a status, so that nothing of it need be kept beside the case.
_PLAIN_WORDS = re.compile(
    rf"[已被正在待拟准备需要未]*(提交|申请|审核|受理|处理|办理|退回|驳回|打回|退单|办结|完成|核实|确认|"
    rf"成功|中|{_CANCEL}|已|被|待|拟|等待|的|号码|号卡|卡|运营商|方)*"
)
#: What a card does while nobody has asked for anything.
_IN_SERVICE = re.compile(
    r"正常|静默|可测|过户|转让|暂停|在用|使用|启用|停机|停用|停复机|停止|欠费|激活|测试|库存|备用|闲置|空闲|沉默|"
    r"单停|双停|报停|挂失|丢失|开机|关机|保号|在网|预开|封停|冻结|限制|异常|可用|不可用|active|suspend|"
    r"idle|spare|stock|normal|inuse|lost|barred|blocked",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_YES = frozenset(words_of("是 已 y yes true √ ✓ ✔ 1 对 有 ok"))
_NO = frozenset(words_of("否 未 n no false × x ✗ 0 无 没有 不是"))


@dataclass(frozen=True)
class StatusRead:
    """The standing that a text names, why the carrier returned it (a choice value or empty), whether that is all,
    and the day that stands beside it."""

    status: CaseStatus
    return_reason: str = ""
    is_whole: bool = True
    day: date | None = None


@cached_by_text(maxsize=4096)
def read_status(text: str, title: str = "") -> StatusRead | None:
    """The standing of a request that a cell names under its title, or None: the card's own state, or words in doubt."""
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    if folded in _YES or folded in _NO:
        return _read_answer(folded, normalize_title(title))
    if not folded or folded.endswith("?") or len(folded) > 60:
        return None
    normalized = normalize_title(folded)
    for pattern, status in _RULES:
        if pattern.search(normalized):
            return _status_read(status, normalized, folded) if status else None
    return None


def is_unclear_status(text: str) -> bool:
    """Whether a text that names no standing speaks of a request all the same, so that somebody should look at it."""
    normalized = normalize_title(text)
    if read_status(text) or not normalized or normalized in _NO:
        return False
    return bool(re.search(rf"{_CANCEL}|退回|审核|受理|办结|cancel|pending", normalized)) or not _IN_SERVICE.search(
        normalized
    )


def _status_read(status: CaseStatus, normalized: str, folded: str) -> StatusRead:
    is_whole = bool(_PLAIN_WORDS.fullmatch(normalized)) or (normalized.isalpha() and normalized.isascii())
    day = _DAY.search(folded)
    read = read_day(day[0]) if day else None
    if status != "returned":
        return StatusRead(status, "", is_whole, read.day if read else None)
    reason = read_return_reason(normalized)
    value = reason.value if reason and reason.value != "other" else ""
    return StatusRead(status, value, is_whole, read.day if read else None)


def _read_answer(answer: str, title: str) -> StatusRead | None:
    """'是' under '是否已注销'; under '是否注销' it may be a wish or a fact, so it is neither."""
    if answer in _NO or not re.search(_CANCEL, title):
        return None
    if "已" in title:
        return StatusRead("confirmed")
    return StatusRead("draft") if re.search("需|要|待|拟|计划", title) else None
