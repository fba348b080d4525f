"""Random histories of a case, each valid: what the product refuses is not part of one.

`write_history(world, seed)` performs one on the database and returns its script and the case; the caller holds the
transaction (`discarded`), so that ten thousand of them leave nothing behind.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from cases.domain.errors import CaseError
from cases.models import Case, Escalation
from cases.operations import (
    Acknowledged,
    Appeal,
    AppealAnswered,
    AppealDecided,
    CheckBill,
    Complain,
    ComplaintAnswered,
    Confirm,
    CorrectSubmission,
    FollowUp,
    MarkItem,
    NewCharge,
    Promised,
    Recalculate,
    RecordCharge,
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
from cases.operations.erasure import Erase, Retain
from cases.operations.follow_up import Snooze
from tests.moments import at
from tests.replay.lives import (
    Act,
    Attaches,
    ChangesHolder,
    ChangesTerms,
    CompletesYear,
    Does,
    EntersDay,
    FinalizesLetter,
    HandsOver,
    HearsOfBatch,
    Life,
    Opens,
    Receives,
    Refunds,
    Renames,
    Step,
    SubmitsInBatch,
    Waits,
    new_life,
)
from tests.replay.world import HOLDERS, World

T = TypeVar("T")

#: Before Spring Festival, before Labour Day, before National Day, and before a year whose schedule is not published.
_STARTS = ("2026-02-09T09:00", "2026-04-27T10:30", "2026-09-17T16:45", "2026-09-29T23:59", "2026-11-30T08:00")
_PAUSES = (
    (timedelta(0), 1), (timedelta(minutes=7), 6), (timedelta(hours=5), 6), (timedelta(days=1), 8),
    (timedelta(days=3), 6), (timedelta(days=6), 4), (timedelta(days=16), 3), (timedelta(days=33), 1),
)  # fmt: skip
_WORDS = ("", "打了客服", " 他说“这两天”\n再等 ", "It is being looked at; 受理中 ✓", "工号 10086-77 \\ \"引号\" 'x'")
_REFERENCES = ("", "", "202610010001", "函〔2026〕7 号")
_CODES = ("identity", "card", "account", "arrears", "contract", "contacts", "seal", "iccid", "balance")
_RETURN_REASONS = ("arrears", "contract", "papers", "special", "home", "other")

_OPEN_ACTS = {
    "hand_over": 3, "mark": 4, "attach": 2, "charge": 3, "refund": 2, "evidence": 1, "withdraw": 0.5, "enter_day": 2,
    "year": 0.3, "recalculate": 3, "terms": 1, "rename": 0.7, "holder": 0.7,
}  # fmt: skip
_LADDER = {"complain": 3, "complaint_answer": 3, "appeal": 4, "appeal_decision": 4, "appeal_answer": 4, "letter": 1}
_WITH_CARRIER = {
    **_OPEN_ACTS, **_LADDER, "acknowledged": 4, "under_review": 4, "promised": 5, "takes_effect": 3, "returned": 4,
    "done": 4, "follow_up": 4, "verify": 6, "confirm": 5, "snooze": 3, "correct": 5, "message": 4, "waits": 1,
    "batch_reply": 4,
}  # fmt: skip
_CLOSED = {
    "retain": 3, "attach": 1, "evidence": 1, "rename": 0.5, "enter_day": 0.5, "terms": 0.3, "holder": 0.5, "erase": 0.5,
}  # fmt: skip
#: What is tried in each status, and how often in proportion.
_ACTS: Mapping[str, Mapping[str, float]] = {
    "draft": {**_OPEN_ACTS, "submit": 12, "batch": 4},
    "submitted": _WITH_CARRIER,
    "under_review": _WITH_CARRIER,
    "returned": {**_OPEN_ACTS, **_LADDER, "submit": 12, "batch": 2, "follow_up": 3, "snooze": 3},
    "confirmed": {
        **_CLOSED, "bill": 8, "follow_up": 2, "charge": 3, "refund": 3, "reopen": 5, "recalculate": 1,
    },
    "withdrawn": _CLOSED,
}  # fmt: skip
#: Each history dwells on one of these.
_THEMES: tuple[tuple[str, ...], ...] = (
    (),
    ("complain", "complaint_answer", "appeal", "appeal_decision", "appeal_answer", "letter"),
    ("charge", "refund", "verify", "confirm", "bill"),
    ("returned", "submit", "mark", "terms", "holder", "batch"),
    ("promised", "takes_effect", "under_review", "done", "correct"),
    ("enter_day", "year", "recalculate", "promised", "complain"),
    ("message", "waits", "snooze", "evidence"),
    ("done", "verify", "confirm", "reopen", "retain", "erase"),
    ("batch", "batch_reply", "attach"),
)


@dataclass
class History:
    """A script, and the case on which it was performed."""

    seed: int
    steps: list[Step]
    life: Life
    #: How many acts were tried that the product refused, or that changed nothing.
    dropped: int

    def __str__(self) -> str:
        lines = [f"seed {self.seed}"]
        lines += [f"{step.number:3} {step.now:%Y-%m-%d %H:%M:%S.%f} {step.by or '-':9} {step.act}" for step in self.steps]
        return "\n".join(lines)


@contextmanager
def discarded() -> Iterator[None]:
    """What is written within is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def write_history(world: World, seed: int, *, shortest: int = 3, longest: int = 15) -> History:
    """Perform a random history of so many steps and return it; the same seed is the same history."""
    return _Author(world, Random(seed)).write(seed, shortest, longest)


