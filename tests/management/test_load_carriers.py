"""``load_carriers``: what is known of the carriers from the start, and that edits survive it."""

import re

import pytest
from django.core.management import call_command

from cases.models import AppealBody, Carrier, CarrierFact
from cases.models.choices import Confidence, Topic

pytestmark = pytest.mark.django_db


def load() -> None:
    call_command("load_carriers", verbosity=0)


def test_the_eight_carriers_with_their_lines() -> None:
    load()
    fields = ("slug", "name", "hotline", "complaint_line", "sms_senders", "is_virtual")
    assert list(Carrier.objects.order_by("id").values_list(*fields)) == [
        ("china-mobile", "中国移动", "10086", "10080", ["10086"], False),
        ("china-unicom", "中国联通", "10010", "10015", ["10010"], False),
        ("china-telecom", "中国电信", "10000", "10000", ["10000"], False),
        ("china-broadnet", "中国广电", "10099", "", [], False),
        ("xiaomi-mobile", "小米移动", "4009223838", "", [], True),
        ("huaxiang", "华翔联信", "10036", "", [], True),
        ("snail-mobile", "蜗牛移动", "10040", "", [], True),
        ("yuante", "远特通信", "4006091100", "", [], True),
    ]


def test_every_fact_is_whole_says_where_from_and_how_sure() -> None:
    load()
    for fact in CarrierFact.objects.all():
        fact.full_clean()
        assert fact.topic in Topic.values
        assert fact.confidence in Confidence.values
        assert re.search(r"[\u4e00-\u9fff]", fact.source), fact.source
        assert re.fullmatch(r"[ -~]+", fact.source_en), fact.source_en
    assert all(carrier.facts.filter(topic="hotline").count() == 1 for carrier in Carrier.objects.all())


def test_high_is_what_somebody_read_in_the_original() -> None:
    load()
    high = CarrierFact.objects.filter(confidence="H").values_list("statement", "source", "source_en")
    notice = (
        "工业和信息化部《关于电信服务质量的通告》（2008年4月30日，转载）",
        "Ministry of Industry and Information Technology, notice on the quality of telecom services, 30 April 2008 "
        "(reprint)",
    )
    assert list(high) == [
        ("客服热线 10086", *notice),
        ("客服热线 10010", *notice),
        ("客服热线 10000", *notice),
    ]


@pytest.mark.parametrize(
    ("statement", "source", "source_en", "confidence"),
    [
        ("投诉电话 10080", "公开网页，未复核", "public web page, not re-checked", "L"),
        ("客服热线 10040", "公开网页（2017 年），未复核", "public web page of 2017, not re-checked", "L"),
        (
            "在 App 申请销户后，号码先转为“待销户”（拨打提示已停机），次月 1 日至 20 日注销，用过漫游的再晚一个月；"
            "注销前可到营业厅撤回",
            "网页 gongchengliangzi.com/baike/61001.html，未向运营商核实",
            "web page gongchengliangzi.com/baike/61001.html, not confirmed by the carrier",
            "M",
        ),
    ],
)
def test_where_a_fact_was_seen(statement: str, source: str, source_en: str, confidence: str) -> None:
    load()
    fact = CarrierFact.objects.get(statement=statement)
    assert (fact.source, fact.source_en, fact.confidence) == (source, source_en, confidence)


def test_the_carriers_words_are_the_fields_own() -> None:
    """wording.md, part 4."""
    load()
    statements = set(CarrierFact.objects.values_list("statement", flat=True))
    assert statements >= {
        "可在官方 App 搜索“销户”办理，仅限实名认证的个人用户",
        "投诉也打客服热线 10000",
        "能否线上销户，各处说法不一，请先打客服热线询问",
    }
    assert CarrierFact.objects.filter(topic="sms_sender", statement_en="It sends SMS from 10086").count() == 1
    reseller = (
        CarrierFact.objects.filter(topic="other", carrier__refund_day=None)
        .values_list("statement", "statement_en")
        .distinct()
        .get()
    )
    assert reseller == (
        "虚拟运营商大多没有营业厅：线上办理，或经售卡的代理商办理（一般要提供号码、ICCID 和身份资料）。"
        "请先打客服热线确认要经这家代理商办理，再提供；每份复印件都写明用途。",
        "Most virtual operators have no branches: cancel online, or through the reseller that sold the card (it "
        "usually asks for the number, the ICCID and identity documents). First ask the hotline whether cancellation "
        "goes through this reseller, and write the purpose on every copy.",
    )


def test_a_second_load_changes_nothing_that_was_edited_and_adds_what_is_missing() -> None:
    load()
    Carrier.objects.filter(slug="china-mobile").update(hotline="10086-1", reply_days=7)
    CarrierFact.objects.filter(carrier__slug="china-mobile").delete()
    Carrier.objects.filter(slug="yuante").delete()
    load()
    mobile = Carrier.objects.get(slug="china-mobile")
    assert (mobile.hotline, mobile.reply_days, mobile.facts.count()) == ("10086-1", 7, 0)
    assert Carrier.objects.get(slug="yuante").facts.count() == 2
    assert Carrier.objects.count() == 8


def test_the_thirty_one_appeal_bodies_say_where_from_and_how_sure() -> None:
    load()
    bodies = list(AppealBody.objects.all())
    assert len(bodies) == 31
    for body in bodies:
        body.full_clean()
    guangxi = AppealBody.objects.get(province="广西")
    assert guangxi.name == "广西壮族自治区电信用户申诉受理中心"
    assert (guangxi.confidence, guangxi.address, guangxi.phone) == ("L", "", "")
    assert guangxi.channels == (
        "网上申诉：yhssglxt.miit.gov.cn；微信公众号“电信用户申诉”（来源：公开网页，未核实，提交前请核对）"
    )
    assert guangxi.source.endswith("名称参照湖北省公布的名称推定，未逐省核对")
    assert guangxi.source_en.endswith(
        "the name is inferred from the one Hubei publishes, not checked for this province"
    )
    names = AppealBody.objects.filter(province__in=["北京", "浙江", "内蒙古"]).values_list("name", flat=True)
    assert list(names) == [
        "北京市电信用户申诉受理中心",
        "内蒙古自治区电信用户申诉受理中心",
        "浙江省电信用户申诉受理中心",
    ]


def test_hubei_publishes_its_name_and_address() -> None:
    load()
    hubei = AppealBody.objects.get(confidence="H")
    assert (hubei.province, hubei.name) == ("湖北", "湖北省电信用户申诉受理中心")
    assert hubei.address == "武汉市东湖开发区珞瑜路789号，邮编 430074"
    assert "hubei12300@126.com" in hubei.channels
    assert hubei.source == "湖北省通信管理局网站“电信用户申诉”页（hubca.miit.gov.cn/gzcy/dxyhss/index.html）"


def test_an_appeal_body_that_was_edited_stays_and_one_that_is_missing_comes_again() -> None:
    load()
    AppealBody.objects.filter(province="浙江").update(phone="0571-12300", confidence="H")
    AppealBody.objects.filter(province="北京").delete()
    load()
    assert AppealBody.objects.get(province="浙江").phone == "0571-12300"
    assert AppealBody.objects.filter(province="北京").count() == 1
    assert AppealBody.objects.count() == 31
