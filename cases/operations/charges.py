"""Money: charges, refunds, and the check of the bill after the cancellation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from cases.domain.business_days import local, local_iso
from cases.domain.costs import (
    FEN,
    AmountRefused,
    BeforeCharge,
    BeforeConfirmation,
    NothingToRefund,
    is_after_cancellation,
    is_final_bill_out,
)
from cases.domain.errors import DayInTheFuture
from cases.domain.json_values import Json, JsonObject
from cases.domain.status import OPEN_STATUSES, Status
from cases.models import Charge
from cases.models.choices import ChargeKind, EntryKind
from cases.operations.engine.decoding import decode
from cases.operations.engine.verb import Verb, Work

#: What the column holds.
_AMOUNT_LIMIT = Decimal(10) ** 8


def check_amount(amount: Decimal) -> None:
    """Raise AmountRefused for what is no sum of money (yuan): not above 0, too much, or with parts of a fen."""
    if not 0 < amount < _AMOUNT_LIMIT or amount != amount.quantize(FEN):
        raise AmountRefused()


@dataclass(frozen=True)
class NewCharge:
    """A charge to record: `what` it was for (ChargeKind), yuan, and its day (Shanghai)."""

    amount: Decimal
    day: date
    what: str = ChargeKind.FEE
    words: str = ""
    content_names: ClassVar[Mapping[str, str]] = {"what": "charged_for"}

    def entry_content(self, work: Work) -> dict[str, Json]:
        """What a timeline entry says of the charge; raises AmountRefused, DayInTheFuture."""
        check_amount(self.amount)
        if self.day > local(work.now).date():
            raise DayInTheFuture()
        content: dict[str, Json] = {
            "charged_for": str(self.what),
            "amount": str(self.amount.quantize(FEN)),
            "day": self.day.isoformat(),
        }
        if is_after_cancellation(self.day, work.case.confirmed_at, whole_month=work.case.carrier.bills_whole_month):
            content["after_cancellation"] = True
        return content

    def to_row(self, work: Work) -> Charge:
        return Charge(
            case=work.case,
            kind=self.what,
            amount=self.amount,
            day=self.day,
            words=self.words[:500],
            recorded_at=work.now,
            sequence=work.sequence,
        )

    @classmethod
    def from_content(cls, content: JsonObject) -> "NewCharge":
        """As `entry_content` wrote it, with the words beside it."""
        return decode(cls, content)


@dataclass(frozen=True)
class RecordCharge(Verb):
    """The carrier demanded or took money, before the request, during it, or after the cancellation."""

    charge: NewCharge
    kind: ClassVar[EntryKind] = EntryKind.CHARGE
    guarded: ClassVar[bool] = False

    @classmethod
    def from_content(cls, content: JsonObject) -> "RecordCharge":
        return cls(NewCharge.from_content(content))

    def apply(self, work: Work) -> None:
        work.require_status(*OPEN_STATUSES, Status.CONFIRMED)
        work.content |= {**self.charge.entry_content(work), "words": self.charge.words}
        work.add(self.charge.to_row(work))


@dataclass(frozen=True)
class RecordRefund(Verb):
    """A charge (its key) was refunded on a day, or is `written_off` on it: given up, for a reason.

    Raises NothingToRefund, BeforeCharge, DayInTheFuture, ReasonMissing.
    """

    charge_id: int
    on: date
    words: str = ""
    #: In the record a charge is named by the entry that recorded it.
    charge: int | None = None
    written_off: bool = False
    kind: ClassVar[EntryKind] = EntryKind.REFUND
    guarded: ClassVar[bool] = False

    @classmethod
    def from_content(cls, content: JsonObject) -> "RecordRefund":
        is_written_off = "written_off_on" in content
        on = content["written_off_on" if is_written_off else "refunded_on"]
        return decode(cls, {**content, "charge_id": 0, "on": on, "written_off": is_written_off})

    def apply(self, work: Work) -> None:
        charge = next((row for row in work.charges if self._is_meant(row) and row.is_open), None)
        if charge is None:
            raise NothingToRefund()
        if self.written_off:
            work.kind = EntryKind.CHARGE_WRITTEN_OFF
            work.require_reason(self.words)
        if self.on < charge.day:
            raise BeforeCharge(day=charge.day)
        if self.on > local(work.now).date():
            raise DayInTheFuture()
        ended_on = "written_off_on" if self.written_off else "refunded_on"
        work.content |= {
            "charged_for": charge.kind,
            "amount": str(charge.amount),
            "day": charge.day.isoformat(),
            ended_on: self.on.isoformat(),
            "charge": charge.sequence,
            "words": self.words,
        }
        setattr(charge, ended_on, self.on)
        work.changed_rows.append(charge)

    def _is_meant(self, row: Charge) -> bool:
        return row.pk == self.charge_id if self.charge is None else row.sequence == self.charge


@dataclass(frozen=True)
class CheckBill(Verb):
    """Somebody checked the bill of a cancelled number; `charge`: what it shows, None for nothing.

    Settled by a look in a later month than that of the cancellation: its bill comes with the next. An earlier look
    is recorded, and the reminder comes all the same.
    """

    at: datetime
    charge: NewCharge | None = None
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.BILL
    guarded: ClassVar[bool] = False

    @classmethod
    def from_content(cls, content: JsonObject) -> "CheckBill":
        charge = None
        if content["bill"] == "charge":
            charge = NewCharge.from_content({**content, "words": content.get("charge_words", content["words"])})
        return cls(datetime.fromisoformat(str(content["at"])), charge)

    def apply(self, work: Work) -> None:
        case = work.case
        work.require_status(Status.CONFIRMED)
        assert case.confirmed_at is not None
        work.check_not_future(self.at)
        if self.at < case.confirmed_at:
            raise BeforeConfirmation(confirmed_at=local(case.confirmed_at))
        if is_final_bill_out(case.confirmed_at, self.at):
            case.bill_checked_at = max(self.at, case.bill_checked_at or self.at)
        work.content |= {
            "at": local_iso(self.at),
            "bill": "charge" if self.charge else "nothing",
            **(self.charge.entry_content(work) if self.charge else {}),
            "words": self.words,
        }
        if self.charge and self.charge.words != self.words:
            work.content["charge_words"] = self.charge.words  # a program may note something else on each
        if self.charge:
            work.add(self.charge.to_row(work))
