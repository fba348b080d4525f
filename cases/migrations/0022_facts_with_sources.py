"""Facts that every installation was loaded with say where they are from, in both languages, and the appeal bodies get
the names that such bodies use. What somebody corrected by hand stays: a row is changed only where it still says what it
was loaded with.
"""

from django.db import migrations

_OLD_SOURCE = "carrier's public hotline page, not re-checked"
_OLD_SOURCE_2017 = "carrier's public hotline page, not re-checked since 2017"
_UNCHECKED = ("公开网页，未复核", "public web page, not re-checked")
_UNCHECKED_2017 = ("公开网页（2017 年），未复核", "public web page of 2017, not re-checked")
_NOTICE_2008 = (
    "工业和信息化部《关于电信服务质量的通告》（2008年4月30日，转载）",
    "Ministry of Industry and Information Technology, notice on the quality of telecom services, 30 April 2008 "
    "(reprint)",
)

_OLD_RESELLER = (
    "虚拟运营商多无营业厅：线上办理，或找卖卡的代理商办理；代理商会要号码、ICCID 和身份资料",
    "Virtual operators often have no branch: cancel online or through the agent who sold the cards, who asks for the "
    "number, the ICCID and identity data",
)
_RESELLER = (
    "虚拟运营商大多没有营业厅：线上办理，或经售卡的代理商办理（一般要提供号码、ICCID 和身份资料）。请先打客服热线确认要经这家代理商"
    "办理，再提供；每份复印件都写明用途。",
    "Most virtual operators have no branches: cancel online, or through the reseller that sold the card (it usually "
    "asks for the number, the ICCID and identity documents). First ask the hotline whether cancellation goes through "
    "this reseller, and write the purpose on every copy.",
)

#: What was loaded: statement in both languages and confidence; and the statement that takes its place.
_REWORDED = {
    (
        "可在手机应用里搜索“销户”办理，只限实名的个人用户",
        "In the app, search for 销户; only for identity-verified personal accounts",
        "L",
    ): (
        "可在官方 App 搜索“销户”办理，仅限实名认证的个人用户",
        "In the official app, search for 销户; only for identity-verified personal accounts",
    ),
    ("可在手机应用里办理“预约拆机”", "In the app, under 预约拆机", "L"): (
        "可在官方 App 办理“预约拆机”",
        "In the official app, under 预约拆机",
    ),
    ("投诉经客服热线 10000", "Complaints go through the hotline 10000", "L"): (
        "投诉也打客服热线 10000",
        "Complaints go through the hotline 10000",
    ),
    (
        "能否线上销户，说法不一；请先致电询问",
        "Sources conflict on online cancellation; call and ask first",
        "L",
    ): (
        "能否线上销户，各处说法不一，请先打客服热线询问",
        "Sources conflict on online cancellation: call the hotline first",
    ),
    ("短信由 10086 发出", "Its messages come from 10086", "M"): ("短信由 10086 发出", "It sends SMS from 10086"),
    ("短信由 10010 发出", "Its messages come from 10010", "L"): ("短信由 10010 发出", "It sends SMS from 10010"),
    ("短信由 10000 发出", "Its messages come from 10000", "L"): ("短信由 10000 发出", "It sends SMS from 10000"),
    (*_OLD_RESELLER, "L"): _RESELLER,
}
#: The hotlines that the ministry's notice names, as they were loaded.
_IN_THE_NOTICE = {
    (f"客服热线 {number}", f"Customer service hotline {number}", "H") for number in ("10086", "10010", "10000")
}

_UNICOM_APP = {
    "topic": "online",
    "statement": "在 App 申请销户后，号码先转为“待销户”（拨打提示已停机），次月 1 日至 20 日注销，用过漫游的再晚一个月；注销前可到"
    "营业厅撤回",
    "statement_en": "After a request in the app the number waits (待销户; callers hear that it is suspended). It is "
    "cancelled between the 1st and the 20th of the next month, a month later if roaming was used; until then a branch "
    "can revoke the request",
    "source": "网页 gongchengliangzi.com/baike/61001.html，未向运营商核实",
    "source_en": "web page gongchengliangzi.com/baike/61001.html, not confirmed by the carrier",
    "confidence": "M",
}


