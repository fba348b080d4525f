"""The migration that corrects what earlier checkouts were loaded with: it ends where a new installation starts, and
leaves alone what somebody changed in the admin."""

import importlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from cases.models import AppealBody, Carrier, CarrierFact

pytestmark = pytest.mark.django_db

SOURCE = "carrier's public hotline page, not re-checked"
RESELLER = (
    "虚拟运营商多无营业厅：线上办理，或找卖卡的代理商办理；代理商会要号码、ICCID 和身份资料",
    "Virtual operators often have no branch: cancel online or through the agent who sold the cards, who asks for the "
    "number, the ICCID and identity data",
)
#: What was loaded before: carrier, topic, statement in Chinese and English, confidence.
LOADED = [
    ("china-mobile", "hotline", "客服热线 10086", "Customer service hotline 10086", "H"),
    ("china-mobile", "complaint_line", "投诉电话 10080", "Complaint line 10080", "L"),
    (
        *("china-mobile", "online", "可在手机应用里搜索“销户”办理，只限实名的个人用户"),
        *("In the app, search for 销户; only for identity-verified personal accounts", "L"),
    ),
    (
        *("china-mobile", "online", "每月 1 日至 6 日和月底不办理线上销户"),
        *("Online cancellation is closed from the 1st to the 6th and at the end of the month", "L"),
    ),
    (
        *("china-mobile", "online", "余额只能转到同省的号码"),
        *("The balance can only be moved to a number of the same province", "L"),
    ),
    ("china-mobile", "sms_sender", "短信由 10086 发出", "Its messages come from 10086", "M"),
    ("china-unicom", "hotline", "客服热线 10010", "Customer service hotline 10010", "H"),
    ("china-unicom", "complaint_line", "投诉电话 10015", "Complaint line 10015", "M"),
    ("china-unicom", "online", "部分省份可线上销户", "Online cancellation in some provinces", "L"),
    ("china-unicom", "sms_sender", "短信由 10010 发出", "Its messages come from 10010", "L"),
    ("china-telecom", "hotline", "客服热线 10000", "Customer service hotline 10000", "H"),
    ("china-telecom", "complaint_line", "投诉经客服热线 10000", "Complaints go through the hotline 10000", "L"),
    ("china-telecom", "online", "可在手机应用里办理“预约拆机”", "In the app, under 预约拆机", "L"),
    ("china-telecom", "sms_sender", "短信由 10000 发出", "Its messages come from 10000", "L"),
    ("china-broadnet", "hotline", "客服热线 10099", "Customer service hotline 10099", "L"),
    (
        *("china-broadnet", "online", "能否线上销户，说法不一；请先致电询问"),
        *("Sources conflict on online cancellation; call and ask first", "L"),
    ),
    ("xiaomi-mobile", "hotline", "客服热线 4009223838", "Customer service hotline 4009223838", "M"),
    ("xiaomi-mobile", "other", *RESELLER, "L"),
    ("huaxiang", "hotline", "客服热线 10036", "Customer service hotline 10036", "M"),
    ("huaxiang", "other", *RESELLER, "L"),
    ("snail-mobile", "hotline", "客服热线 10040", "Customer service hotline 10040", "L"),
    ("snail-mobile", "other", *RESELLER, "L"),
    ("yuante", "hotline", "客服热线 4006091100", "Customer service hotline 4006091100", "L"),
    ("yuante", "other", *RESELLER, "L"),
]
BODY_SOURCE = "《电信用户申诉处理办法》第九条：由企业所在省的申诉受理机构受理；名称按惯例列出，地址、电话未逐省核对"
CHANNELS = "网上申诉：yhssglxt.miit.gov.cn；微信公众号“电信用户申诉”（公开网页，可信度 M，提交前请先核对）"


def migrate() -> None:
    module: Any = importlib.import_module("cases.migrations.0022_facts_with_sources")
    later: Any = importlib.import_module("cases.migrations.0045_refunds")
    for correct in (module.correct_carrier_facts, module.correct_appeal_bodies, later.add_refund_terms):
        correct(apps, SimpleNamespace(connection=connection))


