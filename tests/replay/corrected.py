"""Corrections within a random history, and the script of what remains of it.

`Voids` and `Amends` are steps like others. `remaining` turns a script with corrections into one without: voided steps
left out, amended ones with what they ought to have said, and in place of each correction only what it does besides,
which is that open deadlines follow the calendar of its day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from cases.domain.corrections import EntryInTheWay, amendable_parts
from cases.domain.errors import CaseError
from cases.domain.status import STATUSES_WITH_CARRIER
from cases.models import TimelineContent, TimelineEntry
from cases.models.choices import EntryKind
from cases.operations import CheckBill, FollowUp, Promised, RecordCharge, Reply, TakesEffect, Verb, make_reply, perform
from cases.operations.corrections import AmendEntry, UndoEntry, VoidEntry, correctable_entry
from cases.operations.engine.verb import Unchanged, Work
from cases.operations.moved_entries import EntryMove, move_entry
from cases.operations.submission import move_escalations
from cases.operations.waiting_rounds import recalculate
from tests.replay.acts import Attaches, Does, HearsOfBatch, Opens, Receives, SealsState
from tests.replay.histories import Author, History
from tests.replay.lives import Act, Life, Step
from tests.replay.world import World


def correct(life: Life, verb: Verb, step: Step) -> None:
    outcome = perform(verb, [life.the_case()], by=life.person(step.by), now=step.now)
    for _, error in outcome.refused:
        raise error
    life.take(outcome.done)


@dataclass(frozen=True)
class Voids(Act):
    """An entry of a step (its number; a case opened as submitted has two) is voided, or undone."""

    step: int
    which: int
    undo: bool

    def perform(self, life: Life, step: Step) -> None:
        sequence = life.entries[self.step][0] + self.which
        body = TimelineContent.objects.get(entry__case=life.the_case(), entry__sequence=sequence).body
        verb = UndoEntry(sequence) if self.undo else VoidEntry(sequence, "录错了")
        correct(life, verb, step)
        life.voided.add((self.step, self.which))
        life.snooze_ended_by_message |= "sender" in body  # it waits again
        if not self.which:
            life.card_facts.pop(self.step, None)


@dataclass(frozen=True)
class Moves(Act):
    """An entry of a step belongs to the companion: voided here, recorded there."""

    step: int
    which: int

    def perform(self, life: Life, step: Step) -> None:
        case, companion = life.the_case(), life.companion
        if companion is None:
            raise CaseError()
        sequence = life.entries[self.step][0] + self.which
        body = TimelineContent.objects.get(entry__case=case, entry__sequence=sequence).body
        move_entry(case, EntryMove(sequence, companion, "别的号"), by=life.person(step.by), now=step.now)
        life.refresh()
        life.voided.add((self.step, self.which))
        life.snooze_ended_by_message |= "sender" in body


@dataclass(frozen=True)
class Amends(Act):
    """Parts of an entry of a step are amended. `kind` and `body`: of the entry as it was recorded."""

    step: int
    which: int
    changes: tuple[tuple[str, str], ...]
    kind: str
    body: Mapping[str, Any]

    def __str__(self) -> str:
        return f"Amends({self.step}, {self.which}, {dict(self.changes)}, {self.kind})"

    def perform(self, life: Life, step: Step) -> None:
        sequence = life.entries[self.step][0] + self.which
        correct(life, AmendEntry(sequence, dict(self.changes), "写错了"), step)

    def amended(self, act: Act) -> Act:
        """What the step ought to have been."""
        values = {name: _value(name, text) for name, text in self.changes}
        if isinstance(act, Opens):
            if self.which == 0:
                return replace(act, **values)
            if act.take_over:
                return replace(act, take_over=replace(act.take_over, **values))
            assert act.submit is not None
            return replace(act, submit=replace(act.submit, **values))
        if isinstance(act, HearsOfBatch):
            body = {name: self.body.get(name, "") for name in ("words", "reason")}
            return Does(make_reply(self.kind, **{"at": datetime.fromisoformat(self.body["at"]), **body, **values}))
        if isinstance(act, Receives):
            fields = {**dict(act.fields), **values}
            if self.kind == "promised":
                fields["accept_far"] = True
            if self.kind == "takes_effect":
                fields.setdefault("effective_on", None)
                fields["effective_on"] = fields["effective_on"] or date.fromisoformat(self.body["effective_on"])
            return replace(act, fields=tuple(fields.items()))
        if isinstance(act, Does):
            return replace(act, verb=self._amended_verb(act.verb, values))
        return replace(act, **values)  # type: ignore[type-var]

    def _amended_verb(self, verb: Any, values: dict[str, Any]) -> Verb:
        if isinstance(verb, RecordCharge):
            return replace(verb, charge=replace(verb.charge, **values))
        if isinstance(verb, CheckBill) and verb.charge and "words" in values and verb.charge.words == verb.words:
            verb = replace(verb, charge=replace(verb.charge, words=values["words"]))
        if isinstance(verb, TakesEffect) and verb.effective_on is None:
            # What the carrier's term gave was recorded as the day that was named.
            verb = replace(verb, effective_on=date.fromisoformat(self.body["effective_on"]))
        if isinstance(verb, Promised):
            verb = replace(verb, accept_far=True)  # a correction asks nobody back
        result: Verb = replace(verb, **values)
        return result


def _value(name: str, text: str) -> object:
    if name == "at":
        return datetime.fromisoformat(text)
    return date.fromisoformat(text) if name in ("promised_on", "effective_on") else text


#: What of a case follows the calendar beside its rows.
_DEADLINES = ("acknowledge_by", "review_by", "window_opens", "first_reply_by", "reply_by", "provisional")


@dataclass(frozen=True)
class _FollowCalendar(Verb):
    kind: ClassVar[EntryKind] = EntryKind.RECALCULATED

    def apply(self, work: Work) -> None:
        case = work.case
        before = [getattr(case, name) for name in _DEADLINES]
        if case.state in STATUSES_WITH_CARRIER:
            recalculate(work, include_ended=False)
        move_escalations(work)
        if not work.changed_rows and before == [getattr(case, name) for name in _DEADLINES]:
            raise Unchanged


class FollowsCalendar(Act):
    """What a correction does besides."""

    is_recorded: ClassVar[bool] = False

    def perform(self, life: Life, step: Step) -> None:
        correct(life, _FollowCalendar(), step)


CORRECTIONS = (Voids, Amends, Moves)


def remaining(steps: Sequence[Step]) -> list[Step]:
    """The script of what remains of one with corrections."""
    by_number: dict[int, Step] = {step.number: step for step in steps}
    for step in steps:
        act = step.act
        if isinstance(act, Amends):
            amended = by_number[act.step]
            by_number[act.step] = replace(amended, act=act.amended(amended.act))
        elif isinstance(act, Voids | Moves):
            voided = by_number[act.step]
            if isinstance(voided.act, Opens):
                by_number[act.step] = replace(voided, act=replace(voided.act, submit=None, take_over=None))
            else:
                del by_number[act.step]
        if isinstance(act, CORRECTIONS):
            by_number[step.number] = replace(step, act=FollowsCalendar())
    return [_as_sent(step) for step in by_number.values()]


def _as_sent(step: Step) -> Step:
    """A replay does not ask again what had to be ready before a request was sent."""
    verb = getattr(step.act, "verb", None)
    if isinstance(step.act, Does) and hasattr(verb, "already_sent"):
        return replace(step, act=replace(step.act, verb=replace(verb, already_sent=True)))
    if isinstance(step.act, Opens) and step.act.submit:
        return replace(step, act=replace(step.act, submit=replace(step.act.submit, already_sent=True)))
    return step


def _is_movable(act: Act) -> bool:
    return isinstance(act, Attaches | Receives) or isinstance(getattr(act, "verb", None), Reply | FollowUp)


class CorrectingAuthor(Author):
    """Makes up histories in which now and then an entry is voided or amended."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(world, seed)
        #: Scripts that end with a correction which a later entry stood in the way of.
        self.refused: list[list[Step]] = []

    def attempt(self, step: Step) -> bool:
        try:
            return self.life.perform(step)
        except EntryInTheWay:
            if self.case.is_open:  # of a closed case, that which closed it stands in the way of all others
                self.refused.append([*self.steps, step])
            return False
        except CaseError:
            return False

    def weights(self) -> dict[str, float]:
        weights = super().weights()
        share = sum(weights.values()) / 4 if len(self.steps) > 1 else 0
        return {**weights, "void": share, "amend": share, "move": share if self.life.companion else 0}

    def actor(self, act: Act) -> str:
        if isinstance(act, Voids) and act.undo:
            return next(step.by for step in self.steps if step.number == act.step)
        return "manager" if isinstance(act, CORRECTIONS) else super().actor(act)

    def entry(self) -> tuple[Step, int]:
        """A step that may be corrected, and which of its entries."""
        steps = [
            step
            for step in self.steps
            if step.number in self.life.entries and not isinstance(step.act, (*CORRECTIONS, SealsState))
        ]
        step = steps[-1] if self.coin(0.4) else self.random.choice(steps)
        first, last = self.life.entries[step.number]
        return step, self.random.randint(0, last - first)

    def void(self) -> Act:
        step, which = self.entry()
        undo = step is self.steps[-1] and bool(step.by) and self.coin(0.7)
        if undo:
            self.now = step.now + timedelta(minutes=self.random.choice((0, 3, 10)))
        return Voids(step.number, which, undo)

    def move(self) -> Act:
        steps = [step for step in self.steps if _is_movable(step.act)]
        return Moves(self.random.choice(steps).number, 0) if steps else self.amend()

    def amend(self) -> Act:
        step, which = self.entry()
        sequence = self.life.entries[step.number][0] + which
        entry = TimelineEntry.objects.select_related("content").get(case=self.case, sequence=sequence)
        parts = amendable_parts(correctable_entry(entry))
        names = self.random.sample(parts, min(len(parts), self.random.randint(1, 2)))
        changes = tuple((name, self.value(name, entry)) for name in names)
        return Amends(step.number, which, changes, entry.kind, entry.content.body)

    def value(self, name: str, entry: TimelineEntry) -> str:
        if name == "at":
            moment = datetime.fromisoformat(entry.content.body["at"])
            shift = timedelta(hours=self.random.choice((-30, -5, -1, 1, 30)))
            moment = min(moment + shift if self.coin(0.7) else self.moment(), entry.recorded_at)
            # A whole minute that holds the moment as it stands is no correction (a page shows no seconds).
            return (moment if moment.second else moment - timedelta(seconds=1)).isoformat()
        if name in ("promised_on", "effective_on"):
            return self.day(-10, 20).isoformat()
        if name == "reason":
            return self.random.choice(("arrears", "papers") if entry.kind == "returned" else ("business", "switching"))
        return {"channel": "letter", "reference": self.reference(), "words": self.words()}[name]


def write_corrected_history(world: World, seed: int) -> tuple[History, list[list[Step]]]:
    """As `write_history`, with corrections in it; and scripts that end with a correction that was refused."""
    author = CorrectingAuthor(world, seed)
    return author.write(4, 15), author.refused
