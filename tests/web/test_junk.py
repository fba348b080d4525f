"""Whatever is sent to a form or an address, it is answered with a page and never with a 500."""

import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.operations.integrity import first_chain_flaw
from cases.web.actions import FORMS
from tests.helpers import Desk
from tests.web import cases
from tests.web.cases import Make
from tests.web.page import Person
from tests.web.test_case_page import path

FEW = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TEXT = st.text(max_size=40)
MOMENTS = st.one_of(
    st.datetimes().map(lambda moment: moment.isoformat(timespec="minutes")),
    st.sampled_from(["2026-10-16T10:00", "2026-10-15T09:00", "2026-02-30T10:00", "0000-00-00T00:00", "2026-10-16"]),
    TEXT,
)
DAYS = st.one_of(st.dates().map(str), st.sampled_from(["2026-10-20", "2027-12-31", "2028-01-01"]), TEXT)
NUMBERS = st.one_of(st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.from_regex(r"14\d{11}", fullmatch=True), TEXT)
KEYS = st.one_of(st.integers().map(str), TEXT)
WORDS = """
acknowledged under_review promised returned reported_done call visit app hotline account cancelled alive inconclusive
yes no arrears other done waived identity cost branch marketing sms form submit draft
"""
CHOICES = st.one_of(st.sampled_from(WORDS.split()), TEXT)
CHOSEN = """
kind way method finding reason channel satisfied accepted accept_far confirm code state press purpose ready standing
status sort language
"""
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "happened_at": MOMENTS,
    "submitted_at": MOMENTS,
    "promised_on": DAYS,
    "until": DAYS,
    "contract_end": DAYS,
    "number": NUMBERS,
    "carrier": KEYS,
    "handler": KEYS,
    "seen": KEYS,
    "click": st.one_of(st.uuids(version=4).map(str), TEXT),
    "monthly_fee": st.one_of(st.floats().map(str), st.decimals().map(str), TEXT),
    **dict.fromkeys(["words", "agent", "reference", "text", "holder", "plan", "name"], TEXT),
    **dict.fromkeys(CHOSEN.split(), CHOICES),
}
TYPED = st.fixed_dictionaries({}, optional=FIELDS)
ACTIONS = st.sampled_from([*FORMS, "checklist", "receipts"])


@pytest.fixture
def desks(me: Person, desk_of: Make) -> list[Desk]:
    names = ("draft", "overdue", "returned", "verified", "confirmed", "complaint_old", "appealed")
    return [cases.STATES[name](desk_of) for name in names]


def still_well(me: Person, desks: list[Desk]) -> None:
    """Whatever became of the cases: their pages open, and their records verify."""
    assert [first_chain_flaw(desk.fresh()) for desk in desks] == [None] * len(desks)
    for address in ("/", "/cases/", *(path(desk) for desk in desks)):
        assert me.get(address).status == 200


def test_forms_of_a_case(me: Person, desks: list[Desk]) -> None:
    @FEW
    @given(st.sampled_from(desks), ACTIONS, TYPED)
    def sent(desk: Desk, action: str, typed: dict[str, Any]) -> None:
        status = me.post(path(desk, action), typed).status
        assert status in (200, 302), (action, typed)

    sent()
    still_well(me, desks)


def test_forms_that_fit_better(me: Person, desks: list[Desk]) -> None:
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
    @given(st.sampled_from(desks), ACTIONS, st.fixed_dictionaries(sensible))
    def sent(desk: Desk, action: str, typed: dict[str, Any]) -> None:
        assert me.post(path(desk, action), {**typed, "click": str(uuid.uuid4())}).status in (200, 302), (action, typed)

    sent()
    still_well(me, desks)


def test_logging_cards_and_account(me: Person, desks: list[Desk]) -> None:
    card = f"/cards/{desks[0].case.card_id}/change/"

    @FEW
    @given(st.sampled_from(["/cases/new/", "/cards/new/", card, "/me/", "/language/", "/teams/switch/"]), TYPED)
    def sent(address: str, typed: dict[str, Any]) -> None:
        assert me.post(address, typed).status in (200, 302), (address, typed)

    sent()


def test_addresses(me: Person, desks: list[Desk]) -> None:
    asked = st.dictionaries(st.sampled_from([*FIELDS, "q", "page", "card"]), st.one_of(TEXT, *FIELDS.values()))
    pages = ["/", "/cases/", "/cards/", "/cases/new/"]
    parts = ["/cases/new/lookup/", "/cases/new/deadlines/"]

    @FEW
    @given(st.sampled_from([*pages, *parts]), asked)
    def got(address: str, typed: dict[str, Any]) -> None:
        answer = me.post(address, typed) if address in parts else me.get(address, **typed)
        assert answer.status in ((200, 404) if address == "/cases/new/" else (200,)), typed

    got()
