"""The page of a team's language model: its managers set it up, try it, turn it on and off."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from cases.models import AuditEntry, LanguageModel, Team
from tests.fake_services import Receiver, serving
from tests.web.html_client import Person

PAGE, DO = "/teams/language-model/", "/teams/language-model/do/"
KEY = "sk-s3cret-0123456789"


@pytest.fixture
def server(settings: Any) -> Iterator[Receiver]:
    settings.ALLOW_PRIVATE_HOSTS = True
    content = json.dumps({"meaning": "under_review", "reason": "<i>审核中</i>"})
    with serving(Receiver(lambda got: (200, {"choices": [{"message": {"content": content}}]}))) as receiver:
        yield receiver


@pytest.fixture
def set_up(me: Person, server: Receiver) -> LanguageModel:
    """As a manager enters it."""
    me.fill(PAGE, address=f"http://127.0.0.1:{server.port}/v1", model="qwen3:8b", key=KEY, daily_limit="7")
    return LanguageModel.objects.get()


def test_it_begins_with_nothing_and_says_what_leaves(me: Person) -> None:
    page = me.get(PAGE)
    assert "Language model for unclear SMS off" in page.text
    assert "While this is off, nothing leaves." in page.text
    assert "您号码[NUMBER_1]的销户申请已提交审核,受理编号[REFERENCE_1]" in page.text
    assert "Addresses in a private network or on this server are not allowed here." in page.text
    assert (PAGE, "Language model") in me.get(f"/teams/{me.user.teams.get().pk}/").links  # type: ignore[union-attr]


def test_set_up_it_is_off_and_shows_neither_address_nor_key(
    me: Person, set_up: LanguageModel, server: Receiver
) -> None:
    page = me.get(PAGE)
    assert not set_up.is_on
    assert (set_up.model, set_up.daily_limit, set_up.has_key) == ("qwen3:8b", 7, True)
    assert f"http://127.0.0.1:{server.port}/…" in page.text
    assert "0 of 7" in page.text
    assert KEY not in page.html
    assert '/v1"' not in page.html
    assert server.got == []


def test_it_is_tried_on_the_sample_and_turned_on_and_off(me: Person, set_up: LanguageModel, server: Receiver) -> None:
    tried = me.follow(me.post(DO, do="try"))
    assert "The sample was read as: Under review." in tried.text
    assert "&lt;i&gt;审核中&lt;/i&gt;" in tried.html
    assert len(server.got) == 1
    me.post(DO, do="on")
    assert "Language model for unclear SMS on" in me.get(PAGE).text
    assert LanguageModel.objects.get().on_since
    me.post(DO, do="off")
    assert not LanguageModel.objects.get().is_on
    log = me.get(f"/teams/{set_up.team_id}/audit/").text
    for what in ("changed", "turned on", "turned off"):
        assert f"language model for unclear SMS: {what} · qwen3:8b" in log


def test_a_failed_try_says_why_and_stays_on_the_page(me: Person, set_up: LanguageModel, server: Receiver) -> None:
    server.answer = lambda got: (404, {"error": {"message": f"model not found, key {KEY}"}})
    failed = me.follow(me.post(DO, do="try"))
    assert "No reading of the sample: HTTP 404 model not found, key ••••" in failed.text
    assert "HTTP 404 model not found" in me.get(PAGE).part("status")
    assert KEY not in failed.html


def test_what_is_left_blank_stays(me: Person, set_up: LanguageModel) -> None:
    before = set_up.encrypted
    me.fill(PAGE, model="deepseek-chat")
    after = LanguageModel.objects.get()
    assert (after.model, after.has_key, after.label) == ("deepseek-chat", True, set_up.label)
    assert after.encrypted != "" != before
    me.fill(PAGE, without_key="on")
    assert not LanguageModel.objects.get().has_key


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"address": "api.deepseek.com"}, "Enter an address starting with https:// or http://"),
        ({"address": "https://a.example/v1?key=x"}, "Enter an address starting with https:// or http://"),
        ({"address": ""}, "This field is required."),
        ({"key": "sk 1"}, "This is not a valid key."),
        ({"key": "密钥"}, "This is not a valid key."),
        ({"model": ""}, "This field is required."),
        ({"daily_limit": "0"}, "1"),
        ({"daily_limit": "99999"}, "2000"),
    ],
)
def test_what_cannot_be_entered(me: Person, typed: dict[str, str], error: str) -> None:
    answer = me.fill(PAGE, **({"address": "https://a.example/v1", "model": "m", "daily_limit": "5"} | typed))
    assert answer.status == 200
    assert error in answer.text
    assert not LanguageModel.objects.exists()


def test_it_is_deleted_with_its_key(me: Person, set_up: LanguageModel) -> None:
    me.post(DO, do="remove")
    assert not LanguageModel.objects.exists()
    assert AuditEntry.objects.latest("pk").about == "language_model: removed · qwen3:8b"


def test_a_lost_encryption_key_asks_for_the_address_again(me: Person, set_up: LanguageModel) -> None:
    LanguageModel.objects.update(encrypted="x")
    assert "The stored address cannot be decrypted." in me.fill(PAGE, model="m").text
    assert "The address cannot be decrypted" in me.follow(me.post(DO, do="try")).text
    assert me.fill(PAGE, address="https://a.example/v1").status == 302


def test_before_it_is_set_up_nothing_can_be_turned_on(me: Person) -> None:
    for command in ("on", "try", "remove", "x"):
        assert "Enter the address and the model first." in me.follow(me.post(DO, do=command)).text


def test_it_is_for_managers_and_their_own_team(me: Person, colleague: Person, set_up: LanguageModel) -> None:
    assert colleague.get(PAGE).status == 403
    assert colleague.post(PAGE, model="x").status == 403
    assert colleague.post(DO, do="on").status == 403
    other = Team.objects.create(name="另一团队")
    LanguageModel.objects.create(team=other, model="theirs", label="x", encrypted="x")
    assert "theirs" not in me.get(PAGE).text
    me.post(DO, do="remove")
    assert LanguageModel.objects.get().model == "theirs"
