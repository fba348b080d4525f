"""A story: what was done to one case, or to some that went the same way together, act by act."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from cases.domain import checklist
from cases.domain.checklist import Audience
from cases.management.demo import sample_files
from cases.management.demo.clock import Past
from cases.management.demo.texts import Phrases
from cases.models import Carrier, Team, User
from cases.models.choices import Finding, FollowUpWay, Method, Reason, ReceiptKind, RequestChannel, ReturnReason
from cases.operations import (
    Acknowledged,
    Appeal,
    AppealAnswered,
    AppealDecided,
    Complain,
    ComplaintAnswered,
    CorrectSubmission,
    FollowUp,
    HandOver,
    MarkItem,
    Promised,
    Reopen,
    ReportedDone,
    Returned,
    Snooze,
    Submit,
    UnderReview,
    Verb,
    Verify,
    Withdraw,
)

_REQUIRED = [item.code for item in checklist.ITEMS if item.required and not item.audience]
_OPTIONAL = [item.code for item in checklist.ITEMS if not item.required]
#: Virtual operators mostly have no branch (facts.md, 'Carriers').
_CHANNELS = {False: (RequestChannel.HOTLINE, RequestChannel.BRANCH, RequestChannel.BRANCH, RequestChannel.APP), True: (RequestChannel.APP, RequestChannel.AGENT)}


@dataclass(frozen=True)
class Crew:
    """Who works on the cases of a team; of one person, all in one."""

    team: Team
    manager: User
    agents: tuple[User, ...]


@dataclass(frozen=True)
class Papers:
    """Receipts to hand in: files (name and bytes), or a pasted text."""

    kind: ReceiptKind
    files: tuple[tuple[str, bytes], ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Act:
    """Something that somebody recorded at `now`."""

    now: datetime
    by: User
    does: Verb | Papers


class Story:
    """Told by the functions of `cases.management.demo.scenario_mix`, which say on which working day (see Past)
    what happened.

    Every act comes later than the one before; what happened is written down some minutes later. `begin` comes first.
    """

    def __init__(self, past: Past, rng: Random, crew: Crew, carrier: Carrier) -> None:
        self.past = past
        self.rng = rng
        self.crew = crew
        self.carrier = carrier
        self.phrases = Phrases(rng)
        self.reason = rng.choice(list(Reason))
        self.channel = rng.choice(_CHANNELS[carrier.is_virtual])
        self.handler: User | None = rng.choice(crew.agents)
        self.person: User | None = self.handler
        self.ready: tuple[str, ...] = ()
        self.keeps_papers = True
        self.acts: list[Act] = []
        self.reference = ""
        #: When the card became free for another case, if it did.
        self.released_at: datetime | None = None

    def begin(self, n: int, *, ready: Sequence[str] | None = None) -> None:
        """Logged, with these items of the checklist ready; most of the required ones when not given."""
        self.logged_at = self.now = self.past.moment(n)
        self.logged_by = self.person or self.crew.manager
        self.logged_for = self.handler
        if ready is None:
            ready = [code for code in [*_REQUIRED, *self._for_these()] if self.rng.random() < 0.96]
        self.ready = tuple(ready)

    def _for_these(self) -> list[str]:
        """What a company's card, or a virtual operator's, needs besides."""
        company, virtual = len(self.crew.agents) > 1, self.carrier.is_virtual
        wanted = {Audience.COMPANY: company, Audience.VIRTUAL: virtual}
        return [item.code for item in checklist.ITEMS if item.audience and wanted[item.audience]]

    def request(self, n: int) -> None:
        """Logged on working day n or shortly before, and handed to the carrier on day n."""
        self.begin(n + self.rng.choice((0, 0, 1, 2)))
        self.submit(n, words=self.say(f"submit_{self.channel}"))

    def say(self, key: str, **values: str) -> str:
        return self.phrases.pick(
            key,
            carrier=self.carrier.name,
            hotline=self.carrier.hotline,
            complaints=self.carrier.complaint_line or self.carrier.hotline,
            reference=self.reference,
            **values,
        )

    # Ours

    def tick(self, n: int, how_many: int) -> None:
        """Required items ticked, one after the other."""
        for code in _REQUIRED[:how_many]:
            self._note(n, MarkItem(code))

    def waive(self, n: int) -> None:
        self._note(n, MarkItem(self.rng.choice(("card", "contract")), state="waived", words=self.say("waive")))

    def submit(self, n: int, *, words: str) -> None:
        self.reference = ""
        self._happened(n, Submit, words=words)
        if self.channel == RequestChannel.APP:
            self._screenshot()
        elif self.channel == RequestChannel.BRANCH:
            self._form()

    def resubmit(self, n: int) -> None:
        self.submit(n, words=self.say("resubmit"))

    def correct(self, n: int, really: int) -> None:
        """The submission had been handed in on another working day than was logged."""
        at = self.past.moment(really)
        self._note(n, CorrectSubmission(at, self.say("correct")))

    def chase(self, *days: int) -> None:
        """Followed up on each of these days."""
        for n in days:
            way = self.rng.choice((FollowUpWay.CALL, FollowUpWay.CALL, FollowUpWay.APP, FollowUpWay.VISIT))
            if way == FollowUpWay.VISIT and self.carrier.is_virtual:
                way = FollowUpWay.CALL
            agent = self._staff() if way == FollowUpWay.CALL else ""
            self._happened(n, FollowUp, way=way, words=self.say(way), agent=agent)

    def verify(self, n: int, finding: Finding = Finding.CANCELLED, *, confirm: bool = True) -> None:
        method = self.rng.choice((Method.HOTLINE, Method.HOTLINE, Method.ACCOUNT))
        if finding == Finding.INCONCLUSIVE:
            method = Method.CALL  # a failing call proves little: arrears do the same
        key = f"verify_{method}" if finding == Finding.CANCELLED else finding
        self._happened(n, Verify, method=method, finding=finding, words=self.say(key), confirm=confirm)
        if method == Method.ACCOUNT and finding == Finding.CANCELLED:
            self._screenshot()

    def reopen(self, n: int) -> None:
        self._note(n, Reopen(self.say("reopen")))

    def withdraw(self, n: int) -> None:
        self._note(n, Withdraw(self.say("withdraw" if self._submitted else "withdraw_draft")))
        self.released_at = self.now

    def snooze(self, n: int, until: date) -> None:
        self._note(n, Snooze(until, self.say("snooze")))

    def hand_over(self, n: int) -> None:
        """By the manager, to another agent; in a crew of one to nobody in particular."""
        others = [agent for agent in self.crew.agents if agent != self.handler]
        to = self.rng.choice(others) if others else None
        self._note(n, HandOver(to, self.say("hand_over")), by=self.crew.manager)
        self.handler = self.person = to

    def leave_unhandled(self) -> None:
        """Nobody in particular looks after it; what there is was done by the manager."""
        self.handler = self.person = None

    # The carrier's

    def acknowledged(self, n: int) -> None:
        self._number()
        self._happened(n, Acknowledged, words=self.say("acknowledged"), reference=self.reference)
        self._sms("sms_acknowledged")

    def under_review(self, n: int) -> None:
        self._happened(n, UnderReview, words=self.say("under_review"), agent=self._staff())

    def promised(self, n: int, on: date, *, accept_far: bool = False) -> None:
        words = self.say("promised", day=f"{on.month}月{on.day}日")
        self._happened(n, Promised, promised_on=on, words=words, agent=self._staff(), accept_far=accept_far)

    def returned(self, n: int, reason: ReturnReason) -> None:
        self._number()
        self._happened(n, Returned, reason=reason, words=self.say(f"returned_{reason}"), reference=self.reference)
        self._sms("sms_returned")

    def done(self, n: int) -> None:
        self._number()
        self._happened(n, ReportedDone, words=self.say("done"), reference=self.reference)
        self._sms("sms_done")

    # The ladder's

    def complain(self, n: int) -> None:
        self._happened(n, Complain, reference=self._number_like("TS", self.past.day(n)), words=self.say("complaint"))

    def complaint_answered(self, n: int, *, satisfied: bool) -> None:
        key = "complaint_well" if satisfied else "complaint_badly"
        self._happened(n, ComplaintAnswered, satisfied=satisfied, words=self.say(key))

    def appeal(self, n: int) -> None:
        by = self.crew.manager
        self._happened(n, Appeal, by=by, reference=self._number_like("SS", self.past.day(n)), words=self.say("appeal"))

    def appeal_decided(self, n: int, *, accepted: bool) -> None:
        key = "appeal_accepted" if accepted else "appeal_refused"
        self._happened(n, AppealDecided, by=self.crew.manager, accepted=accepted, words=self.say(key))

    def appeal_won(self, n: int) -> None:
        self._happened(n, AppealAnswered, by=self.crew.manager, satisfied=True, words=self.say("appeal_well"))

    # How an act comes about

    @property
    def _submitted(self) -> bool:
        return any(isinstance(act.does, Submit) for act in self.acts)

    def _happened(self, n: int, verb: Callable[..., Verb], *, by: User | None = None, **said: object) -> None:
        at = self.past.moment(n, after=self.now)
        self._add(self.past.recorded(at), verb(at=at, **said), by)

    def _note(self, n: int, verb: Verb, *, by: User | None = None) -> None:
        self._add(self.past.moment(n, after=self.now), verb, by)

    def _add(self, now: datetime, does: Verb | Papers, by: User | None = None) -> None:
        self.now = now
        self.acts.append(Act(now, by or self.person or self.crew.manager, does))

    def _number(self) -> None:
        """The carrier names its reference, once for a submission."""
        self.reference = self.reference or self._number_like("SL")

    def _number_like(self, prefix: str, day: date | None = None) -> str:
        return f"{prefix}{day or self.now.date():%y%m%d}{self.rng.randint(0, 999_999):06}"

    def _staff(self) -> str:
        return str(self.rng.randint(1000, 9999))

    def _sms(self, key: str) -> None:
        if self.rng.random() < 0.6:
            self._papers(Papers(ReceiptKind.SMS, text=self.say(key)))

    def _form(self) -> None:
        lines = (
            "DEMO - NOT A REAL DOCUMENT",
            "Application to cancel a mobile number",
            f"Carrier: {self.carrier.name_en}",
            f"Handed in: {self.now:%Y-%m-%d %H:%M}",
            f"Slip: {self._number_like('D')}",
        )
        if self.rng.random() < 0.5:
            self._papers(Papers(ReceiptKind.FORM, ((self.say("form_name"), sample_files.pdf(lines)),)))

    def _screenshot(self) -> None:
        if self.rng.random() < 0.5:
            picture = sample_files.screenshot(self.rng)
            self._papers(Papers(ReceiptKind.SCREENSHOT, ((self.say("screenshot_name"), picture),)))

    def _papers(self, handed_in: Papers) -> None:
        if self.keeps_papers:
            self._add(self.past.recorded(self.now), handed_in)
