"""``load_carriers``: what is known of the carriers from the start, and that edits survive it."""

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
    assert all(carrier.facts.filter(topic="hotline").count() == 1 for carrier in Carrier.objects.all())


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
    assert guangxi.name == "广西壮族自治区通信管理局电信用户申诉受理机构"
    assert (guangxi.confidence, guangxi.address, guangxi.phone) == ("L", "", "")
    assert "电信用户申诉" in guangxi.channels


def test_an_appeal_body_that_was_edited_stays_and_one_that_is_missing_comes_again() -> None:
    load()
    AppealBody.objects.filter(province="浙江").update(phone="0571-12300", confidence="H")
    AppealBody.objects.filter(province="北京").delete()
    load()
    assert AppealBody.objects.get(province="浙江").phone == "0571-12300"
    assert AppealBody.objects.filter(province="北京").count() == 1
    assert AppealBody.objects.count() == 31
