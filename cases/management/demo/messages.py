"""Made-up messages of carriers for the demo: some wait for a yes, one fits no case, one was only advertising."""

from datetime import datetime, timedelta

from cases import selectors
from cases.domain import masking
from cases.formats.sms.types import Sms
from cases.inbox.ingest import Incoming, MessageOrigin, ingest
from cases.inbox.process import process_stored
from cases.models import Team
from cases.models.choices import MessageSource

#: Chinese, as carriers write; the mark at the end says that nobody did.
_TEXTS = (
    "尊敬的客户，您申请的号码{number}销户业务已办理完成，账户余额将原路退回。【{carrier}】（演示短信，虚构）",
    "您好，您申请注销的号码{number}资料不完整，请于2日内补充材料。【{carrier}】（演示短信，虚构）",
    "您好，号码{number}的销户申请预计{day}前办结，请耐心等待。【{carrier}】（演示短信，虚构）",
    "尊敬的客户，您尾号0001的号码销户申请未通过审核，请到营业厅办理。【{carrier}】（演示短信，虚构）",
    "老用户专享：销户不如换套餐，8元保号套餐限时办理，退订回复TD【{carrier}】（演示短信，虚构）",
)


def load_demo_messages(team: Team, as_of: datetime) -> None:
    """Let messages about some cases that wait for their carrier arrive in the hours before `as_of` (aware)."""
    cases = selectors.waiting(selectors.cases_of(team), as_of).order_by("id")
    waiting_cases = [case for case in cases if case.carrier.sms_senders]
    for index, (case, text) in enumerate(zip(waiting_cases, _TEXTS, strict=False)):
        day = as_of + timedelta(days=3)
        content = text.format(
            number=masking.mask_number(case.card.number), carrier=case.carrier.name, day=f"{day.month}月{day.day}日"
        )
        at = as_of - timedelta(minutes=35 * (index + 1))
        sms = Sms(case.carrier.sms_senders[0], content, at)
        ingest(case.team, [Incoming(sms)], MessageOrigin(MessageSource.PASTED), as_of, on_stored=lambda: None)
    process_stored(as_of)
