"""Chance: what random histories pick, by one seeded source."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

from cases.models import Case
from tests.moments import at
from tests.replay.lives import Act, new_life
from tests.replay.world import World

T = TypeVar("T")

#: Before Spring Festival, before Labour Day, before National Day, and before a year whose schedule is not published.
_STARTS = ("2026-02-09T09:00", "2026-04-27T10:30", "2026-09-17T16:45", "2026-09-29T23:59", "2026-11-30T08:00")
_PAUSES = (
    (timedelta(0), 1), (timedelta(minutes=7), 6), (timedelta(hours=5), 6), (timedelta(days=1), 8),
    (timedelta(days=3), 6), (timedelta(days=6), 4), (timedelta(days=16), 3), (timedelta(days=33), 1),
)  # fmt: skip
_WORDS = ("", "打了客服", " 他说“这两天”\n再等 ", "It is being looked at; 受理中 ✓", "工号 10086-77 \\ \"引号\" 'x'")
_REFERENCES = ("", "", "202610010001", "函〔2026〕7 号")


class Chance:
    """Where a history is, and what may be picked there."""

    def __init__(self, world: World, random: Random) -> None:
        self.random = random
        self.life = new_life(world)
        self.now = at(random.choice(_STARTS)) + timedelta(microseconds=random.randrange(86_400_000_000))
        self.carrier = random.choice(list(world.carriers))
        self.together = random.random() < 0.2
        self.moments: list[datetime] = []
        #: The steps that recorded a charge.
        self.charged: list[int] = []
        #: What comes next, whatever else might.
        self.following: list[Act] = []

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

    def moment(self) -> datetime:
        """When something happened: now, some time since the submission, or at the very moment of something else."""
        earliest = self.case.returned_at or self.case.submitted_at or self.now - timedelta(days=2)
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
            moment = moment.astimezone(UTC)
        self.moments.append(moment)
        return moment

    def day(self, first: int, last: int) -> date:
        """A day from `first` to `last` days after today."""
        return (self.now + timedelta(days=self.random.randint(first, last))).date()
