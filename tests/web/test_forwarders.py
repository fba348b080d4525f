"""The pages of phones that forward SMS: set up, watched, switched, removed; for a team's managers."""

import json

import pytest

from cases.models import Card, Carrier, CarrierMessage, Forwarder, Team
from cases.operations.forwarders import secrets_of
from tests.helpers import CaseDriver, at
from tests.inbox.senders import Phone
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path


@pytest.fixture
def phone(team: Team, mobile: Carrier) -> Phone:
    return Phone(team, "smsforwarder", signed=True)


def detail(phone: Phone) -> str:
    return f"/teams/forwarders/{phone.made.pk}/"


@pytest.mark.parametrize("kind", ["smsforwarder", "gateway", "json"])
def test_a_phone_is_added_and_its_page_says_how_it_is_set_up(me: Person, kind: str) -> None:
    page = me.get("/teams/forwarders/")
    assert "No phone added yet." in page.text
    assert f"/teams/forwarders/new/{kind}/" in page.hrefs
    added = me.fill(f"/teams/forwarders/new/{kind}/", name="前台")
    row = Forwarder.objects.get()
    assert (added.location, row.kind, row.name) == (f"/teams/forwarders/{row.pk}/", kind, "前台")
    secret, key = secrets_of(row)
    assert (len(secret), len(key)) == (32, 24)  # 192 and 144 bits in Base64
    assert secret not in row.encrypted
    page = me.follow(added)
    assert f"http://127.0.0.1:8000/in/{secret}/" in page.html
    assert key in page.html
    assert "Phones cannot reach this address" in page.text  # SITE_URL is this machine
    assert "Use one phone with its own SIM card, forwarding only its own SMS." in page.text
    assert "反电信网络诈骗法, article 14, bans illegal use of such devices" in page.text
    assert "31" not in page.part("main").partition("Use one phone")[2].partition("does not need one")[0]
    assert (
        "《反电信网络诈骗法》第十四条禁止非法制造、买卖、提供或者使用这类设备，销卡也不需要。"
        in me.in_chinese(added.location).text
    )
    assert "Waiting for the first SMS…" in page.part("forwarder-status")
    assert secret not in me.get("/teams/forwarders/").html


def test_without_a_signature_no_secret_is_shown(me: Person) -> None:
    added = me.fill("/teams/forwarders/new/smsforwarder/", name="前台", signed=None)
    assert secrets_of(Forwarder.objects.get())[1] == ""
    page = me.follow(added)
    assert "[sign]" not in page.html
    assert 'id="key"' not in page.html


def test_the_template_that_is_shown_is_one_that_is_taken(me: Person, phone: Phone) -> None:
    shown = me.get(detail(phone)).forms
    assert shown
    page = me.get(detail(phone)).html
    assert "{&quot;from&quot;:&quot;[from]&quot;,&quot;content&quot;:&quot;[org_content]&quot;" in page


def test_it_waits_and_turns_green_with_the_first_message(me: Person, phone: Phone) -> None:
    heard = f"{detail(phone)}heard/"
    waiting = me.get(heard)
    assert 'hx-trigger="every 3s"' in waiting.html
    assert detail(phone) in waiting.hrefs  # without JavaScript
    phone.post(key="wrong")
    refused = me.get(heard)
    assert "Rejected today 10:00: The signature is missing or incorrect" in refused.text
    assert 'hx-trigger="every 3s"' in refused.html
    phone.post(sender="13911112222", text="测试")
    green = me.get(heard)
    assert "Working. Last SMS today 10:00." in green.text
    assert "callout--success" in green.html
    assert "hx-trigger" not in green.html
    assert "unrelated (discarded) 1 rejected 1" in green.text


def test_what_it_sends_is_counted_on_its_page_and_in_the_list(me: Person, phone: Phone) -> None:
    for text in ("您好", "您好", "验证码 123456"):
        phone.post(text=text)
    assert "saved 1 duplicates 1 verification codes (discarded) 1" in me.get(detail(phone)).part("forwarder-status")
    assert "1 saved; discarded: 1 verification codes, 0 private; rejected: 0" in me.get("/teams/forwarders/").text


def test_renamed_switched_given_a_new_address_and_removed(me: Person, phone: Phone) -> None:
    do = f"{detail(phone)}do/"
    me.fill(detail(phone), name="仓库")
    me.post(do, do="off")
    assert (phone.row.name, phone.row.is_on) == ("仓库", False)
    assert "Turned off: incoming SMS are rejected." in me.get(detail(phone)).text
    me.post(do, do="on")
    assert phone.post().status == 200
    me.post(do, do="address")
    assert phone.post(text="您好").status == 404
    secret, key = secrets_of(phone.row)
    assert secret != phone.secret
    assert key not in ("", phone.key)
    me.post(do, do="nonsense")
    assert me.post(do, do="remove").location == "/teams/forwarders/"
    assert not Forwarder.objects.exists()
    assert CarrierMessage.objects.get().forwarder is None


