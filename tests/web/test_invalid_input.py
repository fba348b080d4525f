"""Whatever is sent to a form or an address, it is answered with a page that says what is wrong, and never with a 500.

Receipts are in test_receipts.py, another team's references and missing tokens in test_page_access.py, a status that
changed meanwhile in test_actions.py.
"""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.test.client import FakePayload
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Card, Carrier, Case, User
from cases.operations.integrity import first_chain_flaw
from tests.helpers import CaseDriver
from tests.web import scenarios
from tests.web.arbitrary_input import ACTIONS, FEW, FIELDS, TEXT, TYPED
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make, path

NEW = "/cases/new/"
NOT_A_NUMBER = (
    "is not a mobile number. Enter 11 digits starting with 1, or 13 digits starting with 14 or 1064 for an IoT card. "
    "Spaces, +86 and full-width digits are fine."
)


def log(me: Person, number: str, carrier: Carrier, press: str = "submit", **more: Any) -> Page:
    return me.fill(NEW, press=press, number=number, carrier=carrier.pk, words="原话", **more)


@pytest.mark.parametrize(
    "number",
    [
        "1380013800",
        "138001380000",
        "23800138000",
        "10086",
        "021-12345678",
        "+1 415 555 2671",
        "hello",
        "138 0013 800x",
        "１３８００１３８００",
        "13800138000; DROP TABLE cases_case",
        "<script>alert(1)</script>",
        "😀",
    ],
)
def test_not_a_phone_number(me: Person, mobile: Carrier, number: str) -> None:
    page = log(me, number, mobile)
    assert page.status == 200
    assert f"“{' '.join(number.split())}” {NOT_A_NUMBER}" in page.text
    assert page.form().fields["number"] == number
    assert page.form().fields["words"] == "原话"
    assert "<script>alert" not in page.html
    assert not Case.objects.exists()
    assert not Card.objects.exists()


def test_a_number_far_too_long(me: Person, mobile: Carrier) -> None:
    page = log(me, "1" * 5000, mobile)
    assert page.status == 200
    assert "Ensure this value has at most 40 characters (it has 5000)." in page.text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        (" +86 138 0013 8000 ", "13800138000"),
        ("+8613800138000", "13800138000"),
        ("0086 138 0013 8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("＋８６　１３８　００１３　８０００", "13800138000"),
        ("(138) 0013-8000", "13800138000"),
        ("\u202a138\u00a00013\u00a08000\u202c", "13800138000"),
        ("16212345678", "16212345678"),
        ("1440000000001", "1440000000001"),
    ],
)
def test_a_number_typed_in_another_way_is_accepted_and_normalised(
    me: Person, mobile: Carrier, typed: str, stored: str
) -> None:
    assert log(me, typed, mobile).status == 302
    assert Card.objects.get().number == stored


@pytest.mark.parametrize("state", ["draft", "overdue", "returned", "under_review"])
def test_a_duplicate_open_case_gets_a_link_to_it(me: Person, new_driver: Make, mobile: Carrier, state: str) -> None:
    case = scenarios.STATES[state](new_driver, "13800138000").case
    for press in ("draft", "submit"):
        page = log(me, "138 0013 8000", mobile, press)
        assert page.status == 200
        assert f"This card already has an open case: {case.reference}." in page.text
        assert f"/cases/{case.reference}/" in page.hrefs
        assert page.form().fields["words"] == "原话"
    assert Case.objects.count() == 1


@pytest.mark.parametrize("state", ["confirmed", "withdrawn"])
def test_after_a_closed_case_a_new_one_may_begin(me: Person, new_driver: Make, mobile: Carrier, state: str) -> None:
    scenarios.STATES[state](new_driver, "13800138000")
    assert log(me, "13800138000", mobile).status == 302
    assert Case.objects.count() == 2


@pytest.mark.parametrize("moment", ["2026-10-16T10:03", "2026-10-17T00:00", "9999-12-31T23:59"])
def test_a_submission_in_the_future(me: Person, new_driver: Make, mobile: Carrier, moment: str) -> None:
    for page in (
        log(me, "13800138000", mobile, submitted_at=moment),
        me.fill(path(scenarios.draft(new_driver), "submit"), happened_at=moment),
    ):
        assert page.status == 200
        assert "This time is in the future. Enter when it actually happened." in page.text
    assert not Case.objects.exclude(status="draft").exists()
    assert not Card.objects.filter(number="13800138000").exists()