class _Author:
    """Makes up what happens next, of where the case stands."""

    def __init__(self, world: World, random: Random) -> None:
        self.random = random
        self.life = new_life(world)
        self.now = at(random.choice(_STARTS)) + timedelta(microseconds=random.randrange(86_400_000_000))
        self.theme = random.choice(_THEMES)
        self.carrier = random.choice(list(world.carriers))
        self.together = self.theme[:1] == ("batch",) or random.random() < 0.1
        self.moments: list[datetime] = []

    def write(self, seed: int, shortest: int, longest: int) -> History:
        steps: list[Step] = []
        length, number, dropped = self.random.randint(shortest, longest), 0, 0
        while len(steps) < length and dropped < 60:
            act = self.next_act() if steps else self.opens()
            step = Step(number, self.now, self.actor(act), act)
            number += 1
            try:
                is_done = self.life.perform(step)
            except CaseError:
                is_done = False
            if is_done:
                steps.append(step)
                if self.case.erased_at:
                    break
                self.pause()
            else:
                dropped += 1
        return History(seed, steps, self.life, dropped)

    # What is picked

    @property
    def case(self) -> Case:
        return self.life.the_case()

    def coin(self, chance: float = 0.5) -> bool:
        return self.random.random() < chance

    def pick(self, weighted: Mapping[T, float]) -> T:
        return self.random.choices(list(weighted), list(weighted.values()))[0]

    def pause(self) -> None:
        self.now += self.pick(dict(_PAUSES)) + timedelta(microseconds=self.random.randrange(60_000_000))

    def words(self) -> str:
        return self.random.choice(_WORDS)

    def reference(self) -> str:
        return self.random.choice(_REFERENCES)

    def actor(self, act: Act) -> str:
        verb = getattr(act, "verb", None)
        if isinstance(verb, Recalculate):
            return ""
        if isinstance(verb, Retain | Erase):
            return "manager"
        return self.random.choice(("manager", "agent", "colleague"))

    def moment(self) -> datetime:
        """When something happened: now, some time since the submission, or at the very moment of something else."""
        earliest = self.case.submitted_at or self.now - timedelta(days=2)
        known = [m for m in (*self.moments, self.case.submitted_at, self.case.reply_by, self.case.last_reply_at) if m]
        known = [m for m in known if earliest <= m <= self.now]
        choice = self.pick({"now": 4, "between": 5, "known": 2, "beyond": 0.3})
        if choice == "known" and known:
            moment = self.random.choice(known) + timedelta(microseconds=self.random.choice((0, 0, 1)))
        elif choice == "between":
            moment = earliest + (self.now - earliest) * self.random.random()
        elif choice == "beyond":
            moment = self.random.choice((self.now + timedelta(minutes=1), earliest - timedelta(hours=1)))
        else:
            moment = self.now
        if self.coin(0.3):  # as most forms give it
            moment = moment.replace(second=0, microsecond=0)
        if self.coin(0.2):
            moment = moment.astimezone(timezone.utc)
        self.moments.append(moment)
        return moment

    def day(self, first: int, last: int) -> date:
        """A day from `first` to `last` days after today."""
        return (self.now + timedelta(days=self.random.randint(first, last))).date()

    def next_act(self) -> Act:
        weights = dict(_ACTS[self.case.status])
        if self.case.verification_id is None:
            weights.pop("confirm", None)
        if self.case.batch_id is None:
            weights.pop("batch_reply", None)
        for name in self.theme:
            if name in weights:
                weights[name] *= 6
        act: Act = getattr(self, self.pick(weights))()
        return act

    # What happens

    def opens(self) -> Act:
        submit = self.make_submit() if self.coin(0.7) and not (self.theme and self.theme[0] == "batch") else None
        return Opens(
            self.carrier, self.random.choice(("hotline", "app", "branch")), self.random.choice(("cost", "other")),
            self.words(), self.random.choice(HOLDERS), tuple(self.random.sample(_CODES, self.random.randint(0, 3))),
            self.random.choice(("", "", "agent", "colleague")), submit, self.together,
        )  # fmt: skip

    def make_submit(self) -> Submit:
        moment = self.now - timedelta(hours=self.random.choice((0, 0, 3, 40))) if self.life.case is None else self.moment()
        waived = {code: "用不上" for code in self.random.sample(_CODES, self.random.choice((0, 0, 1, 2)))}
        ready = tuple(self.random.sample(_CODES, self.random.choice((0, 1, 3, 6))))
        return Submit(moment, self.reference(), self.words(), self.coin(0.9), ready, waived)

    def does(self, verb: Verb) -> Act:
        token = UUID(int=self.random.getrandbits(128), version=4) if self.coin(0.2) else None
        return Does(verb, together=self.together and self.coin(), token=token)

    def submit(self) -> Act:
        return self.does(self.make_submit())

    def batch(self) -> Act:
        return SubmitsInBatch(self.moment(), self.reference(), self.words())

    def batch_reply(self) -> Act:
        return HearsOfBatch(
            self.moment(), self.coin(), self.random.choice(("under_review", "returned")), self.words()
        )

    def said(self) -> dict[str, Any]:
        way = self.random.choice(("", "", "call", "visit"))
        return {"words": self.words(), "agent": self.random.choice(("", "8812")), "reference": self.reference(), "way": way}

    def promise_fields(self) -> dict[str, Any]:
        return {"promised_on": self.day(-1, 12) if self.coin(0.8) else self.day(15, 60), "accept_far": self.coin(0.7)}

    def effect_fields(self) -> dict[str, Any]:
        return {"effective_on": self.day(-1, 40) if self.coin(0.6) else None, "roaming": self.coin()}

    def acknowledged(self) -> Act:
        return self.does(Acknowledged(self.moment(), **self.said()))

    def under_review(self) -> Act:
        return self.does(UnderReview(self.moment(), **self.said()))

    def promised(self) -> Act:
        return self.does(Promised(self.moment(), **self.said(), **self.promise_fields()))

    def takes_effect(self) -> Act:
        return self.does(TakesEffect(self.moment(), **self.said(), **self.effect_fields()))

    def returned(self) -> Act:
        return self.does(Returned(self.moment(), **self.said(), reason=self.random.choice(_RETURN_REASONS)))

    def done(self) -> Act:
        return self.does(ReportedDone(self.moment(), **self.said()))

    def follow_up(self) -> Act:
        return self.does(FollowUp(self.moment(), **{**self.said(), "way": self.random.choice(("call", "visit", "app"))}))

    def verify(self) -> Act:
        finding = self.pick({"cancelled": 4, "alive": 4, "inconclusive": 2})
        method = self.random.choice(("call", "hotline", "account"))
        return self.does(Verify(self.moment(), method, finding, self.words(), confirm=self.coin(0.3)))

    def confirm(self) -> Act:
        return self.does(Confirm(self.words()))

    def reopen(self) -> Act:
        return self.does(Reopen("还能打通"))

    def correct(self) -> Act:
        submitted_at = self.case.submitted_at or self.now
        shift = timedelta(hours=self.random.choice((-50, -26, -3, -1, 1, 5, 24, 100)))
        return Does(CorrectSubmission(submitted_at + shift if self.coin(0.8) else self.moment(), "记错了"))

    def withdraw(self) -> Act:
        return self.does(Withdraw(self.words()))

    def retain(self) -> Act:
        return Does(Retain(not self.case.retain, "要打官司"))

    def erase(self) -> Act:
        return Does(Erase(self.words()))

    def complain(self) -> Act:
        return self.does(Complain(self.moment(), self.reference(), self.words()))

    def complaint_answer(self) -> Act:
        return self.does(ComplaintAnswered(self.since_lodging("complaint"), self.coin(0.3), self.words()))

    def appeal(self) -> Act:
        moment, about = self.moment(), self.random.choice(("other", "charges"))
        return self.does(Appeal(moment, self.reference(), self.words(), about, anyway=self.coin(0.6)))

    def appeal_decision(self) -> Act:
        return self.does(AppealDecided(self.since_lodging("appeal"), self.coin(0.7), self.words()))

    def appeal_answer(self) -> Act:
        return self.does(AppealAnswered(self.since_lodging("appeal"), self.coin(), self.words()))

    def since_lodging(self, kind: str) -> datetime:
        """A moment since the last complaint or appeal; where there is none, any."""
        lodged_at = Escalation.objects.filter(case=self.case, kind=kind).order_by("-pk").values_list("lodged_at", flat=True)
        last = lodged_at.first()
        return last + (self.now - last) * self.random.random() if last and last <= self.now else self.moment()

    def letter(self) -> Act:
        return FinalizesLetter(self.random.choice(("complaint", "appeal")), self.random.choice(("一、事实经过", "二")))

    def snooze(self) -> Act:
        return self.does(Snooze(self.day(0, 20) if self.coin(0.8) else None, self.words()))

    def hand_over(self) -> Act:
        return HandsOver(self.random.choice(("", "agent", "colleague", "manager")), self.words())

    def mark(self) -> Act:
        return self.does(MarkItem(self.random.choice(_CODES), self.random.choice(("done", "done", "waived", "")), "因为"))

    def attach(self) -> Act:
        texts = tuple(self.random.sample(("synthetic receipt", "合成的回执", "another"), self.random.randint(1, 2)))
        return Attaches(texts, self.words(), together=self.together and self.coin())

    def make_charge(self) -> NewCharge:
        amount = self.random.choice((Decimal("8.5"), Decimal("120"), Decimal("0.01"), Decimal("99999999.99")))
        what = self.random.choice(("fee", "arrears", "penalty", "prepayment", "other"))
        return NewCharge(amount, self.day(-40, 0), what, self.words() * self.random.choice((1, 1, 40)))

    def charge(self) -> Act:
        return self.does(RecordCharge(self.make_charge()))

    def refund(self) -> Act:
        count = self.case.charges.count()
        return Refunds(self.random.randrange(count), self.day(-5, 0), self.words()) if count else self.charge()

    def bill(self) -> Act:
        if self.coin(0.5):
            self.now += timedelta(days=32)
        return self.does(CheckBill(self.moment(), self.make_charge() if self.coin() else None, self.words()))

    def evidence(self) -> Act:
        return Receives(self.moment(), self.random.choice(("您的号码", "【中国移动】合成短信")), proposed=self.coin(0.3))

    def message(self) -> Act:
        kinds: dict[str, Callable[[], dict[str, Any]]] = {
            "acknowledged": dict, "under_review": dict, "reported_done": dict, "promised": self.promise_fields,
            "takes_effect": self.effect_fields, "returned": lambda: {"reason": "papers"},
        }  # fmt: skip
        kind = self.random.choice(list(kinds))
        fields = tuple({**kinds[kind](), "reference": self.reference()}.items())
        return Receives(self.moment(), "【中国移动】合成短信：" + kind, kind, fields, proposed=self.coin(0.3))

    def waits(self) -> Act:
        return Waits("【中国移动】合成短信：请稍候")

    # What the case stands in

    def enter_day(self) -> Act:
        return EntersDay(self.day(-8, 14), self.random.choice((True, False, False, None)))

    def year(self) -> Act:
        return CompletesYear(2027)

    def recalculate(self) -> Act:
        return Does(Recalculate("calendar changed"), together=self.together)

    def terms(self) -> Act:
        names = ("acknowledge_hours", "review_days", "window_days", "reply_days", "effect_day")
        name = self.random.choice(names)
        value = None if self.coin(0.2) else self.random.randint(1, 28 if name == "effect_day" else 9)
        return ChangesTerms(self.carrier, ((name, value),))

    def rename(self) -> Act:
        return Renames(self.random.choice(("manager", "agent", "colleague")), self.random.choice(("王大伟", "欧阳娜", "Li")))

    def holder(self) -> Act:
        return ChangesHolder(self.random.choice(HOLDERS))
