"""A story: what was done to one case, or to some that went the same way together, act by act."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from random import Random

from cases.domain import checklist
from cases.domain.checklist import Audience
from cases.management.demo import sample_files
from cases.management.demo.clock import DemoClock
from cases.management.demo.texts import Phrases
from cases.models import Carrier, Team, User
from cases.models.choices import (
    Finding,
    FollowUpWay,
    Method,
    Reason,
    ReceiptKind,
    RefundWay,
    RequestChannel,
    ReturnReason,
)
from cases.operations import (
    Acknowledged,
    Appeal,
    AppealAnswered,
    AppealDecided,
    CheckBill,
    Complain,
    ComplaintAnswered,
    CorrectSubmission,
    ExpectRefund,
    FollowUp,
    HandOver,
    MarkItem,
    Promised,
    PromiseRefund,
    ReceiptUpload,
    ReceiveRefund,
    Reopen,
    ReportedDone,
    Returned,
    Submit,
    TakesEffect,
    UnderReview,
    Verb,
    Verify,
    Withdraw,
)
from cases.operations.follow_up import Snooze

_REQUIRED = [item.code for item in checklist.ITEMS if item.required and not item.audience]
_OPTIONAL = [item.code for item in checklist.ITEMS if not item.required]
#: Virtual operators mostly have no branch (facts.md, 'Carriers').
_CHANNELS = {
    False: (RequestChannel.HOTLINE, RequestChannel.BRANCH, RequestChannel.BRANCH, RequestChannel.APP),
    True: (RequestChannel.APP, RequestChannel.AGENT),
}


@dataclass(frozen=True)
class Crew:
    """Who works on the cases of a team; of one person, all in one."""

    team: Team
    manager: User
    agents: tuple[User, ...]


@dataclass(frozen=True)
class ScriptedAction:
    """Something that somebody recorded at `now`."""

    now: datetime
    by: User
    operation: Verb | ReceiptUpload


class Scenario:
    """Told by the functions of `cases.management.demo.scenario_mix`, which say on which working day (see Past)
    what happened.

    Every act comes later than the one before; what happened is written down some minutes later. `begin` comes first.
    """

    def __init__(self, clock: DemoClock, rng: Random, crew: Crew, carrier: Carrier) -> None:
        self.clock = clock
        self.rng = rng
        self.crew = crew
        self.carrier = carrier
        self.phrases = Phrases(rng)
        self.reason = rng.choice(list(Reason))
        self.channel = rng.choice(_CHANNELS[carrier.is_virtual])
        self.handler: User | None = rng.choice(crew.agents)
        self.person: User | None = self.handler
        self.ready: tuple[str, ...] = ()
        self.attaches_receipts = True
        self.actions: list[ScriptedAction] = []
        self.reference = ""
        #: When the card became free for another case, if it did.
        self.released_at: datetime | None = None

    def open_case(self, n: int, *, ready: Sequence[str] | None = None) -> None:
        """Logged, with these items of the checklist ready; by default most of the required ones."""
        self.logged_at = self.now = self.clock.moment(n)
        self.logged_by = self.person or self.crew.manager
        self.logged_for = self.handler
        if ready is None:
            ready = [code for code in [*_REQUIRED, *self._conditional_items()] if self.rng.random() < 0.96]
        self.ready = tuple(ready)

    def _conditional_items(self) -> list[str]:
        """What a company's card, or a virtual operator's, needs besides."""
        company, virtual = len(self.crew.agents) > 1, self.carrier.is_virtual
        applies = {Audience.COMPANY: company, Audience.VIRTUAL: virtual}
        return [item.code for item in checklist.ITEMS if item.audience and applies[item.audience]]

    def open_and_submit(self, n: int) -> None:
        """Logged on working day n or shortly before, and submitted on day n."""
        self.open_case(n + self.rng.choice((0, 0, 1, 2)))
        self.submit(n, words=self.text(f"submit_{self.channel}"))

    def text(self, key: str, **values: str) -> str:
        return self.phrases.pick(
            key,
            carrier=self.carrier.name,
            hotline=self.carrier.hotline,
            complaints=self.carrier.complaint_line or self.carrier.hotline,
            reference=self.reference,
            **values,
        )

    # Ours

    def tick_items(self, n: int, how_many: int) -> None:
        """Required items ticked, one after the other."""
        for code in _REQUIRED[:how_many]:
            self._record_now(n, MarkItem(code))

    def waive(self, n: int) -> None:
        self._record_now(n, MarkItem(self.rng.choice(("card", "contract")), state="waived", words=self.text("waive")))

    def submit(self, n: int, *, words: str) -> None:
        self.reference = ""
        self._record_event(n, Submit, words=words)
        if self.channel == RequestChannel.APP:
            self._attach_screenshot()
        elif self.channel == RequestChannel.BRANCH:
            self._attach_form()

    def resubmit(self, n: int) -> None:
        self.submit(n, words=self.text("resubmit"))

    def correct(self, n: int, really: int) -> None:
        """The submission was on another working day than was logged."""
        at = self.clock.moment(really)
        self._record_now(n, CorrectSubmission(at, self.text("correct")))

    def follow_up(self, *days: int) -> None:
        """Followed up on each of these days."""
        for n in days:
            way = self.rng.choice((FollowUpWay.CALL, FollowUpWay.CALL, FollowUpWay.APP, FollowUpWay.VISIT))
            if way == FollowUpWay.VISIT and self.carrier.is_virtual:
                way = FollowUpWay.CALL
            agent = self._staff_number() if way == FollowUpWay.CALL else ""
            self._record_event(n, FollowUp, way=way, words=self.text(way), agent=agent)

    def verify(self, n: int, finding: Finding = Finding.CANCELLED, *, confirm: bool = True) -> None:
        method = self.rng.choice((Method.HOTLINE, Method.HOTLINE, Method.ACCOUNT))
        if finding == Finding.INCONCLUSIVE:
            method = Method.CALL  # a failing call proves little: arrears do the same
        key = f"verify_{method}" if finding == Finding.CANCELLED else finding
        self._record_event(n, Verify, method=method, finding=finding, words=self.text(key), confirm=confirm)
        if method == Method.ACCOUNT and finding == Finding.CANCELLED:
            self._attach_screenshot()

    def reopen(self, n: int) -> None:
        self._record_now(n, Reopen(self.text("reopen")))

    def withdraw(self, n: int) -> None:
        self._record_now(n, Withdraw(self.text("withdraw" if self._is_submitted else "withdraw_draft")))
        self.released_at = self.now

    def snooze(self, n: int, until: date) -> None:
        self._record_now(n, Snooze(until, self.text("snooze")))

    def hand_over(self, n: int) -> None:
        """By the manager, to another agent; in a crew of one to nobody in particular."""
        others = [agent for agent in self.crew.agents if agent != self.handler]
        to = self.rng.choice(others) if others else None
        self._record_now(n, HandOver(to, self.text("hand_over")), by=self.crew.manager)
        self.handler = self.person = to

    def remove_handler(self) -> None:
        """Nobody in particular looks after it; what there is was done by the manager."""
        self.handler = self.person = None

    # The carrier's

    def acknowledged(self, n: int) -> None:
        self._assign_reference()
        self._record_event(n, Acknowledged, words=self.text("acknowledged"), reference=self.reference)
        self._attach_sms("sms_acknowledged")

    def under_review(self, n: int) -> None:
        self._record_event(n, UnderReview, words=self.text("under_review"), agent=self._staff_number())

    def promised(self, n: int, on: date, *, accept_far: bool = False) -> None:
        words = self.text("promised", day=f"{on.month}月{on.day}日")
        self._record_event(n, Promised, promised_on=on, words=words, agent=self._staff_number(), accept_far=accept_far)

    def takes_effect(self, n: int, on: date) -> None:
        words = self.text("takes_effect", day=f"{on.month}月{on.day}日")
        self._record_event(n, TakesEffect, effective_on=on, words=words, agent=self._staff_number())

    def returned(self, n: int, reason: ReturnReason) -> None:
        self._assign_reference()
        self._record_event(n, Returned, reason=reason, words=self.text(f"returned_{reason}"), reference=self.reference)
        self._attach_sms("sms_returned")

    def reported_done(self, n: int) -> None:
        self._assign_reference()
        self._record_event(n, ReportedDone, words=self.text("done"), reference=self.reference)
        self._attach_sms("sms_done")

    def check_bill(self, n: int) -> None:
        self._record_event(n, CheckBill, words=self.text("bill_checked"))

    def expect_refund(self, n: int, due_on: date) -> None:
        amount = self.rng.choice((Decimal("36.50"), Decimal("120.80"), Decimal("8.60")))
        self._record_now(n, ExpectRefund(amount, RefundWay.ORIGINAL, due_on=due_on, words=self.text("refund_expected")))

    def refund_promised(self, n: int, on: date) -> None:
        words = self.text("refund_promised", day=f"{on.month}月{on.day}日")
        self._record_event(n, PromiseRefund, promised_on=on, way=FollowUpWay.CALL, words=words)

    def receive_refund(self, n: int) -> None:
        """All of it, on working day n."""
        self._record_now(n, ReceiveRefund(self.clock.day(n), words=self.text("refund_received")))

    # The ladder's

    def complain(self, n: int) -> None:
        self._record_event(
            n, Complain, reference=self._new_reference("TS", self.clock.day(n)), words=self.text("complaint")
        )

    def complaint_answered(self, n: int, *, satisfied: bool) -> None:
        key = "complaint_well" if satisfied else "complaint_badly"
        self._record_event(n, ComplaintAnswered, satisfied=satisfied, words=self.text(key))

    def appeal(self, n: int) -> None:
        by = self.crew.manager
        self._record_event(
            n, Appeal, by=by, reference=self._new_reference("SS", self.clock.day(n)), words=self.text("appeal")
        )

    def appeal_decided(self, n: int, *, accepted: bool) -> None:
        key = "appeal_accepted" if accepted else "appeal_refused"
        self._record_event(n, AppealDecided, by=self.crew.manager, accepted=accepted, words=self.text(key))

    def appeal_won(self, n: int) -> None:
        self._record_event(n, AppealAnswered, by=self.crew.manager, satisfied=True, words=self.text("appeal_well"))

    # How an act comes about

    @property
    def _is_submitted(self) -> bool:
        return any(isinstance(action.operation, Submit) for action in self.actions)

    def _record_event(self, n: int, verb: Callable[..., Verb], *, by: User | None = None, **fields: object) -> None:
        at = self.clock.moment(n, after=self.now)
        self._append(self.clock.recorded_at(at), verb(at=at, **fields), by)

    def _record_now(self, n: int, verb: Verb, *, by: User | None = None) -> None:
        self._append(self.clock.moment(n, after=self.now), verb, by)

    def _append(self, now: datetime, operation: Verb | ReceiptUpload, by: User | None = None) -> None:
        self.now = now
        self.actions.append(ScriptedAction(now, by or self.person or self.crew.manager, operation))

    def _assign_reference(self) -> None:
        """The carrier names its reference, once for a submission."""
        self.reference = self.reference or self._new_reference("SL")

    def _new_reference(self, prefix: str, day: date | None = None) -> str:
        return f"{prefix}{day or self.now.date():%y%m%d}{self.rng.randint(0, 999_999):06}"

    def _staff_number(self) -> str:
        return str(self.rng.randint(1000, 9999))

    def _attach_sms(self, key: str) -> None:
        if self.rng.random() < 0.6:
            self._attach(ReceiptUpload(ReceiptKind.SMS, text=self.text(key)))

    def _attach_form(self) -> None:
        lines = (
            "DEMO - NOT A REAL DOCUMENT",
            "Application to cancel a mobile number",
            f"Carrier: {self.carrier.name_en}",
            f"Handed in: {self.now:%Y-%m-%d %H:%M}",
            f"Slip: {self._new_reference('D')}",
        )
        if self.rng.random() < 0.5:
            self._attach(ReceiptUpload(ReceiptKind.FORM, ((self.text("form_name"), sample_files.sample_pdf(lines)),)))

    def _attach_screenshot(self) -> None:
        if self.rng.random() < 0.5:
            picture = sample_files.sample_screenshot(self.rng)
            self._attach(ReceiptUpload(ReceiptKind.SCREENSHOT, ((self.text("screenshot_name"), picture),)))

    def _attach(self, upload: ReceiptUpload) -> None:
        if self.attaches_receipts:
            self._append(self.clock.recorded_at(self.now), upload)
