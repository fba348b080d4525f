"""Carriers' messages and the phones that bring them: seen in the admin, changed by nobody there."""

import pytest
from django.test import Client

from cases.models import Carrier, CarrierMessage, Team
from cases.operations.forwarders import secrets_of
from tests.inbox.senders import TEXT, Phone


@pytest.fixture
def phone(team: Team, mobile: Carrier) -> Phone:
    phone = Phone(team)
    phone.post()
    return phone


def test_they_are_listed_and_shown_without_their_secrets(admin_page: Client, phone: Phone) -> None:
    message = CarrierMessage.objects.get()
    for path, said in (
        ("forwarder/", "前台的手机"),
        (f"forwarder/{phone.made.pk}/change/", "前台的手机"),
        ("carriermessage/", "10086"),
        (f"carriermessage/{message.pk}/change/", TEXT),
    ):
        page = admin_page.get(f"/admin/cases/{path}")
        html = page.content.decode()
        assert (page.status_code, said in html) == (200, True), path
        assert secrets_of(phone.row)[0] not in html
        assert phone.row.digest not in html
    assert admin_page.get("/admin/cases/carriermessage/", {"q": "SL4711", "state": "new"}).status_code == 200


def test_nobody_adds_changes_or_deletes_them_there(admin_page: Client, phone: Phone) -> None:
    for kind, key in (("forwarder", phone.made.pk), ("carriermessage", CarrierMessage.objects.get().pk)):
        for path in ("add/", f"{key}/delete/"):
            assert admin_page.get(f"/admin/cases/{kind}/{path}").status_code == 403
        assert admin_page.post(f"/admin/cases/{kind}/{key}/change/", {"name": "x", "text": "x"}).status_code == 403
    assert CarrierMessage.objects.get().text == TEXT
