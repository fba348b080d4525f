"""An operator before the admin, in English, on Friday 2026-10-16 at 10:00 in Beijing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from cases.models import Carrier, Case, User
from cases.operations import ReceiptUpload, ReportedDone, Verify, attach_receipts, perform_one
from tests.helpers import CaseDriver, at, with_second_factor
from tests.moments import NOW


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def operator(db: None) -> User:
    user = User.objects.create_superuser("operator@example.com", "correct horse", name="Olga Operator", language="en")
    return with_second_factor(user)


@pytest.fixture
def admin_page(client: Client, operator: User, clock: Any) -> Client:
    """A browser in which the operator is signed in."""
    client.force_login(operator)
    return client


@pytest.fixture
def landscape(new_driver: Callable[..., CaseDriver], manager: User, clock: Any) -> dict[str, Case]:
    """One case of each standing, seen on 2026-10-16 at 10:00 (10-10 was a working Saturday)."""
    slow = Carrier.objects.create(slug="slow", name="慢", name_en="Slow", hotline="10000", reply_days=60)

    def make(number: str, submitted: str | None, **options: Any) -> Case:
        return new_driver(number, submitted=submitted, now=submitted or "2026-10-15T09:00", **options).case

    def confirmed(number: str) -> Case:
        case = make(number, "2026-10-12T09:00")
        check = Verify(at("2026-10-13T11:00"), method="hotline", finding="cancelled", confirm=True)
        return perform_one(check, case, by=manager, now=at("2026-10-13T11:00"))

    cases = {
        "draft": make("13900000001", None),
        "late_3": make("13900000002", "2026-09-30T15:00"),  # answer due by the end of 10-13
        "late_1": make("13900000003", "2026-10-09T10:00"),  # by the end of 10-15
        "today": make("13900000004", "2026-10-10T10:00"),  # by the end of 10-16
        "waiting": make("13900000005", "2026-10-12T10:00"),  # by the end of 10-19
        "to_verify": make("13900000006", "2026-10-12T10:00"),
        "provisional": make("13900000007", "2026-10-12T10:00", carrier=slow),  # 60 working days: January 2027
        "confirmed": confirmed("13900000008"),
        "proven": confirmed("13900000009"),
    }
    done_at = at("2026-10-15T16:00")
    cases["to_verify"] = perform_one(ReportedDone(done_at), cases["to_verify"], by=manager, now=done_at)
    attach_receipts(
        cases["proven"], ReceiptUpload("sms", text="您的号码已销户"), by=manager, now=at("2026-10-13T12:00")
    )
    return cases
