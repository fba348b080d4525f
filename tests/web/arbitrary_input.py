"""Values for the fields of forms, sensible and not, for property tests."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from cases.web.actions import FORMS

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
