"""One word for one thing: the words that lost the choice are in no text.

Each rule is a pattern of what is not said, and what is said instead. What is quoted, from the law, from a carrier or
from another app's menus, is taken out before looking: `QUOTED`, each with its reason.
"""

import re
from collections.abc import Iterable, Mapping

import pytest

from tests.wording import texts
from tests.wording.texts import Text

CHINESE = {
    r"您": "你",
    r"本产品|本站(?!起)|本安装|站点": "销卡、本系统、服务器",
    r"运维|运营者|负责运行|(?<!系统)(?<!团队)(?<!号卡)管理员": "系统管理员、团队管理员",
    r"小组|观察者|处理人|负责人": "团队、只读成员、专员、跟进人",
    r"经办人": "跟进人（经办人只指授权委托书上的人）",
    r"户主|持卡人": "机主",
    r"对方|他们|接待人员": "运营商、客服、这名成员",
    r"虚商|渠道商|卖卡": "虚拟运营商、代理商",
    r"网点|门店": "营业厅",
    r"外呼卡|销售卡|电话卡": "电销卡、号卡",
    r"手机号(?!码)": "号码",
    r"工单|档案|证据包|立案|建单|建案件": "案件、卷宗、登记注销",
    r"(?<!受理)(?<!投诉)单号": "受理单号、投诉单号",
    r"(?<!案件)(?<!申诉)编号": "案件编号、申诉编号",
    r"拆机|登记号卡": "注销、添加号卡",
    r"(?<!办理)(?<!提醒)渠道|通道|申请渠道|办理方式": "办理渠道、提醒渠道",
    r"递交|登记受理": "提交、受理",
    r"回复|应答|来信|说法": "答复",
    r"处理结果": "投诉答复、申诉答复",
    r"(?<!投诉)(?<!申诉)处理中": "审核中",
    r"失信|打回|退件|退单": "未兑现、被退回",
    r"轮到|待补充|已经办好|查证": "待补办、运营商称已办结、核实",
    r"归档|吊销": "结案、作废",
    r"撤销(?=申请|案件|令牌|邀请)": "撤回申请、作废；撤销只指取消刚记录的一步",
    r"催单|首次致电": "首次催问、催办",
    r"进展|现在该做什么": "进度、下一步",
    r"逾期|超时": "超期",
    r"应于.*前": "答复期限",
    r"按日历|钟点|补班|(?<!法定)节假日": "自然日、调休上班、法定节假日",
    r"静默|免打扰|交接|移交": "暂停提醒、转交",
    r"升级步骤|阶梯|上诉|信函": "催办、投诉、申诉；投诉函",
    r"不完好|流水": "记录被改动过、时间线",
    r"取出|录入": "导出、导入、添加",
    r"抹除|移除|搁置|删除成员|是否保留": "清除、删除、忽略、移出团队、保留",
    r"消息|通知": "短信、提醒",
    r"(?<!短信)转发手机": "短信转发手机",
    r"帐|(?<!运营商)账户|注销账": "账号、运营商账户、删除账号",
    r"电子邮件|E-?mail|e-?mail": "邮箱、邮件",
    r"双因素|第二因素": "两步验证",
    r"日历地址": "日历订阅地址",
    r"退还": "退费",
    r"月费|损失": "月租、拖延造成的费用",
    r"打码|遮盖|脱敏": "部分隐藏",
    r"后台进程|回到": "后台任务、返回",
}