def test_the_cards_in_a_phone_are_chosen_by_their_numbers(
    me: Person, team: Team, other_team: Team, mobile: Carrier
) -> None:
    first, second, third = (Card.objects.create(team=team, carrier=mobile, number=f"1380013800{n}") for n in range(3))
    Card.objects.create(team=other_team, carrier=mobile, number="13900139000")
    me.fill("/teams/forwarders/new/gateway/", name="前台", numbers="138 0013 8000\n+86 13800138001")
    row = Forwarder.objects.get()
    assert list(row.cards.order_by("pk")) == [first, second]
    page = me.get(f"/teams/forwarders/{row.pk}/")
    assert "138****8000" in page.text
    assert first.number not in page.html
    refused = me.fill(f"/teams/forwarders/{row.pk}/", numbers="13900139000\n1380013")
    assert "Not a card of this team: 1380013, 13900139000." in refused.text
    assert list(row.cards.order_by("pk")) == [first, second]
    me.fill(f"/teams/forwarders/{row.pk}/", kept_cards=[str(second.pk)], numbers=third.number)
    assert list(row.cards.order_by("pk")) == [second, third]
    me.fill(f"/teams/forwarders/{row.pk}/", kept_cards=[], numbers="")
    assert not row.cards.exists()


def test_a_phone_holds_no_more_cards_than_a_phone_does(me: Person, team: Team, mobile: Carrier) -> None:
    for n in range(10, 19):
        Card.objects.create(team=team, carrier=mobile, number=f"138001380{n}")
    nine = "\n".join(f"138001380{n}" for n in range(10, 19))
    assert (
        "Enter only the cards of this phone: up to 8."
        in me.fill("/teams/forwarders/new/json/", name="x", numbers=nine).text
    )
    assert not Forwarder.objects.exists()


def test_with_lost_keys_the_page_says_so_and_a_new_address_helps(me: Person, phone: Phone) -> None:
    Forwarder.objects.update(encrypted="x")
    assert "cannot be shown because its encryption key is missing" in me.get(detail(phone)).text
    me.post(f"{detail(phone)}do/", do="address")
    assert secrets_of(phone.row)[1]


def test_they_are_for_the_team_s_managers(
    me: Person, colleague: Person, outsider: Person, anybody: Person, phone: Phone
) -> None:
    own = detail(phone)
    assert "/teams/forwarders/" in me.get("/me/").hrefs
    assert "/teams/forwarders/" not in colleague.get("/me/").hrefs
    for address in (own, f"{own}heard/"):
        assert [person.get(address).status for person in (me, colleague, outsider)] == [200, 403, 404]
    for address in ("/teams/forwarders/", "/teams/forwarders/new/json/"):
        assert [person.get(address).status for person in (me, colleague, outsider)] == [200, 403, 200]
    for person, status in ((colleague, 403), (outsider, 404)):
        assert person.post(f"{own}do/", do="remove").status == status
        assert person.post(own, name="x").status == status
    assert colleague.post("/teams/forwarders/new/json/", name="x").status == 403
    assert anybody.get(own).location.startswith("/sign-in/")
    assert me.get(f"{own}do/").status == 405
    assert me.get("/teams/forwarders/new/fax/").status == 404
    assert Forwarder.objects.get().name == "前台的手机"


def test_a_silent_phone_is_told_on_its_page_and_on_cases_that_wait(me: Person, new_driver: Make, phone: Phone) -> None:
    waiting, draft = scenarios.overdue(new_driver), scenarios.draft(new_driver)
    said = "No SMS has arrived from the phone “前台的手机” since 5 Oct, 10:00"
    assert said not in me.get(path(waiting)).text
    Forwarder.objects.update(last_seen_at=at("2026-10-05T10:00"), arrivals=[at("2026-10-05T10:00").isoformat()])
    assert said in me.get(path(waiting)).text
    assert said not in me.get(path(draft)).text
    assert "No SMS for longer than usual (last one 5 Oct, 10:00)." in me.get(detail(phone)).text
    assert "no SMS for a while" in me.get("/teams/forwarders/").part(f"forwarder-{phone.made.pk}")
    Forwarder.objects.update(is_on=False)
    assert said not in me.get(path(waiting)).text


def test_the_tested_template_reaches_the_door(phone: Phone) -> None:
    body = {"from": "10086", "content": "您好", "timestamp": "1792116000000", "sign": ""}
    assert phone.send(json.dumps(body).encode()).status == 200


def test_a_case_leads_to_pasting(me: Person, submitted: CaseDriver) -> None:
    assert f"/messages/paste/?case={submitted.case.reference}" in me.get(path(submitted)).hrefs
