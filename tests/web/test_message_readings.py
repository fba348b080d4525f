"""Unclear SMS with their readings as buttons, a recorded one corrected, and the figures. All texts are synthetic."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cases.formats.sms.reader import read_sms
from cases.inbox import process
from cases.inbox.process import process_stored
from cases.models import Carrier, CarrierMessage, Team
from cases.operations.messages import set_message_aside
from tests.helpers import CaseDriver, at
from tests.inbox.conftest import storing
from tests.inbox.test_process import DONE, REGISTERED
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make

NUMBER = "13800138000"
WHEN = "2026-10-16T09:30"
TEXT = "【中国移动】您的号码138****8000可能已销户,10月20日前办结。"


@pytest.fixture
def case(new_driver: Make) -> CaseDriver:
    return new_driver(NUMBER, submitted="2026-09-30T15:00")


@pytest.fixture
def waiting(team: Team, case: CaseDriver) -> Callable[..., CarrierMessage]:
    """A message that waits on the case, read as its fields say."""

    def stored(text: str = TEXT, *, candidates: tuple[str, ...] = (), **fields: Any) -> CarrierMessage:
        reading = {"candidates": list(candidates), "promised": "2026-10-20", **fields.pop("reading", {})}
        given = {"state": "proposed", "meaning": "ambiguous", "case": case.case, "card": case.case.card}
        message = storing(team)(text, when=WHEN, reading=reading, **(given | fields))
        type(case.case).objects.filter(pk=case.case.pk).update(message_at=at(WHEN))
        return message

    return stored


@pytest.fixture
def came(
    team: Team, mobile: Carrier, case: CaseDriver, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], CarrierMessage]:
    """A message was stored and read, by both readers alike."""
    read = read_sms
    monkeypatch.setattr(process, "read_sms", lambda *args: replace(read(*args), is_agreed=True))
    mobile.sms_senders = ["10086"]
    mobile.save()

    def come(text: str) -> CarrierMessage:
        message = storing(team)(text, when=WHEN)
        process_stored(at("2026-10-16T09:31"))
        message.refresh_from_db()
        return message

    return come


def record(person: Person, page: Page, action: str, kind: str) -> Page:
    """Press the button of a reading: the form to this address that has this kind."""
    forms = [form for form in page.forms if form.action == action and form.fields.get("kind") == kind]
    return person.follow(person.post(action, forms[0].fields))


def decision_of(message: CarrierMessage) -> tuple[str, str, str]:
    message.refresh_from_db()
    return message.state, message.decision, message.decided_meaning


def test_both_readings_are_buttons_and_one_click_records(me: Person, case: CaseDriver, waiting: Any) -> None:
    message = waiting(candidates=("done", "promised"))
    for address in ("/messages/", f"/cases/{case.case.reference}/", f"/messages/{message.pk}/"):
        page = me.get(address)
        assert "This SMS is unclear. Choose what it says:" in page.text
        assert "Record: carrier says done" in page.html
        assert "Record: carrier promises 20 Oct" in page.html
    record(me, me.get("/messages/"), f"/messages/{message.pk}/", "promised")
    assert case.last_content["promised_on"] == "2026-10-20"
    assert decision_of(message) == ("recorded", "corrected", "promised")


def test_a_reading_that_lacks_something_leads_to_its_form(me: Person, case: CaseDriver, waiting: Any) -> None:
    message = waiting(candidates=("promised", "done"), reading={"promised": None})
    page = me.get("/messages/")
    assert (f"/messages/{message.pk}/?as=promised", "Date promised: fill in and record") in page.links
    assert me.get(f"/messages/{message.pk}/?as=promised").form().fields["kind"] == "promised"


def test_a_returned_request_is_a_button_for_each_reason(me: Person, case: CaseDriver, waiting: Any) -> None:
    waiting("您的号码138****8000欠费,请补充材料", candidates=("refused", "more_papers"))
    html = me.get("/messages/").html
    assert "Record: returned by carrier (Unpaid bill)" in html
    assert "Record: returned by carrier (Documents missing)" in html


def test_readings_that_say_nothing_of_the_case_are_one_button(me: Person, case: CaseDriver, waiting: Any) -> None:
    message = waiting(candidates=("marketing", "unrelated"))
    page = me.get(f"/cases/{case.case.reference}/")
    assert page.html.count("Nothing about this case: dismiss") == 1
    me.follow(me.post(f"/messages/{message.pk}/set-aside/", page.form(f"/messages/{message.pk}/set-aside/").fields))
    assert decision_of(message) == ("set_aside", "set_aside", "")


@pytest.mark.parametrize("meaning", ["marketing", "unrelated", "code"])
def test_what_was_read_as_nothing_of_its_case_offers_to_be_dismissed_first(
    me: Person, case: CaseDriver, waiting: Any, meaning: str
) -> None:
    message = waiting(meaning=meaning)
    for address in ("/messages/", f"/cases/{case.case.reference}/", f"/messages/{message.pk}/"):
        page = me.get(address)
        assert "Nothing about this case: dismiss" in page.html
        assert page.form(f"/messages/{message.pk}/set-aside/")
    assert (f"/messages/{message.pk}/", "It is about this case: choose what it says") in me.get("/messages/").links
    me.fill(f"/messages/{message.pk}/", kind="reported_done")
    assert decision_of(message) == ("recorded", "corrected", "done")


def test_an_unclear_one_without_a_case_shows_its_readings_in_words(me: Person, waiting: Any) -> None:
    waiting(candidates=("done", "promised"), state="unmatched", case=None, card=None)
    page = me.get("/messages/")
    assert "It can be read in different ways: Done / Date promised" in page.text
    assert "Record: carrier says done" not in page.html


def test_a_language_models_reading_is_shown_as_such(me: Person, case: CaseDriver, waiting: Any) -> None:
    third = {"meaning": "done", "reason": "<b>文中</b>13900139000", "model": "qwen3:8b"}
    message = waiting(candidates=("registered", "promised"), reading={"language_model": third})
    page = me.get(f"/cases/{case.case.reference}/")
    assert "A language model’s reading (qwen3:8b): Done" in page.text
    assert "&lt;b&gt;文中&lt;/b&gt;139****9000" in page.html
    assert "Check it: nothing was recorded." in page.text
    assert case.kinds == ["logged", "submitted"]
    record(me, page, f"/messages/{message.pk}/", "reported_done")
    assert decision_of(message) == ("recorded", "corrected", "done")
    assert "People decided about 1 of them, 1 as it had read." in me.get("/messages/figures/").text


def test_an_sms_of_several_parts_says_so_and_a_part_leads_to_the_whole(
    me: Person, team: Team, case: CaseDriver, waiting: Any
) -> None:
    whole = waiting(meaning="done")
    for number in (2, 3):
        storing(team)(f"({number}/3)", when=f"2026-10-16T09:3{number}", state="part", part_of=whole)
    beside = waiting("【中国移动】138****8000已销户", meaning="done")
    page = me.get("/messages/")
    assert page.text.count("put together from 3 parts") == 1
    assert "put together from 3 parts" in me.get(f"/messages/{whole.pk}/").text
    assert "put together" not in me.get(f"/messages/{beside.pk}/").text
    parts = me.get("/messages/?state=all")
    assert "Part of a longer SMS" in parts.text
    assert (f"/messages/{whole.pk}/", "Show the whole SMS") in parts.links


def test_a_late_one_says_whether_its_time_is_known(me: Person, waiting: Any) -> None:
    waiting(meaning="done", late=True)
    page = me.get("/messages/")
    assert "time unknown" in page.text
    assert "Shown is when the SMS arrived here" in page.text
    assert "received with delay" not in page.text
    CarrierMessage.objects.update(stored_at=at("2026-10-16T11:30"))
    page = me.get("/messages/")
    assert "received with delay" in page.text
    assert "time unknown" not in page.text


def test_a_recorded_one_is_corrected_from_the_timeline(me: Person, case: CaseDriver, came: Any) -> None:
    message = came(REGISTERED)
    assert decision_of(message) == ("recorded", "", "")
    reference = case.case.reference
    address = f"/cases/{reference}/entries/3/reading/"
    assert (address, "Correct the reading") in me.get(f"/cases/{reference}/").links
    page = me.get(address)
    assert page.form().fields["kind"] == "acknowledged"
    done = me.follow(me.post(address, page.form().fields | {"kind": "reported_done"}))
    assert "Reading corrected." in done.text
    assert case.kinds == ["logged", "submitted", "acknowledged", "voided", "reported_done"]
    assert case.fresh().reported_done_at == at(WHEN)
    assert decision_of(message) == ("recorded", "corrected", "done")
    assert (f"/cases/{reference}/entries/5/reading/", "Correct the reading") in me.get(f"/cases/{reference}/").links


def test_the_same_correction_sent_twice_is_one(me: Person, case: CaseDriver, came: Any) -> None:
    came(REGISTERED)
    address = f"/cases/{case.case.reference}/entries/3/reading/"
    fields = me.get(address).form().fields | {"kind": "reported_done"}
    me.post(address, fields)
    me.post(address, fields)
    assert case.kinds == ["logged", "submitted", "acknowledged", "voided", "reported_done"]


def test_a_correction_that_corrects_nothing_is_refused(me: Person, case: CaseDriver, came: Any) -> None:
    came(REGISTERED)
    address = f"/cases/{case.case.reference}/entries/3/reading/"
    assert "Nothing was changed." in me.post(address, me.get(address).form().fields).text
    assert case.kinds == ["logged", "submitted", "acknowledged"]


def test_who_may_not_void_an_entry_is_not_offered_to_correct_it(colleague: Person, case: CaseDriver, came: Any) -> None:
    came(REGISTERED)  # recorded by the product itself
    assert "Correct the reading" not in colleague.get(f"/cases/{case.case.reference}/").text
    address = f"/cases/{case.case.reference}/entries/3/reading/"
    refused = colleague.post(address, colleague.get(address).form().fields | {"kind": "reported_done"})
    assert "Ask a team manager to correct this one." in refused.text
    assert case.kinds == ["logged", "submitted", "acknowledged"]


def test_an_entry_without_an_sms_has_no_reading(me: Person, case: CaseDriver) -> None:
    answer = me.get(f"/cases/{case.case.reference}/entries/2/reading/")
    assert answer.location == f"/cases/{case.case.reference}/"
    assert me.get(f"/cases/{case.case.reference}/entries/9/reading/").status == 404


def test_recording_as_read_confirms_and_undoing_takes_that_back(me: Person, case: CaseDriver, came: Any) -> None:
    message = came(DONE)
    me.fill("/messages/", action=f"/messages/{message.pk}/")
    assert decision_of(message) == ("recorded", "right", "done")
    me.post(f"/cases/{case.case.reference}/entries/3/undo/")
    assert decision_of(message) == ("proposed", "", "")


def test_saving_it_as_a_receipt_corrects_and_a_dismissal_can_be_taken_back(
    me: Person, case: CaseDriver, came: Any
) -> None:
    message = came(DONE)
    set_message_aside(message, by=me.user, now=at("2026-10-16T09:40"))
    assert decision_of(message) == ("set_aside", "set_aside", "")
    me.post(f"/messages/{message.pk}/case/", case=case.case.reference)
    assert decision_of(message) == ("proposed", "", "")
    me.fill(f"/messages/{message.pk}/", kind="message")
    assert decision_of(message) == ("recorded", "corrected", "unrelated")


def test_what_the_product_sets_aside_nobody_decided(team: Team, came: Any) -> None:
    message = came("【中国移动】您的号码138****8000本月流量优惠,回复办理")
    set_message_aside(message, by=None, now=at("2026-10-16T09:40"))
    assert decision_of(message)[1:] == ("", "")


def test_the_figures_are_those_of_the_team(me: Person, team: Team, waiting: Any) -> None:
    decided = (
        [("done", "right", "done")] * 3
        + [("done", "corrected", "promised")] * 2
        + [("done", "corrected", "refused"), ("done", "set_aside", ""), ("done", "", "")]
        + [("ambiguous", "corrected", "done")]
    )
    for number, (meaning, decision, decided_meaning) in enumerate(decided):
        waiting(f"{TEXT}{number}", meaning=meaning, decision=decision, decided_meaning=decided_meaning)
    whole = CarrierMessage.objects.earliest("pk")
    storing(team)("(2/2)", state="part", part_of=whole, meaning="done")
    other = Team.objects.create(name="另一团队")
    storing(other)(TEXT, meaning="refused", state="set_aside", decision="set_aside")
    page = me.get("/messages/figures/")
    assert "Done 8 3 3 Date promised: 2, Refused: 1 1 1" in page.text
    assert "Unclear: needs a person 1 0 1 Done: 1 0 0" in page.text
    assert "nothing is trained on them" in page.text
    assert page.text.count("Refused") == 1
    assert ("/messages/figures/", "How SMS were read") in me.get("/messages/").links


def test_without_an_sms_the_figures_say_so(me: Person) -> None:
    assert "No SMS was read yet." in me.get("/messages/figures/").text