@pytest.mark.parametrize("moment", ["2003-12-31T23:59", "1999-01-01T00:00", "1970-01-01T00:00", "1582-01-01T10:00"])
def test_a_submission_before_2004(me: Person, new_driver: Make, mobile: Carrier, moment: str) -> None:
    sentence = (
        f"The working-day calendar covers 2004 to 2027, not {moment[:4]}. Check the date. If it is right, ask the "
        "system administrator to add the holiday schedule for that year."
    )
    for page in (
        log(me, "13800138000", mobile, submitted_at=moment),
        me.fill(path(scenarios.draft(new_driver), "submit"), happened_at=moment),
    ):
        assert page.status == 200
        assert sentence in page.text
    assert not Case.objects.exclude(status="draft").exists()
    assert not Card.objects.filter(number="13800138000").exists()


def test_the_sentence_about_the_moment_stands_at_its_field(me: Person, mobile: Carrier) -> None:
    page = log(me, "13800138000", mobile, submitted_at="2026-10-16T10:03")
    assert "This time is in the future" in page.part("error_1_id_submitted_at") + page.part("div_id_submitted_at")


def test_a_promised_date_in_the_past(me: Person, new_driver: Make) -> None:
    driver = scenarios.waiting(new_driver)
    page = me.fill(path(driver, "reply"), kind="promised", promised_on="2026-10-15", words="原话")
    assert "The promised date is before the day the promise was made." in page.text
    assert page.form().fields["words"] == "原话"
    assert "promised" not in driver.kinds


def test_nul_bytes_anywhere(me: Person, new_driver: Make, mobile: Carrier) -> None:
    driver = scenarios.overdue(new_driver)
    answers = {
        "number": log(me, "138\x0000138000", mobile),
        "holder": log(me, "13800138000", mobile, holder="a\x00"),
        "reference": log(me, "13800138000", mobile, reference="\x00"),
        "words": me.fill(path(driver, "follow-up"), words="a\x00b"),
        "agent": me.fill(path(driver, "reply"), kind="acknowledged", agent="\x00"),
        "name": me.fill("/me/", name="\x00"),
        "plan": me.fill("/cards/new/", number="13800138000", carrier=mobile.pk, plan="\x00"),
    }
    assert {name: page.status for name, page in answers.items()} == dict.fromkeys(answers, 200)
    for name, page in answers.items():
        assert "Null characters are not allowed." in page.text, name
    for address in ("/cases/?q", "/cards/?q"):
        assert me.get(f"{address}=%00").status == 200
    assert me.post("/cases/new/lookup/", number="\x00").status == 200
    assert me.post("/cases/new/deadlines/", carrier="\x00").status == 200
    assert driver.kinds == ["logged", "submitted"]
    assert not Card.objects.filter(number="13800138000").exists()


