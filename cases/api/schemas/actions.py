"""What each verb is sent: a schema that knows its fields and makes the verb; the verb knows the rules."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cases import operations as ops
from cases.api.lookups import get_handler
from cases.api.request import ApiRequest
from cases.api.schemas.fields import Amount, Bool, DateTime, Day, Id, ItemCode, SchemaIn, bounded_text
from cases.domain.business_days import local
from cases.domain.escalation import AppealSubject
from cases.models.choices import ChargeKind, Finding, FollowUpWay, Method, ReturnReason
from cases.operations import Verb
from cases.operations.erasure import Erase, Retain

Words = Annotated[str, bounded_text(4000)]
RequiredWords = Annotated[str, bounded_text(4000, 1)]
ShortText = Annotated[str, bounded_text(60)]


class ActionIn(SchemaIn):
    """What is sent to do one thing with a case. `guarded`: it needs If-Match, for it changes how the case stands."""

    requires_if_match: ClassVar[bool] = True

    def verb(self, request: ApiRequest) -> Verb:
        raise NotImplementedError(type(self).__name__)


class HappenedAtIn(ActionIn):
    """Something that happened at a moment; without one, now."""

    happened_at: DateTime | None = None

    def at(self, request: ApiRequest) -> datetime:
        return self.happened_at or request.now


class SubmitIn(HappenedAtIn):
    """The request was handed in. With `already` false it is held back (409) while required items are open."""

    reference: Annotated[str, bounded_text(60), Field(description="The carrier's, 受理单号.")] = ""
    words: Words = ""
    already: Bool = True
    ready: Annotated[list[ItemCode], Field(max_length=20)] = []
    waived: Annotated[dict[ItemCode, Annotated[str, bounded_text(500, 1)]], Field(max_length=20)] = {}

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Submit(
            self.at(request), self.reference, self.words, self.already, tuple(self.ready), dict(self.waived)
        )


class ReplyIn(HappenedAtIn):
    """The carrier answered. `promised` needs `promised_on`, `returned` needs `reason`."""

    kind: Literal["acknowledged", "under_review", "promised", "returned", "reported_done"]
    promised_on: Day | None = None
    accept_far: Annotated[Bool, Field(description="A promise more than 15 working days ahead is accepted.")] = False
    reason: Annotated[ReturnReason | None, Field(description="What the carrier wants.")] = None
    words: Words = ""
    agent: ShortText = ""
    reference: ShortText = ""
    way: Annotated[FollowUpWay | None, Field(description="How it was asked for; empty: it came by itself.")] = None

    def verb(self, request: ApiRequest) -> Verb:
        reply_fields = self.model_dump(exclude={"kind", "happened_at", "reason", "way"})
        reason, way = self.reason.value if self.reason else "", self.way.value if self.way else ""
        reply_fields |= {"promised_on": self.promised_on, "reason": reason, "way": way}
        return ops.make_reply(self.kind, **reply_fields, at=self.at(request))


class FollowUpIn(HappenedAtIn):
    """We called, went or wrote, and no answer came that counts. It moves no deadline."""

    requires_if_match = False
    way: FollowUpWay = FollowUpWay.CALL
    words: Words = ""
    agent: ShortText = ""
    reference: ShortText = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.FollowUp(self.at(request), self.way.value, self.words, self.agent, self.reference)


class VerifyIn(HappenedAtIn):
    """Somebody checked whether the number is cancelled; `confirm` closes the case if it is."""

    method: Method
    finding: Finding
    words: Words = ""
    confirm: Bool = False

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Verify(self.at(request), self.method.value, self.finding.value, self.words, self.confirm)


class WordsIn(ActionIn):
    words: Words = ""


class ConfirmIn(WordsIn):
    """Closed as cancelled, by a check that found it so."""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Confirm(self.words)


class WithdrawIn(WordsIn):
    """The card is not to be cancelled after all."""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Withdraw(self.words)


class ReopenIn(ActionIn):
    """Closed too early; the reason is needed."""

    words: RequiredWords

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Reopen(self.words)


class CorrectIn(ActionIn):
    """The moment of submission was logged wrongly; every deadline follows."""

    happened_at: DateTime
    words: RequiredWords

    def verb(self, request: ApiRequest) -> Verb:
        return ops.CorrectSubmission(self.happened_at, self.words)


class ComplainIn(HappenedAtIn):
    """A formal complaint was lodged with the carrier, which has 15 days to answer it."""

    reference: ShortText = ""
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Complain(self.at(request), self.reference, self.words)


class AnswerIn(HappenedAtIn):
    satisfied: Annotated[Bool, Field(description="Whether the answer settles it.")]
    words: Words = ""


class ComplaintAnswerIn(AnswerIn):
    """The carrier answered the complaint."""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.ComplaintAnswered(self.at(request), self.satisfied, self.words)


class AppealAnswerIn(AnswerIn):
    """The appeal body answered."""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.AppealAnswered(self.at(request), self.satisfied, self.words)


class AppealIn(HappenedAtIn):
    """An appeal's papers arrived. `anyway`: it was lodged although it is too early or too late."""

    about: AppealSubject = AppealSubject.OTHER
    anyway: Bool = False
    reference: ShortText = ""
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Appeal(self.at(request), self.reference, self.words, about=self.about, anyway=self.anyway)


class AppealDecisionIn(HappenedAtIn):
    """The appeal body takes it up, or does not."""

    accepted: Bool
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.AppealDecided(self.at(request), self.accepted, self.words)


class SnoozeIn(ActionIn):
    """No reminders before `until`; null: remind again."""

    requires_if_match = False
    until: Day | None
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Snooze(self.until, self.words)


class HandOverIn(ActionIn):
    """Somebody else looks after it (`/members`), or null: nobody in particular."""

    handler: Id | None
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.HandOver(get_handler(request, self.handler), self.words)


class ChecklistIn(ActionIn):
    """One item is done, waived with its reason in `words`, or with an empty state open again."""

    requires_if_match = False
    code: ItemCode
    state: Literal["done", "waived", ""] = "done"
    words: Annotated[str, bounded_text(500)] = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.MarkItem(self.code, self.state, self.words)


class ChargeIn(ActionIn):
    """The carrier asked for money or took it, on a day (without one: today)."""

    requires_if_match = False
    amount: Amount
    what: ChargeKind = ChargeKind.FEE
    day: Day | None = None
    words: Annotated[str, bounded_text(500)] = ""

    def new_charge(self, request: ApiRequest) -> ops.NewCharge:
        return ops.NewCharge(self.amount, self.day or local(request.now).date(), self.what.value, self.words)

    def verb(self, request: ApiRequest) -> Verb:
        return ops.RecordCharge(self.new_charge(request))


class BillIn(HappenedAtIn):
    """Somebody looked at the bill after the cancellation, and found nothing or a charge."""

    requires_if_match = False
    charge: ChargeIn | None = None
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.CheckBill(self.at(request), self.charge.new_charge(request) if self.charge else None, self.words)


class KeepIn(ActionIn):
    """A closed case is kept for good, for a reason; or is erased like the others. For managers."""

    keep: Bool
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return Retain(self.keep, self.words)


class EraseIn(ActionIn):
    """Papers, words and number of a closed case go now and do not come back. For managers."""

    sure: Literal[True]

    def verb(self, request: ApiRequest) -> Verb:
        return Erase()


class RefundIn(ActionIn):
    """A charge came back on a day."""

    requires_if_match = False
    on: Day
    words: Words = ""
