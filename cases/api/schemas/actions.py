"""What each verb is sent: a schema that knows its fields and makes the verb; the verb knows the rules."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cases import operations as ops
from cases.api.auth import ApiRequest
from cases.api.lookups import worker
from cases.api.problem_details import ApiError
from cases.api.schemas.fields import Amount, Asked, Code, Day, Flag, Key, Moment, text
from cases.domain.business_days import local
from cases.domain.errors import gettext_noop
from cases.domain.escalation import AppealSubject
from cases.models.choices import ChargeKind, Finding, FollowUpWay, Method, ReturnReason
from cases.operations import Verb
from cases.operations.erasure import Erase, Keep

Words = Annotated[str, text(4000)]
Reason = Annotated[str, text(4000, 1)]
Short = Annotated[str, text(60)]


class DayMissing(ApiError):
    status = 422
    code = "day_missing"
    message = gettext_noop("Enter the day that was promised.")
    field = "promised_on"


class WantedMissing(ApiError):
    status = 422
    code = "wanted_missing"
    message = gettext_noop("Say what the carrier wants.")
    field = "reason"


class ActAsked(Asked):
    """What is sent to do one thing with a case. `guarded`: it needs If-Match, for it changes how the case stands."""

    guarded: ClassVar[bool] = True

    def verb(self, request: ApiRequest) -> Verb:
        raise NotImplementedError(type(self).__name__)


class Happened(ActAsked):
    """Something that happened at a moment; without one, now."""

    happened_at: Moment | None = None

    def at(self, request: ApiRequest) -> datetime:
        return self.happened_at or request.now


class SubmitAsked(Happened):
    """The request was handed in. With `already` false it is held back (409) while required items are open."""

    reference: Annotated[str, text(60), Field(description="The carrier's, 受理单号.")] = ""
    words: Words = ""
    already: Flag = True
    ready: Annotated[list[Code], Field(max_length=20)] = []
    waived: Annotated[dict[Code, Annotated[str, text(500, 1)]], Field(max_length=20)] = {}

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Submit(
            self.at(request), self.reference, self.words, self.already, tuple(self.ready), dict(self.waived)
        )


class ReplyAsked(Happened):
    """The carrier answered. `promised` needs `promised_on`, `returned` needs `reason`."""

    kind: Literal["acknowledged", "under_review", "promised", "returned", "reported_done"]
    promised_on: Day | None = None
    accept_far: Annotated[Flag, Field(description="A promise more than 15 working days ahead is accepted.")] = False
    reason: Annotated[ReturnReason | None, Field(description="What the carrier wants.")] = None
    words: Words = ""
    agent: Short = ""
    reference: Short = ""
    way: Annotated[FollowUpWay | None, Field(description="How it was asked for; empty: it came by itself.")] = None

    def verb(self, request: ApiRequest) -> Verb:
        if self.kind == "promised" and self.promised_on is None:
            raise DayMissing()
        if self.kind == "returned" and self.reason is None:
            raise WantedMissing()
        said = self.model_dump(exclude={"kind", "happened_at", "reason", "way"})
        reason, way = self.reason.value if self.reason else "", self.way.value if self.way else ""
        return ops.reply(self.kind, **said | {"promised_on": self.promised_on, "reason": reason, "way": way},
                         at=self.at(request))  # fmt: skip


class FollowUpAsked(Happened):
    """We called, went or wrote, and no answer came that counts. It moves no deadline."""

    guarded = False
    way: FollowUpWay = FollowUpWay.CALL
    words: Words = ""
    agent: Short = ""
    reference: Short = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.FollowUp(self.at(request), self.way.value, self.words, self.agent, self.reference)


class VerifyAsked(Happened):
    """Somebody checked whether the number is cancelled; `confirm` closes the case if it is."""

    method: Method
    finding: Finding
    words: Words = ""
    confirm: Flag = False

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Verify(self.at(request), self.method.value, self.finding.value, self.words, self.confirm)


class WordsAsked(ActAsked):
    words: Words = ""


class ConfirmAsked(WordsAsked):
    """Closed as cancelled, by a check that found it so."""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Confirm(self.words)


class WithdrawAsked(WordsAsked):
    """The card is not to be cancelled after all."""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Withdraw(self.words)


class ReopenAsked(ActAsked):
    """Closed too early; the reason is needed."""

    words: Reason

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Reopen(self.words)


class CorrectAsked(ActAsked):
    """The moment of submission was logged wrongly; every deadline follows."""

    happened_at: Moment
    words: Reason

    def verb(self, request: ApiRequest) -> Verb:
        return ops.CorrectSubmission(self.happened_at, self.words)


class ComplainAsked(Happened):
    """A formal complaint was lodged with the carrier, which has 15 days to answer it."""

    reference: Short = ""
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Complain(self.at(request), self.reference, self.words)


class AnswerAsked(Happened):
    satisfied: Annotated[Flag, Field(description="Whether the answer settles it.")]
    words: Words = ""


class ComplaintAnswerAsked(AnswerAsked):
    """The carrier answered the complaint."""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.ComplaintAnswered(self.at(request), self.satisfied, self.words)


class AppealAnswerAsked(AnswerAsked):
    """The appeal body answered."""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.AppealAnswered(self.at(request), self.satisfied, self.words)


class AppealAsked(Happened):
    """An appeal's papers arrived. `anyway`: it was lodged although it is too early or too late."""

    about: AppealSubject = AppealSubject.OTHER
    anyway: Flag = False
    reference: Short = ""
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Appeal(self.at(request), self.reference, self.words, about=self.about, anyway=self.anyway)