#: Said nowhere: on no page, in no document, in no description of the API.
ENGLISH = {
    r"e-mails?": "email",
    r"handlers?|looks? after": "assignee",
    r"(?<!user )agents?|spoken to": "case worker, reseller, carrier representative",
    r"(?<!virtual )(?<!network )operators?": "carrier, system administrator",
    r"the product": "Xiaoka",
    r"lodge[sd]?": "submit, file",
    r"hand(s|ed|ing)? (it |them )?(in|out|back|over)": "submit, returned, reassign",
    r"(bring|take)s? (it |them |the list )?(in|out)|brought in|taken out": "import, export",
    r"ke(ep|eps|pt) (\w+ )?quiet|quiet until": "snooze",
    r"alive|our turn|said to be done|hold (them|it) to": "in use, action needed, reported done, ask to keep",
    r"the ladder|rungs?": "escalation",
    r"(?<!Asia/)Shanghai": "Beijing time",
    r"papers|for good|(made?|making) (\w+ )?final": "documents, indefinitely, finalise",
    r"set aside|thr[eo]ws? (it )?away|thrown away": "dismiss, delete",
    r"second factor|robots?|telephones?": "two-step verification, bot, phone",
    r"special numbers?|(get|got) rid of": "premium number, cancel",
    r"(?<!is )open again|open(s|ed|ing) again|(sent|handed) back": "reopen, returned",
    r"where \w+ stands?|how far (it|a \w+|the \w+) is|what to do now|what became of": "progress, next step",
    r"quiet word|clock hours": "follow-up, hours",
}

#: Not said on pages; documents also speak of processes, keys, files and protocols.
ENGLISH_ON_PAGES = {
    r"somebody|nobody|no one|whoever|owners?": "who it is: the carrier, you, Xiaoka; registered holder",
    r"installations?": "this Xiaoka server",
    r"register(s|ed|ing)?|registration": "add, acknowledge",
    r"(time )?windows?|sweeps?|swept|(?<!case )workers?": "time limit, background jobs",
    r"late": "overdue",
    r"paper|proofs?": "documents, receipt",
    r"forget|forwarders?": "delete, SMS forwarding phone",
    r"(?<!verification )codes?": "verification code",
    r"(?<!request )(?<!reminder )channels?": "request channel, reminder channel",
    r"messages?|notices?": "SMS, reminder",
    r"(?<!holiday )schedules?": "holiday schedule",
    r"(?<!case )(?<!carrier )(?<!complaint )(?<!appeal )references?(?! number)": "carrier reference number",
    r"(?<!went )wrong|broken?|(is|are) to be|came back": "what happened, and what to do",
}

#: Taken out before looking, with the reason.
QUOTED = {
    r"“您好，.*”": "read out to the carrier's staff",
    r"^“Hello, .*”": "read out to the carrier's staff, who know one reference only",
    r"【演示短信】.*": "as carriers write to their customers",
    r"(写明|委托书所写)经办人|经办人(身份证件|的授权委托书)": "the person named in the letter of authority",
    r"出借电话卡": "反电信网络诈骗法, article 31",
    r"对.{0,9}处理结果不满意": "电信用户申诉处理办法, article 10",
    r"可撤销": "as carriers call it: 预销户 can be undone at the carrier's",
    r"预约拆机": "the name of a function in a carrier's app",
    r"说法不一": "an idiom: sources differ",
    r"发送通道|“手机号”|“消息模板”|message template": "menus of the app SmsForwarder",
    r"允许通知": "a setting of the iPhone",
    r"提醒消息|[Rr]eminder messages?": "what is sent over a reminder channel: several reminders in one message",
    r"^信函$": "a letter as request channel, not the letter of complaint",
    r"^单号$|^Reference$": "one label on the timeline for the carrier's, the complaint's and the appeal's",
    r"registered (holder|post|to)\b": "under whose name a number is; a kind of post",
    r"proof of identity|recovery codes?|^Generate codes$|Civil Code|notice on the quality of telecom services": "names",
    r"too late": "of an appeal after its time limit",
    r"public channel|to a channel, add|the channel for the reminders": "Telegram's and Slack's",
    r"the channel’s settings|send a message there": "Discord's and Telegram's",
    r"把机器人设为管理员|发一条消息|它回复的令牌|会话编号": "Telegram's",
    r"号码、编号、姓名|号码或编号|Number, reference, name|Number or reference": "ours and the carriers', to look for",
    r"Incoming SMS to URL forwarder|“message”|--forget-old|(WSGI|same) handler": "an app, a field, an option",
}
#: Formal letters: the words of the law, and no link to another page.
FORMAL = {"退还", "逾期|超时", r"(?<!办理)(?<!提醒)渠道|通道|申请渠道|办理方式", r"帐|(?<!运营商)账户|注销账"}

