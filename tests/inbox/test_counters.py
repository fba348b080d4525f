"""What is counted at a phone's address is counted for that phone alone."""

import pytest

from cases.formats.sms.types import Sms
from cases.inbox.ingest import Incoming, MessageOrigin, count_refusal, ingest
from cases.models import Card, Carrier, CarrierMessage, Forwarder, Team
from cases.models.choices import MessageSource
from cases.operations.forwarders import add_forwarder, remove_forwarder, rename_forwarder, replace_address
from cases.operations.forwarders import switch_forwarder as switch
from tests.bystanders import Bystanders
from tests.helpers import at

NOW = at("2026-10-09T10:20")
CODE, PRIVATE, CARRIER = "您的验证码是123456，请勿泄露", "晚上一起吃饭吗", "您的销户申请已受理"


@pytest.fixture
def phone(bystanders: Bystanders, team: Team, mobile: Carrier) -> Forwarder:
    mobile.sms_senders = ["10086"]
    mobile.save()
    return add_forwarder(team, "json", name="前台")


def counters(forwarder: Forwarder) -> tuple[int, int, int, int, int]:
    stored = Forwarder.objects.get(pk=forwarder.pk)
    return stored.kept, stored.repeated, stored.codes, stored.strangers, stored.refused


def take_in(team: Team, phone: Forwarder, *texts: str, sender: str = "10086") -> list[str]:
    incoming = [Incoming(Sms(sender, text, NOW)) for text in texts]
    origin = MessageOrigin(MessageSource.FORWARDER, phone)
    return [str(outcome) for outcome in ingest(team, incoming, origin, NOW, on_stored=lambda: None)]


def test_each_kind_is_counted_at_its_phone(team: Team, phone: Forwarder) -> None:
    assert take_in(team, phone, CODE, CARRIER, CARRIER) == ["codes", "kept", "repeated"]
    assert take_in(team, phone, PRIVATE, sender="13912345678") == ["strangers"]
    assert take_in(team, phone, CODE) == ["codes"]
    assert counters(phone) == (1, 1, 2, 1, 0)
    stored = Forwarder.objects.get(pk=phone.pk)
    assert (stored.last_seen_at, len(stored.arrivals)) == (NOW, 1)  # one moment


def test_a_refusal_is_counted_at_its_phone(team: Team, phone: Forwarder) -> None:
    count_refusal(phone, "bad_signature", NOW)
    count_refusal(phone, "too_large", at("2026-10-09T10:21"))
    stored = Forwarder.objects.get(pk=phone.pk)
    assert counters(phone) == (0, 0, 0, 0, 2)
    assert (stored.last_refusal, stored.last_refusal_at) == ("too_large", at("2026-10-09T10:21"))


def test_a_message_that_another_team_has_is_no_repeat(team: Team, phone: Forwarder, bystanders: Bystanders) -> None:
    theirs = add_forwarder(bystanders.second_team, "json", name="他们的")
    assert take_in(bystanders.second_team, theirs, CARRIER) == ["kept"]
    assert take_in(team, phone, CARRIER) == ["kept"]
    assert (counters(theirs), counters(phone)) == ((1, 0, 0, 0, 0), (1, 0, 0, 0, 0))


def test_a_number_of_another_team_makes_no_private_message_a_carriers(
    team: Team, phone: Forwarder, bystanders: Bystanders, mobile: Carrier
) -> None:
    Card.objects.create(team=bystanders.second_team, carrier=mobile, number="13912340000")
    assert take_in(team, phone, "13912340000 的快递到了", sender="95533") == ["strangers"]
    Card.objects.create(team=team, carrier=mobile, number="13912340000")
    assert take_in(team, phone, "13912340000 的快递到了", sender="95533") == ["kept"]


def test_what_is_changed_of_a_phone_is_changed_of_it_alone(team: Team, phone: Forwarder) -> None:
    before = phone.digest
    rename_forwarder(phone, "后台")
    switch(phone, on=False)
    replace_address(phone, signed=False)
    stored = Forwarder.objects.get(pk=phone.pk)
    assert (stored.name, stored.is_on) == ("后台", False)
    assert stored.digest != before
    take_in(team, phone, CARRIER)
    remove_forwarder(phone)
    message = CarrierMessage.objects.get(team=team, text=CARRIER)
    assert message.forwarder_id is None