def test_emoji_rare_characters_and_markup_are_kept_as_they_are(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    said = "😀 𠮷野 <b>粗</b> & \"引\" '单' \u202e倒 {{ 7*7 }} %(x)s %s {% now 'Y' %}\n第二行"
    assert me.fill(path(driver, "follow-up"), words=said, agent="<i>李</i>").status == 302
    assert driver.last_content["words"] == said
    page = me.get(path(driver))
    assert " ".join(said.split()) in page.text
    assert "<b>粗</b>" not in page.html
    assert "49" not in page.part("entry-3")


def test_100_kilobytes_of_text(me: Person, new_driver: Make, mobile: Carrier) -> None:
    driver = scenarios.overdue(new_driver)
    long = "长" * 34_000
    page = me.fill(path(driver, "follow-up"), words=long)
    assert "Ensure this value has at most 4000 characters (it has 34000)." in page.text
    assert page.form().fields["words"] == long
    page = me.fill(NEW, press="draft", words=long)
    assert "Ensure this value has at most 2000 characters (it has 34000)." in page.text
    assert driver.kinds == ["logged", "submitted"]


def test_more_than_a_request_may_hold(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    page = me.post(path(driver, "follow-up"), words="x" * 3_000_000)
    assert page.status == 400
    assert "The request could not be read. Go back and try again." in page.text
    page = me.post(path(driver, "follow-up"), {f"field{n}": "" for n in range(1100)})
    assert page.status == 400
    assert driver.kinds == ["logged", "submitted"]


@pytest.mark.parametrize("batch", ["0", "-1", "x", "9223372036854775808", "9" * 40])
def test_a_batch_that_cannot_be_one(me: Person, new_driver: Make, batch: str) -> None:
    scenarios.overdue(new_driver)
    assert me.get("/cases/", batch=batch).status == 200
    assert me.post("/cases/many/", everything="1", filter=f"batch={batch}", action="follow-up").status == 200


@pytest.mark.parametrize("address", ["/sign-in/", "/proof/"])
def test_a_body_in_an_encoding_that_forms_do_not_have(manager: User, address: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get("/sign-in/")
    token = browser.cookies["csrftoken"].value
    kind = "application/x-www-form-urlencoded; charset=utf-7"
    answer = browser.post(address, b"a=+ADw-", content_type=kind, headers={"X-CSRFToken": token})
    assert answer.status_code == 400
    assert "无法识别这个请求" in answer.content.decode()


@pytest.mark.parametrize("address", ["/sign-in/", "/cases/new/", "/nowhere/", "/admin/login/", "/api/v1/cases"])
@pytest.mark.parametrize(("length", "status"), [(101 * 1024 * 1024 + 1, 413), (10**15, 413), (101 * 1024 * 1024, 0)])
def test_what_is_larger_than_any_form_is_not_even_read(
    anybody: Person, address: str, length: int, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakePayload, "read", lambda *_: b"")
    kind = "multipart/form-data; boundary=x"
    answer = anybody.client.generic("POST", address, b"", kind, CONTENT_LENGTH=str(length))
    assert (answer.status_code == 413) == bool(status)
    if status:
        assert "上传内容超过 101 MB" in answer.content.decode()


# Anything at all


@pytest.fixture
def drivers(me: Person, new_driver: Make) -> list[CaseDriver]:
    names = ("draft", "overdue", "returned", "verified", "confirmed", "complaint_old", "appealed")
    return [scenarios.STATES[name](new_driver) for name in names]


def still_well(me: Person, drivers: list[CaseDriver]) -> None:
    """Whatever became of the cases: their pages open, and their records verify."""
    assert [first_chain_flaw(driver.fresh()) for driver in drivers] == [None] * len(drivers)
    for address in ("/", "/cases/", *(path(driver) for driver in drivers)):
        assert me.get(address).status == 200


def test_forms_of_a_case(me: Person, drivers: list[CaseDriver]) -> None:
    @FEW
    @given(st.sampled_from(drivers), ACTIONS, TYPED)
    def sent(driver: CaseDriver, action: str, typed: dict[str, Any]) -> None:
        status = me.post(path(driver, action), typed).status
        assert status in (200, 302), (action, typed)

    sent()
    still_well(me, drivers)


def test_forms_that_fit_better(me: Person, drivers: list[CaseDriver]) -> None:
    """The same, with the fields that the form shows: more of it gets through to the verbs."""
    sensible = {name: FIELDS[name] for name in ("happened_at", "promised_on", "until", "words", "handler")}
    choices = {
        "kind": ["acknowledged", "under_review", "promised", "returned", "reported_done"],
        "reason": ["arrears", "papers", "other", ""],
        "way": ["call", "visit", "app"],
        "method": ["hotline", "call", "account"],
        "finding": ["cancelled", "alive", "inconclusive"],
        "satisfied": ["yes", "no"],
        "accepted": ["yes", "no"],
    }
    moments = st.sampled_from([f"2026-{day}T10:00" for day in ("09-01", "10-01", "10-12", "10-15", "10-16")])
    sensible |= {name: st.sampled_from(values) for name, values in choices.items()}
    sensible["happened_at"] = moments

    @FEW
    @given(st.sampled_from(drivers), ACTIONS, st.fixed_dictionaries(sensible))
    def sent(driver: CaseDriver, action: str, typed: dict[str, Any]) -> None:
        assert me.post(path(driver, action), {**typed, "click": str(uuid.uuid4())}).status in (200, 302), (
            action,
            typed,
        )

    sent()
    still_well(me, drivers)


def test_logging_cards_and_account(me: Person, drivers: list[CaseDriver]) -> None:
    card = f"/cards/{drivers[0].case.card_id}/change/"

    @FEW
    @given(st.sampled_from(["/cases/new/", "/cards/new/", card, "/me/", "/language/", "/teams/switch/"]), TYPED)
    def sent(address: str, typed: dict[str, Any]) -> None:
        assert me.post(address, typed).status in (200, 302), (address, typed)

    sent()


def test_addresses(me: Person, drivers: list[CaseDriver]) -> None:
    asked = st.dictionaries(st.sampled_from([*FIELDS, "q", "page", "card"]), st.one_of(TEXT, *FIELDS.values()))
    pages = ["/", "/cases/", "/cards/", "/cases/new/"]
    parts = ["/cases/new/lookup/", "/cases/new/deadlines/"]

    @FEW
    @given(st.sampled_from([*pages, *parts]), asked)
    def got(address: str, typed: dict[str, Any]) -> None:
        answer = me.post(address, typed) if address in parts else me.get(address, **typed)
        # The cards' address never holds a number in full: it is masked by way of a redirect.
        others = {"/cases/new/": (200, 404), "/cards/": (200, 302)}
        assert answer.status in others.get(address, (200,)), typed

    got()