def load_as_before() -> None:
    """The carriers and bodies of now, with the texts of then."""
    call_command("load_carriers", verbosity=0)
    CarrierFact.objects.all().delete()
    for slug, topic, statement, statement_en, confidence in LOADED:
        CarrierFact.objects.create(
            carrier=Carrier.objects.get(slug=slug),
            topic=topic,
            statement=statement,
            statement_en=statement_en,
            source=f"{SOURCE} since 2017" if statement in ("客服热线 10040", "客服热线 4006091100") else SOURCE,
            confidence=confidence,
        )
    for body in AppealBody.objects.all():
        body.name = body.name.replace("电信用户申诉受理中心", "通信管理局电信用户申诉受理机构")
        body.source, body.source_en, body.confidence, body.address = BODY_SOURCE, "", "L", ""
        body.channels, body.channels_en = CHANNELS, ""
        body.save()


def facts() -> set[tuple[str, ...]]:
    names = ("carrier__slug", "topic", "statement", "statement_en", "source", "source_en", "confidence")
    return set(CarrierFact.objects.values_list(*names))


def bodies() -> list[tuple[str, ...]]:
    names = ("province", "name", "address", "phone", "channels", "channels_en", "source", "source_en", "confidence")
    return list(AppealBody.objects.values_list(*names))


def test_untouched_it_ends_where_a_new_installation_starts() -> None:
    call_command("load_carriers", verbosity=0)
    new_facts, new_bodies = facts(), bodies()
    load_as_before()
    assert AppealBody.objects.get(province="湖北").name == "湖北省通信管理局电信用户申诉受理机构"
    migrate()
    assert (len(new_facts), len(LOADED)) == (26, 24)  # two are new
    assert facts() == new_facts
    assert bodies() == new_bodies


def test_a_new_installation_has_nothing_to_correct() -> None:
    migrate()
    assert not CarrierFact.objects.exists()


def test_half_width_punctuation_was_loaded_once_too() -> None:
    load_as_before()
    fact = CarrierFact.objects.get(carrier__slug="china-broadnet", topic="online")
    CarrierFact.objects.filter(pk=fact.pk).update(statement="能否线上销户,说法不一;请先致电询问")
    migrate()
    fact.refresh_from_db()
    assert fact.statement == "能否线上销户，各处说法不一，请先打客服热线询问"


def test_a_fact_with_another_source_stays_as_it_is() -> None:
    load_as_before()
    CarrierFact.objects.filter(carrier__slug="yuante", topic="other").update(
        source="2026-09-01 致电询问", confidence="H"
    )
    migrate()
    fact = CarrierFact.objects.get(carrier__slug="yuante", topic="other")
    assert (fact.statement, fact.statement_en) == RESELLER
    assert (fact.source, fact.source_en, fact.confidence) == ("2026-09-01 致电询问", "", "H")


@pytest.mark.parametrize(
    "changed", [{"statement": "客服热线 10086（24 小时）"}, {"confidence": "M"}, {"statement_en": "Hotline 10086"}]
)
def test_a_fact_that_was_changed_only_gets_its_source_in_both_languages(changed: dict[str, str]) -> None:
    load_as_before()
    CarrierFact.objects.filter(statement="客服热线 10086").update(**changed)
    migrate()
    fact = CarrierFact.objects.get(carrier__slug="china-mobile", topic="hotline")
    before = {"statement": "客服热线 10086", "statement_en": "Customer service hotline 10086", "confidence": "H"}
    assert {name: getattr(fact, name) for name in before} == before | changed
    assert (fact.source, fact.source_en) == ("公开网页，未复核", "public web page, not re-checked")


@pytest.mark.parametrize("changed", [{"name": "浙江省某受理中心"}, {"source": "致电询问"}, {"confidence": "M"}])
def test_a_body_that_somebody_vouched_for_keeps_its_name(changed: dict[str, str]) -> None:
    load_as_before()
    AppealBody.objects.filter(province="浙江").update(**changed)
    migrate()
    body = AppealBody.objects.get(province="浙江")
    before = {"name": "浙江省通信管理局电信用户申诉受理机构", "source": BODY_SOURCE, "confidence": "L"}
    assert {name: getattr(body, name) for name in before} == before | changed
    assert "可信度 M" not in body.channels  # nobody wrote that by hand


def test_an_address_by_hand_stays_with_the_new_name() -> None:
    load_as_before()
    AppealBody.objects.filter(province="湖北").update(address="某路 1 号", phone="027-00000000", channels="只收信函")
    migrate()
    body = AppealBody.objects.get(province="湖北")
    assert (body.name, body.address, body.phone) == ("湖北省电信用户申诉受理中心", "某路 1 号", "027-00000000")
    assert (body.channels, body.channels_en) == ("只收信函", "")