_QUOTED = re.compile("|".join(f"(?:{pattern})" for pattern in QUOTED))


def found(pattern: re.Pattern[str], searched: Iterable[Text]) -> list[Text]:
    return [text for text in searched if pattern.search(_QUOTED.sub("◆", text.words))]


def check(pattern: re.Pattern[str], searched: Iterable[Text], instead: str) -> None:
    """Fails with every text that says it, and with what to say."""
    wrong = found(pattern, searched)
    assert not wrong, f"{pattern.pattern} is said, instead of {instead}:\n" + "\n".join(map(str, wrong))


def each(rules: Mapping[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("lost", "instead"), rules.items(), ids=list(map(str, range(len(rules)))))


def english(lost: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{lost})\b", re.IGNORECASE)


def in_chinese(*sources: list[Text]) -> list[Text]:
    return [text for source in sources for text in source if texts.is_chinese(text)]


def in_english(*sources: list[Text]) -> list[Text]:
    return [text for source in sources for text in source if not texts.is_chinese(text)]


@each(CHINESE)
def test_chinese_pages(lost: str, instead: str) -> None:
    searched = [*texts.catalogue("zh"), *in_chinese(texts.fixed_texts(), texts.data())]
    check(re.compile(lost), searched, instead)


@each(CHINESE)
def test_chinese_documents(lost: str, instead: str) -> None:
    check(re.compile(lost), in_chinese(texts.documents()), instead)


@each({lost: instead for lost, instead in CHINESE.items() if lost not in FORMAL})
def test_letters(lost: str, instead: str) -> None:
    check(re.compile(lost), texts.letters(), instead)


@each(ENGLISH | ENGLISH_ON_PAGES)
def test_english_pages(lost: str, instead: str) -> None:
    searched = [*texts.catalogue("en"), *in_english(texts.fixed_texts(), texts.data())]
    check(english(lost), searched, instead)


@each(ENGLISH)
def test_english_documents(lost: str, instead: str) -> None:
    searched = in_english(texts.documents(), texts.technical_documents(), texts.helps())
    check(english(lost), searched, instead)


@each(ENGLISH)
def test_api(lost: str, instead: str) -> None:
    check(english(lost), texts.api_document(), instead)


def test_what_is_searched_is_there() -> None:
    """A search that finds nothing because it reads nothing would pass."""
    assert len(texts.catalogue("zh")) > 1900 < len(texts.catalogue("en"))
    for source in (texts.fixed_texts, texts.data, texts.letters, texts.helps, texts.documents, texts.api_document):
        assert len(source()) >= 20, source.__name__
    assert Text("500.html", "系统出错 · Something went wrong").words in {text.words for text in texts.fixed_texts()}


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (CHINESE, "请联系您的管理员"),
        (CHINESE, "单号由对方在短信中告知"),
        (ENGLISH | ENGLISH_ON_PAGES, "The handler gets an e-mail."),
        (ENGLISH | ENGLISH_ON_PAGES, "Hand it in, then keep it quiet."),
    ],
)
def test_a_lost_word_is_found(rules: dict[str, str], words: str) -> None:
    compiled = map(re.compile if rules is CHINESE else english, rules)
    assert sum(bool(found(pattern, [Text("planted", words)])) for pattern in compiled) == 2


def test_a_quotation_is_none() -> None:
    assert found(re.compile("您"), [Text("script", "“您好，请告诉我您的工号。”")]) == []
