"""What the carrier answered. `at` is when it did, `agent` who spoke (工号), `words` what was said.

`way` is set when it was asked for by a call, a visit or online: then we followed up as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from cases.domain.business_days import local, local_iso
from cases.domain.costs import FEN
from cases.domain.deadlines import PROMISE_HORIZON_DAYS, Basis, effective_day, is_promise_far
from cases.domain.errors import (
    CaseError,
    EffectiveDayInThePast,
    EffectiveDayMissing,
    PromisedDayMissing,
    PromiseFarAhead,
    PromiseInThePast,
    ReturnReasonMissing,
)
from cases.domain.json_values import JsonObject
from cases.domain.status import STATUSES_WITH_CARRIER, Status
from cases.models.choices import EntryKind
from cases.operations.charges import check_amount
from cases.operations.engine.decoding import decode
from cases.operations.engine.verb import Verb, Work
from cases.operations.next_reminder import end_snooze
from cases.operations.waiting_rounds import end_round, renew_round


@dataclass(frozen=True)
class Reply(Verb):
    """An answer of the carrier; the subclasses say which."""

    at: datetime
    words: str = ""
    agent: str = ""
    reference: str = ""
    way: str = ""
    #: What this kind of answer cannot do without, and the error that says so.
    required: ClassVar[Mapping[str, type[CaseError]]] = {}

    def __post_init__(self) -> None:
        """Raises the error of what is missing."""
        for name, error in self.required.items():
            if not getattr(self, name):
                raise error()

    def apply(self, work: Work) -> None:
        case = work.case
        work.require_status(*STATUSES_WITH_CARRIER)
        work.check_moment(self.at)
        self.effect(work)
        case.last_reply_at = max(self.at, case.last_reply_at or self.at)
        case.carrier_reference = self.reference or case.carrier_reference
        if self.way:
            work.record_follow_up(self.at)
            work.content["way"] = str(self.way)
        reply_content = {
            "at": local_iso(self.at),
            "words": self.words,
            "agent": self.agent,
            "reference": self.reference,
        }
        work.content |= reply_content

    def effect(self, work: Work) -> None:
        """What this answer does to the status and the rounds."""
        raise NotImplementedError(type(self).__name__)


@dataclass(frozen=True)
class Acknowledged(Reply):
    """The carrier registered the request. It settles the missing acknowledgement; the round goes on."""

    kind: ClassVar[EntryKind] = EntryKind.ACKNOWLEDGED
    guarded: ClassVar[bool] = False

    def effect(self, work: Work) -> None:
        work.case.acknowledged_at = min(self.at, work.case.acknowledged_at or self.at)


@dataclass(frozen=True)
class UnderReview(Reply):
    """The carrier says that it is looking at it. The first time buys it time, the same answer again does not."""

    kind: ClassVar[EntryKind] = EntryKind.UNDER_REVIEW

    def effect(self, work: Work) -> None:
        if work.case.state is Status.SUBMITTED:
            work.change_status(Status.UNDER_REVIEW)
            renew_round(work, Basis.UNDER_REVIEW, self.at)
        elif work.case.reported_done_at:
            renew_round(work, Basis.UNDER_REVIEW, self.at)


@dataclass(frozen=True)
class Promised(Reply):
    """The carrier promised to be done by the end of a day; the next round rests on that, even if it is earlier."""

    promised_on: date | None = None
    accept_far: bool = False
    kind: ClassVar[EntryKind] = EntryKind.PROMISED
    required: ClassVar[Mapping[str, type[CaseError]]] = {"promised_on": PromisedDayMissing}

    @classmethod
    def from_content(cls, content: JsonObject) -> Self:
        return decode(cls, {**content, "accept_far": True})  # it was accepted, or it would not be in the record

    def effect(self, work: Work) -> None:
        assert self.promised_on is not None  # `required`
        answered_on = local(self.at).date()
        if self.promised_on < answered_on:
            raise PromiseInThePast()
        if is_promise_far(self.promised_on, answered_on, work.calendar) and not self.accept_far:
            raise PromiseFarAhead(days=PROMISE_HORIZON_DAYS)
        renew_round(work, Basis.PROMISE, self.at, named_day=self.promised_on)
        work.content["promised_on"] = self.promised_on.isoformat()


@dataclass(frozen=True)
class TakesEffect(Reply):
    """The carrier agreed, and the cancellation takes effect on a day, until which it can be revoked (预销户, 待销户).

    Without the day it is the carrier's own term: `roaming` says whether roaming was used, which puts it off by a
    month. EffectiveDayMissing where neither is known.
    """

    effective_on: date | None = None
    roaming: bool = False
    kind: ClassVar[EntryKind] = EntryKind.TAKES_EFFECT

    def effect(self, work: Work) -> None:
        answered_on = local(self.at).date()
        effective_on = self.effective_on
        if effective_on is None:
            if work.case.carrier.effect_day is None:
                raise EffectiveDayMissing()
            effective_on = effective_day(answered_on, work.case.carrier.effect_day, roaming=self.roaming)
        if effective_on < answered_on:
            raise EffectiveDayInThePast()
        renew_round(work, Basis.TAKES_EFFECT, self.at, named_day=effective_on)
        work.content["effective_on"] = effective_on.isoformat()
        if self.effective_on is None:
            work.content["roaming"] = self.roaming


@dataclass(frozen=True)
class Returned(Reply):
    """The carrier refused, or wants something first: it is our turn, no deadline runs.

    `owed` (yuan): what it wants paid first, where it named a sum; AmountRefused where that is none.
    """

    reason: str = ""
    owed: Decimal | None = None
    kind: ClassVar[EntryKind] = EntryKind.RETURNED
    required: ClassVar[Mapping[str, type[CaseError]]] = {"reason": ReturnReasonMissing}

    def effect(self, work: Work) -> None:
        case = work.case
        work.change_status(Status.RETURNED)
        end_round(work, self.at)
        case.reported_done_at = case.verification = None
        case.returned_at = self.at
        end_snooze(case)
        case.return_reason = self.reason
        work.content["reason"] = str(self.reason)
        if self.owed is not None:
            check_amount(self.owed)
            work.content["owed"] = str(self.owed.quantize(FEN))


@dataclass(frozen=True)
class ReportedDone(Reply):
    """The carrier says that the number is cancelled: the round ends, and it is for us to make sure.

    A late entry, older than the round that runs, changes nothing: since then it was promised, or found alive.
    """

    kind: ClassVar[EntryKind] = EntryKind.REPORTED_DONE

    def effect(self, work: Work) -> None:
        running_round = work.running_round
        if running_round and self.at >= running_round.started_at:
            end_round(work, self.at)
            work.case.reported_done_at = self.at
            end_snooze(work.case)


REPLIES: dict[str, type[Reply]] = {
    verb.kind.value: verb for verb in (Acknowledged, UnderReview, Promised, TakesEffect, Returned, ReportedDone)
}


def make_reply(kind: str, **fields: Any) -> Reply:
    """The reply of this kind (a key of REPLIES), with those of the fields that it has.

    Raises PromisedDayMissing and ReturnReasonMissing.
    """
    verb = REPLIES[kind]
    return verb(**{name: value for name, value in fields.items() if name in verb.__dataclass_fields__})
