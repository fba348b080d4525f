"""What may happen in a random history: one method each, which makes it up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from cases.models import Escalation
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
    ExpectRefund,
    FollowUp,
    MarkItem,
    NewCharge,
    Promised,
    PromiseRefund,
    Recalculate,
    ReceiveRefund,
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
    WriteOffRefund,
)
from cases.operations.erasure import Erase, Retain
from cases.operations.follow_up import Snooze
from cases.operations.take_over import TakeOver
from tests.replay.acts import (
    Attaches,
    ChangesCard,
    ChangesTerms,
    CompletesYear,
    CorrectsNumber,
    Does,
    EntersDay,
    FinalizesLetter,
    HandsOver,
    HearsOfBatch,
    Opens,
    Receives,
    Refunds,
    Renames,
    SealsState,
    SubmitsInBatch,
    Waits,
)
from tests.replay.chance import Chance
from tests.replay.lives import Act
from tests.replay.world import HOLDERS

_CODES = ("identity", "card", "account", "arrears", "contract", "contacts", "seal", "iccid", "balance")
_RETURN_REASONS = ("arrears", "contract", "papers", "special", "home", "other")


class Events(Chance):
    """Each method makes up an act that fits where the case stands, more or less."""

    def opens(self) -> Act:
        submit = self.make_submit() if self.coin(0.3 if self.together else 0.7) else None
        take_over = self.make_take_over(self.now.microsecond)
        return Opens(
            self.carrier, self.random.choice(("hotline", "app", "branch")), self.random.choice(("cost", "other")),
            self.words(), self.random.choice(HOLDERS), tuple(self.random.sample(_CODES, self.random.randint(0, 3))),
            self.random.choice(("", "", "agent", "colleague")), None if take_over else submit, take_over,
            self.together,
        )  # fmt: skip

    def make_take_over(self, choice: int) -> TakeOver | None:
        """One case in eight comes from a table; of the moment's own chance, so that the other histories stay."""
        if choice % 8:
            return None
        status = ("draft", "submitted", "under_review", "returned", "reported_done", "confirmed")[choice // 8 % 6]
        submitted_at = self.now - timedelta(hours=choice // 48 % 200) if choice // 48 % 3 else None
        day = (self.now - timedelta(days=choice // 48 % 5)).date() if choice // 48 % 2 else None
        return TakeOver(
            status, submitted_at, returned_on=day if status == "returned" else None,
            closed_on=day if status in ("reported_done", "confirmed") else None, reference="T-1",
            return_reason="papers" if status == "returned" else "",
        )  # fmt: skip

    def make_submit(self) -> Submit:
        moment = (
            self.now - timedelta(hours=self.random.choice((0, 0, 3, 40))) if self.life.case is None else self.moment()
        )
        waived = dict.fromkeys(self.random.sample(_CODES, self.random.choice((0, 0, 1, 2))), "用不上")
        ready = tuple(self.random.sample(_CODES, self.random.choice((0, 1, 3, 6))))
        return Submit(moment, self.reference(), self.words(), self.coin(0.95), ready, waived)

    def does(self, verb: Verb) -> Act:
        token = UUID(int=self.random.getrandbits(128), version=4) if self.coin(0.2) else None
        return Does(verb, together=self.together and self.coin(), token=token)

    def submit(self) -> Act:
        return self.does(self.make_submit())

    def batch(self) -> Act:
        return SubmitsInBatch(self.moment(), self.reference(), self.words())

    def batch_reply(self) -> Act:
        return HearsOfBatch(self.moment(), self.coin(), self.random.choice(("under_review", "returned")), self.words())

    def said(self) -> dict[str, Any]:
        way = self.random.choice(("", "", "call", "visit"))
        return {
            "words": self.words(),
            "agent": self.random.choice(("", "8812")),
            "reference": self.reference(),
            "way": way,
        }

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
        return self.does(
            Returned(
                self.moment(),
                **self.said(),
                reason=self.random.choice(_RETURN_REASONS),
                owed=self.random.choice((None, Decimal("12.50"))),
            )
        )

    def done(self) -> Act:
        return self.does(ReportedDone(self.moment(), **self.said()))

    def follow_up(self) -> Act:
        return self.does(
            FollowUp(self.moment(), **{**self.said(), "way": self.random.choice(("call", "visit", "app"))})
        )

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
        return self.does(Withdraw(self.words(), mistake=self.coin(0.3)))

    def retain(self) -> Act:
        return Does(Retain(not self.case.retain, "要打官司"))

    def erase(self) -> Act:
        return Does(Erase(self.words()))

    def ladder(self) -> Act:
        """The next rung: of those that run, an answer; else a complaint or an appeal."""
        rows = Escalation.objects.filter(case=self.case).values_list("kind", "lodged_at", "answered_at", "decided_at")
        running = {kind: (lodged, decided) for kind, lodged, answered, decided in rows if answered is None}
        rungs: dict[Callable[[], Act], float] = {}
        if "appeal" in running:
            lodged_at, decided_at = running["appeal"]
            since = self.since(decided_at or lodged_at)
            rungs[lambda: self.does(AppealAnswered(since, self.coin(), self.words()))] = 2
            rungs[lambda: self.does(AppealDecided(since, self.coin(0.7), self.words()))] = 0.2 if decided_at else 4
        elif len(rows):
            about = self.random.choice(("other", "charges"))
            rungs[
                lambda: self.does(Appeal(self.moment(), self.reference(), self.words(), about, anyway=self.coin(0.8)))
            ] = 8
        if "complaint" in running:
            answered_at = self.since(running["complaint"][0])
            rungs[lambda: self.does(ComplaintAnswered(answered_at, self.coin(0.3), self.words()))] = 3
        else:
            rungs[lambda: self.does(Complain(self.moment(), self.reference(), self.words()))] = 4
        return self.pick(rungs)()

    def since(self, moment: datetime) -> datetime:
        """A moment since this one."""
        return moment + (self.now - moment) * self.random.random()

    def letter(self) -> Act:
        return FinalizesLetter(self.random.choice(("complaint", "appeal")), self.random.choice(("一、事实经过", "二")))

    def snooze(self) -> Act:
        return self.does(Snooze(None if self.case.snoozed_until and self.coin(0.4) else self.day(0, 20), self.words()))

    def hand_over(self) -> Act:
        others = [key for key in ("agent", "colleague", "manager") if self.life.people[key] != self.case.handler]
        return HandsOver(self.random.choice([*others, "" if self.case.handler else others[0]]), self.words())

    def mark(self) -> Act:
        return self.does(
            MarkItem(self.random.choice(_CODES), self.random.choice(("done", "done", "waived", "")), "因为")
        )

    def attach(self) -> Act:
        texts = tuple(self.random.sample(("synthetic receipt", "合成的回执", "another"), self.random.randint(1, 2)))
        return Attaches(texts, self.words(), together=self.together and self.coin())

    def make_charge(self) -> NewCharge:
        amount = self.random.choice((Decimal("8.5"), Decimal("120"), Decimal("0.01"), Decimal("99999999.99")))
        what = self.random.choice(("fee", "arrears", "penalty", "prepayment", "other"))
        return NewCharge(amount, self.day(-40, 0), what, self.random.choice((self.words(), self.words(), "长" * 600)))

    def charge(self) -> Act:
        return self.does(RecordCharge(self.make_charge()))

    def refund(self) -> Act:
        if not self.charged:
            return self.charge()
        charge, on, words = self.random.choice(self.charged), self.day(-5, 0), self.words()
        # Without a draw of its own, so that the other histories stay.
        return Refunds(charge, on, words, written_off=bool(words.strip()) and on.day % 2 == 0)

    def expect_refund(self) -> Act:
        amount = self.random.choice((None, Decimal("36.5"), Decimal("0.01"), Decimal("99999999.99")))
        due_on = self.day(-3, 30) if self.coin(0.4) else None
        way, ending = self.random.choice((("bank_card", "6217"), ("cash", ""), ("unknown", "")))
        words = self.random.choice((self.words(), "长" * 600))
        return self.does(ExpectRefund(amount, way, ending, due_on, self.coin(0.3), words))

    def promise_refund(self) -> Act:
        way = self.random.choice(("", "call", "visit"))
        return self.does(PromiseRefund(self.moment(), self.day(-2, 20), way, "8812", self.words()))

    def receive_refund(self) -> Act:
        amount = self.random.choice((Decimal("0.01"), Decimal("20"), Decimal("36.5"), Decimal("120")))
        return self.does(ReceiveRefund(self.day(-10, 0), amount, self.coin(0.2), self.words()))

    def write_off_refund(self) -> Act:
        return self.does(WriteOffRefund("不值得再打电话"))

    def bill(self) -> Act:
        if self.coin(0.5):
            self.now += timedelta(days=32)
        return self.does(CheckBill(self.moment(), self.make_charge() if self.coin() else None, self.words()))

    def evidence(self) -> Act:
        return Receives(
            self.moment(), self.random.choice(("您的号码", "【中国移动】合成短信")), proposed=self.coin(0.3)
        )

    def message(self) -> Act:
        kinds: dict[str, Callable[[], dict[str, Any]]] = {
            "acknowledged": dict, "under_review": dict, "reported_done": dict, "promised": self.promise_fields,
            "takes_effect": self.effect_fields, "returned": lambda: {"reason": "papers"},
        }  # fmt: skip
        kind = self.random.choice(list(kinds))
        fields = tuple({**kinds[kind](), "reference": self.reference()}.items())
        return Receives(self.moment(), "【中国移动】合成短信：" + kind, kind, fields, proposed=self.coin(0.3))

    def seal(self) -> Act:
        return SealsState()

    def waits(self) -> Act:
        return Waits("【中国移动】合成短信：请稍候")

    # What the case stands in

    def enter_day(self) -> Act:
        """A day of the running window, mostly; and mostly the open cases follow at once."""
        self.recalculate_next()
        day = self.day(-8, 14)
        if self.case.submitted_at and self.case.reply_by and self.coin(0.7):
            day = (self.case.submitted_at + (self.case.reply_by - self.case.submitted_at) * self.random.random()).date()
        working = day.weekday() > 4 if self.coin(0.8) else self.random.choice((True, False, None))
        return EntersDay(day, working)

    def recalculate_next(self) -> None:
        if self.case.reply_by or self.coin(0.2):
            self.following.append(Does(Recalculate("calendar changed"), together=self.together))

    def year(self) -> Act:
        self.recalculate_next()
        return CompletesYear(2027)

    def terms(self) -> Act:
        names = ("acknowledge_hours", "review_days", "window_days", "reply_days", "effect_day")
        name = self.random.choice(names)
        value = None if self.coin(0.2) else self.random.randint(1, 28 if name == "effect_day" else 9)
        return ChangesTerms(self.carrier, ((name, value),))

    def rename(self) -> Act:
        return Renames(
            self.random.choice(("manager", "agent", "colleague")), self.random.choice(("王大伟", "欧阳娜", "Li"))
        )

    def holder(self) -> Act:
        carriers = list(self.life.world.carriers)
        return ChangesCard(
            self.random.choice(HOLDERS), self.random.choice(carriers) if self.coin(0.3) else self.carrier
        )

    def number(self) -> Act:
        return CorrectsNumber(f"1380013800{self.random.randint(1, 9)}")