def _half_width(text):
    """Older checkouts loaded the statements with half-width punctuation."""
    return text.translate(str.maketrans("，；：", ",;:"))


def correct_carrier_facts(apps, schema_editor):
    alias = schema_editor.connection.alias
    facts = apps.get_model("cases", "CarrierFact").objects.using(alias)
    reworded = {(_half_width(zh), en, confidence): new for (zh, en, confidence), new in _REWORDED.items()}
    sources = {_OLD_SOURCE: _UNCHECKED, _OLD_SOURCE_2017: _UNCHECKED_2017}
    for fact in facts.filter(source__in=sources):
        loaded = (_half_width(fact.statement), fact.statement_en, fact.confidence)
        fact.statement, fact.statement_en = reworded.get(loaded, (fact.statement, fact.statement_en))
        fact.source, fact.source_en = _NOTICE_2008 if loaded in _IN_THE_NOTICE else sources[fact.source]
        fact.save(update_fields=["statement", "statement_en", "source", "source_en"])
    for unicom in apps.get_model("cases", "Carrier").objects.using(alias).filter(slug="china-unicom"):
        facts.create(carrier=unicom, **_UNICOM_APP)


_OLD_BODY_SOURCE = (
    "《电信用户申诉处理办法》第九条：由企业所在省的申诉受理机构受理；名称按惯例列出，地址、电话未逐省核对"
)
_BODY_SOURCE = {
    "source": "《电信用户申诉处理办法》第九条：由企业所在省的申诉受理机构受理；名称参照湖北省公布的名称推定，未逐省核对",
    "source_en": "Measures on the Handling of Telecom Users’ Appeals, article 9: the appeal body of the carrier’s "
    "province; the name is inferred from the one Hubei publishes, not checked for this province",
}
_OLD_CHANNELS = "网上申诉：yhssglxt.miit.gov.cn；微信公众号“电信用户申诉”（公开网页，可信度 M，提交前请先核对）"
_CHANNELS = (
    "网上申诉：yhssglxt.miit.gov.cn；微信公众号“电信用户申诉”（来源：公开网页，未核实，提交前请核对）",
    "Online: yhssglxt.miit.gov.cn; WeChat account 电信用户申诉 (source: public web page, not verified; check before "
    "you submit)",
)
_HUBEI_CHANNELS = (
    f"邮箱：hubei12300@126.com（该局网站公布）；{_CHANNELS[0]}",
    f"Email: hubei12300@126.com (published by the administration). {_CHANNELS[1]}",
)
_HUBEI = {
    "source": "湖北省通信管理局网站“电信用户申诉”页（hubca.miit.gov.cn/gzcy/dxyhss/index.html）",
    "source_en": "Website of the Hubei Communications Administration, page 电信用户申诉 "
    "(hubca.miit.gov.cn/gzcy/dxyhss/index.html)",
    "confidence": "H",
}
_HUBEI_ADDRESS = "武汉市东湖开发区珞瑜路789号，邮编 430074"
_OLD_NAME, _NAME = "通信管理局电信用户申诉受理机构", "电信用户申诉受理中心"


def correct_appeal_bodies(apps, schema_editor):
    bodies = apps.get_model("cases", "AppealBody").objects.using(schema_editor.connection.alias)
    for body in bodies.all():
        is_hubei = body.province == "湖北"
        if body.channels == _OLD_CHANNELS:
            body.channels, body.channels_en = _HUBEI_CHANNELS if is_hubei else _CHANNELS
        # Who gave it another source or confidence has vouched for the name.
        if body.name.endswith(_OLD_NAME) and (body.source, body.confidence) == (_OLD_BODY_SOURCE, "L"):
            body.name = body.name.removesuffix(_OLD_NAME) + _NAME
            for field, value in (_HUBEI if is_hubei else _BODY_SOURCE).items():
                setattr(body, field, value)
            if is_hubei and not body.address:
                body.address = _HUBEI_ADDRESS
        body.save()


class Migration(migrations.Migration):
    dependencies = [("cases", "0021_sources_in_english")]

    operations = [
        migrations.RunPython(correct_carrier_facts, migrations.RunPython.noop),
        migrations.RunPython(correct_appeal_bodies, migrations.RunPython.noop),
    ]
