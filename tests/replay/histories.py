"""Random histories of a case, each valid: what the product refuses is not part of one.

`write_history(world, seed)` performs one on the database and returns its script and the case; the caller holds the
transaction (`discarded`), so that ten thousand of them leave nothing behind.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from django.db import transaction

from cases.domain.errors import CaseError
from cases.operations import Recalculate
from cases.operations.erasure import Erase, Retain
from cases.operations.refunds import is_amount_unknown
from tests.replay.acts import CorrectsNumber, records_charge
from tests.replay.events import Events
from tests.replay.lives import Act, Life, Step
from tests.replay.world import World

#: Once the carrier said that it is done, or it is confirmed; and while a refund is open.
_REFUND_ACTS = {"expect_refund": 9, "promise_refund": 4, "receive_refund": 9, "write_off_refund": 5}
_OPEN_ACTS = {
    "hand_over": 3, "mark": 4, "attach": 2, "charge": 3, "refund": 2, "evidence": 1, "withdraw": 0.5, "enter_day": 5,
    "year": 0.5, "terms": 1, "rename": 0.7, "holder": 0.8, "number": 0.5, "seal": 0.5, **_REFUND_ACTS,
}  # fmt: skip
_LADDER = {"ladder": 6, "letter": 1.5}
_WITH_CARRIER = {
    **_OPEN_ACTS, **_LADDER, "acknowledged": 4, "under_review": 4, "promised": 5, "takes_effect": 3, "returned": 4,
    "done": 4, "follow_up": 4, "verify": 6, "confirm": 12, "snooze": 3, "correct": 5, "message": 4, "waits": 1,
    "batch_reply": 4,
}  # fmt: skip
_CLOSED = {
    "retain": 3, "attach": 1, "evidence": 1, "rename": 0.5, "enter_day": 0.5, "terms": 0.3, "holder": 0.5,
    "number": 0.3, "erase": 2.5, "seal": 0.2, **_REFUND_ACTS,
}  # fmt: skip
#: What is tried in each status, and how often in proportion.
_ACTS: Mapping[str, Mapping[str, float]] = {
    "draft": {**_OPEN_ACTS, "submit": 12, "batch": 4},
    "submitted": _WITH_CARRIER,
    "under_review": _WITH_CARRIER,
    "returned": {**_OPEN_ACTS, **_LADDER, "submit": 12, "batch": 2, "follow_up": 3, "snooze": 3},
    "confirmed": {
        **_CLOSED, "bill": 8, "follow_up": 2, "charge": 3, "refund": 3, "reopen": 5,
    },
    "withdrawn": _CLOSED,
}  # fmt: skip
#: Each history dwells on one of these.
_THEMES: tuple[tuple[str, ...], ...] = (
    (),
    ("ladder", "letter"),
    ("ladder",),
    ("charge", "refund", "verify", "confirm", "bill", *_REFUND_ACTS),
    ("returned", "submit", "mark", "terms", "holder", "batch"),
    ("promised", "takes_effect", "under_review", "done", "correct"),
    ("enter_day", "year", "under_review"),
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
        for step in self.steps:
            line = f"{step.number:3} {step.now:%Y-%m-%d %H:%M:%S.%f} {step.by or '-':9} {step.act}"
            lines.append(line.replace("datetime.", "")[:500])
        return "\n".join(lines)


@contextmanager
def discarded() -> Iterator[None]:
    """What is written within is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def write_history(world: World, seed: int, *, shortest: int = 3, longest: int = 15) -> History:
    """Perform a random history of so many steps and return it; the same seed is the same history."""
    return Author(world, seed).write(shortest, longest)


class Author(Events):
    """Makes up what happens next, of where the case stands."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(world, Random(seed))
        self.seed = seed
        self.theme = self.random.choice(_THEMES)
        self.together |= self.theme[:1] == ("batch",)
        self.steps: list[Step] = []

    def write(self, shortest: int, longest: int) -> History:
        length, number, dropped = self.random.randint(shortest, longest), 0, 0
        while len(self.steps) < length and dropped < 60:
            act = self.next_act() if self.steps else self.opens()
            step = Step(number, self.now, self.actor(act), act)
            number += 1
            if self.attempt(step):
                self.steps.append(step)
                if records_charge(act):
                    self.charged.append(step.number)
                if self.case.erased_at:
                    break
                self.pause()
            else:
                dropped += 1
        return History(self.seed, self.steps, self.life, dropped)

    def attempt(self, step: Step) -> bool:
        """Perform a step; whether it is part of the history."""
        try:
            return self.life.perform(step)
        except CaseError:
            return False

    def actor(self, act: Act) -> str:
        verb = getattr(act, "verb", None)
        if isinstance(verb, Recalculate):
            return ""
        if isinstance(verb, Retain | Erase) or isinstance(act, CorrectsNumber):
            return "manager"
        return self.random.choice(("manager", "agent", "colleague"))

    def next_act(self) -> Act:
        if self.following:
            return self.following.pop()
        act: Act = getattr(self, self.pick(self.weights()))()
        return act

    def weights(self) -> dict[str, float]:
        """What may happen now, by the names of the methods that make it up."""
        weights = dict(_ACTS[self.case.status])
        if self.case.verification_id is None:
            weights.pop("confirm", None)
        if self.case.batch_id is None:
            weights.pop("batch_reply", None)
        is_owed = self.case.refund_due_on is not None
        is_cancelled = self.case.reported_done_at or self.case.confirmed_at
        can_owe = is_cancelled and (not is_owed or is_amount_unknown(self.case))
        for name in _REFUND_ACTS:
            if not (can_owe if name == "expect_refund" else is_owed):
                weights.pop(name, None)
        for name in self.theme:
            if name in weights:
                weights[name] *= 6
        return weights