class AppealDecisionAsked(Happened):
    """The appeal body takes it up, or does not."""

    accepted: Flag
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.AppealDecided(self.at(request), self.accepted, self.words)


class SnoozeAsked(ActAsked):
    """No reminders before `until`; null: remind again."""

    guarded = False
    until: Day | None
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Snooze(self.until, self.words)


class HandOverAsked(ActAsked):
    """Somebody else looks after it (`/members`), or null: nobody in particular."""

    handler: Key | None
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.HandOver(worker(request, self.handler), self.words)


class ChecklistAsked(ActAsked):
    """One item is done, waived with its reason in `words`, or with an empty state open again."""

    guarded = False
    code: Code
    state: Literal["done", "waived", ""] = "done"
    words: Annotated[str, text(500)] = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.MarkItem(self.code, self.state, self.words)


class ChargeAsked(ActAsked):
    """The carrier asked for money or took it, on a day (without one: today)."""

    guarded = False
    amount: Amount
    what: ChargeKind = ChargeKind.FEE
    day: Day | None = None
    words: Annotated[str, text(500)] = ""

    def charge(self, request: ApiRequest) -> ops.NewCharge:
        return ops.NewCharge(self.amount, self.day or local(request.now).date(), self.what.value, self.words)

    def verb(self, request: ApiRequest) -> Verb:
        return ops.NoteCharge(self.charge(request))


class BillAsked(Happened):
    """Somebody looked at the bill after the cancellation, and found nothing or a charge."""

    guarded = False
    charge: ChargeAsked | None = None
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.CheckBill(self.at(request), self.charge.charge(request) if self.charge else None, self.words)


class KeepAsked(ActAsked):
    """A closed case is kept for good, for a reason; or is erased like the others. For managers."""

    keep: Flag
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        return Keep(self.keep, self.words)


class EraseAsked(ActAsked):
    """Papers, words and number of a closed case go now and do not come back. For managers."""

    sure: Literal[True]

    def verb(self, request: ApiRequest) -> Verb:
        return Erase()


class RefundAsked(ActAsked):
    """A charge came back on a day."""

    guarded = False
    on: Day
    words: Words = ""
