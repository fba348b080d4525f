"""Cases that were cancelled, with what was charged, paid back, billed and disputed: made by a seed, without a record.

Moments and days lie close to the ends of months, where the rules turn.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from cases.models import Bill, BillFinding, Card, Carrier, Case, Charge, Refund, Team, User, Verification
from tests.helpers import at, on

#: Around midnight in Beijing and at the ends of months; the last is the day of the tests.
MOMENTS = [
    at(text)
    for text in (
        "2025-06-30T23:59:59", "2025-07-01T00:00", "2025-10-31T23:59:59", "2025-12-31T23:59:59", "2026-01-01T00:00",
        "2026-01-01T07:59:59", "2026-01-31T12:00", "2026-03-01T00:00", "2026-08-31T23:59:59", "2026-09-01T00:00",
        "2026-09-30T08:00", "2026-09-30T23:59:59", "2026-10-01T00:00", "2026-10-01T08:00", "2026-10-15T10:00",
    )
]  # fmt: skip
MONTHS = [on(text) for text in ("2025-07-01", "2025-12-01", "2026-01-01", "2026-09-01", "2026-10-01", "2026-11-01")]
DEPARTMENTS = ["", "电销一部", "电销二部"]
FEES = [None, "0", "8.00", "19.90", "0.10", "100"]


@dataclass
class History:
    """Makes rows of teams by chance."""

    chance: Random
    user: User
    carriers: list[Carrier]
    numbers: count = None  # type: ignore[type-arg,assignment]

    def __post_init__(self) -> None:
        self.numbers = count(13_900_000_000)

    def of_team(self, team: Team, cards: int) -> None:
        for _ in range(cards):
            self.card(team)
        for _ in range(self.chance.randrange(4)):
            self.bill(team)

    def card(self, team: Team) -> None:
        fee = self.chance.choice(FEES)
        card = Card.objects.create(
            team=team,
            carrier=self.chance.choice(self.carriers),
            number=str(next(self.numbers)),
            department=self.chance.choice(DEPARTMENTS),
            monthly_fee=Decimal(fee) if fee else None,
        )
        statuses = self.chance.choice(
            [["confirmed"]] * 5
            + [["confirmed", "confirmed"], ["confirmed", "draft"], ["draft"], ["confirmed", "withdrawn"]]
        )
        for status in statuses:
            self.case(card, status)

    def case(self, card: Card, status: str) -> None:
        case = Case.objects.create(
            team=card.team,
            card=card,
            carrier=self.chance.choice([card.carrier, *self.carriers]),
            reason=self.chance.choice(["cost", "harassment"]),
            channel="app",
            created_at=MOMENTS[0],
        )
        if status == "confirmed":
            moment = self.chance.choice(MOMENTS)
            case.verification = Verification.objects.create(
                case=case, submission=1, method="call", finding="cancelled", happened_at=moment, recorded_at=moment
            )
            case.confirmed_at = case.closed_at = moment
            case.bill_checked_at = self.chance.choice([None, None, MOMENTS[-1]])
        case.status = status
        case.save()
        for _ in range(self.chance.choice([0, 0, 1, 2])):
            self.charge(case, case.confirmed_at or MOMENTS[0])
        if case.confirmed_at and self.chance.random() < 0.4:
            self.refund(case)

    def charge(self, case: Case, around: datetime) -> None:
        day = (around + timedelta(hours=8)).date() + timedelta(days=self.chance.choice([-30, -1, 0, 1, 30]))
        end = self.chance.choice(["", "refunded_on", "written_off_on"])
        Charge.objects.create(
            case=case,
            kind="fee",
            amount=Decimal(self.chance.choice(["0.10", "19.90", "29"])),
            day=day,
            recorded_at=around,
            **({end: self.chance.choice(days_around(MONTHS))} if end else {}),
        )

    def refund(self, case: Case) -> None:
        """Open, of a sum that may not be known, or closed; something of it may have come."""
        is_open = self.chance.random() < 0.5
        received_on = self.chance.choice([None, *days_around(MONTHS[:-1])])
        refund = Refund.objects.create(
            case=case,
            amount=self.chance.choice([None, Decimal("50.00"), Decimal("20.10")]),
            due_on=MONTHS[-1],
            due_basis="working_days",
            received=Decimal(self.chance.choice(["0.10", "20.00"])) if received_on else Decimal(),
            received_on=received_on,
            closed_on=None if is_open else MONTHS[-2],
            recorded_at=MOMENTS[-1],
        )
        if is_open:
            Case.objects.filter(pk=case.pk).update(refund_due_on=refund.due_on)

    def bill(self, team: Team) -> None:
        month = self.chance.choice(MONTHS)
        bill = Bill.objects.create(
            team=team,
            carrier=self.chance.choice([*self.carriers, None]),
            month=month,
            name="synthetic.csv",
            sha256=f"{next(self.numbers):064}",
            size=1,
            lines=1,
            total=1,
            made_at=MOMENTS[-1],
            made_by=self.user,
        )
        for case in Case.objects.filter(team=team):
            if self.chance.random() < 0.2:
                kinds = ["charged_after_cancellation", "fee_differs", "no_use"]
                BillFinding.objects.create(
                    bill=bill,
                    kind=self.chance.choice(kinds),
                    card=case.card,
                    case=case,
                    amount=Decimal(self.chance.choice(["-5.00", "5.00", "0.10"])),
                    state=self.chance.choice(["open", "disputed", "charged", "all_right"]),
                )


def days_around(days: list[date]) -> list[date]:
    return [day + timedelta(days=step) for day in days for step in (-1, 0)]
