"""From stories to cases: who gets which, with which card, and all of it done in the order of time."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import NamedTuple

from django.db import transaction

from cases.management.demo.accounts import hire
from cases.management.demo.clock import Past
from cases.management.demo.scenario import Act, Crew, Papers, Story
from cases.management.demo.scenario_mix import RECIPES, Recipe
from cases.management.demo.texts import Phrases
from cases.models import Carrier, Case, User
from cases.models.choices import Purpose
from cases.operations import CardFacts, attach_receipts, open_case, perform
from cases.selectors import working_calendar

#: Prefixes of each carrier, with how often its cards come. Of virtual operators no prefix tells which one.
_CARRIERS: dict[str, tuple[int, tuple[str, ...]]] = {
    "china-mobile": (40, ("138", "139", "150", "158", "187", "198")),
    "china-unicom": (25, ("130", "155", "156", "186", "196")),
    "china-telecom": (20, ("133", "153", "180", "189", "199")),
    "china-broadnet": (4, ("192",)),
    "xiaomi-mobile": (4, ("170", "171")),
    "huaxiang": (2, ("165", "167")),
    "snail-mobile": (2, ("170", "171")),
    "yuante": (3, ("162", "170")),
}
_IOT_PREFIX = "144"
#: How many in a hundred stories are told of several cards that went the same way together.
_BATCHES = 6
#: One in so many cases is the single person's.
_SOLO_SHARE = 30
#: As in `cases.models.cases.new_reference`, which may not be seeded.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class DatabaseInUse(Exception):
    """There are accounts or cases already; demo data is never mixed with anybody's own."""


@transaction.atomic
def load(*, seed: int, cases: int, as_of: datetime) -> list[Case]:
    """Fill an empty database, which has the carriers, with so many cases that stand as of a moment (aware).

    All or nothing. Returns the cases in the order in which they were logged. Raises DatabaseInUse, and
    YearNotCovered for a moment whose deadlines the working calendar cannot tell.
    """
    if Case.objects.exists() or User.objects.exists():
        raise DatabaseInUse
    rng = Random(seed)
    company, solo = hire(Phrases(rng))
    past = Past(as_of, working_calendar(), rng)
    told = _tell(rng, past, cases, company, solo)
    return _perform(rng, told)


class _Told(NamedTuple):
    """A story and the numbers of the cards that it is told of."""

    story: Story
    numbers: list[str]


def _tell(rng: Random, past: Past, cases: int, company: Crew, solo: Crew) -> list[_Told]:
    """Stories of so many cards in all, in the order in which they began."""
    carriers = {carrier.slug: carrier for carrier in Carrier.objects.filter(slug__in=_CARRIERS)}
    stories: list[tuple[Story, int]] = []
    for recipe, crew, cards in _plan(rng, cases, company, solo):
        story = Story(past, rng, crew, carriers[_weighted(rng)])
        recipe(story)
        stories.append((story, cards))
    stories.sort(key=lambda entry: entry[0].logged_at)
    register = _Register(rng)
    return [_Told(story, register.take(story, cards)) for story, cards in stories]


def _plan(rng: Random, cases: int, company: Crew, solo: Crew) -> Iterable[tuple[Recipe, Crew, int]]:
    """Which stories are told: one of each kind first, the single person's last, chance between."""
    recipes = [recipe for recipe, _ in RECIPES]
    weights = [weight for _, weight in RECIPES]
    alone = cases // _SOLO_SHARE
    left = cases - alone
    for recipe in recipes[:left]:
        left -= 1
        yield recipe, company, 1
    while left:
        cards = min(left, rng.randint(3, 6) if rng.randrange(100) < _BATCHES else 1)
        left -= cards
        yield rng.choices(recipes, weights)[0], company, cards
    for recipe in rng.choices(recipes, weights, k=alone):
        yield recipe, solo, 1


def _weighted(rng: Random) -> str:
    return rng.choices(list(_CARRIERS), [weight for weight, _ in _CARRIERS.values()])[0]


class _Register:
    """Hands out numbers; one whose case was withdrawn comes again, so that some cards have two cases."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[str] = set()
        self._released: list[tuple[Story, str]] = []

    def take(self, story: Story, cards: int) -> list[str]:
        """Numbers for a story; stories come in the order in which they began."""
        numbers = [self._again(story) or self._fresh(story) for _ in range(cards)]
        if story.released_at:
            self._released += [(story, number) for number in numbers]
        return numbers

    def _again(self, story: Story) -> str | None:
        for entry in self._released:
            earlier, number = entry
            free = earlier.released_at is not None and earlier.released_at < story.logged_at
            if free and earlier.crew == story.crew and earlier.carrier == story.carrier:
                self._released.remove(entry)
                return number
        return None

    def _fresh(self, story: Story) -> str:
        _, prefixes = _CARRIERS[story.carrier.slug]
        is_iot = story.carrier.slug == "china-mobile" and self._rng.randrange(20) == 0
        stem = f"{_IOT_PREFIX}000000" if is_iot else f"{self._rng.choice(prefixes)}0000"
        while (number := f"{stem}{self._rng.randint(1000, 9999)}") in self._taken:
            pass
        self._taken.add(number)
        return number


def _perform(rng: Random, told: Sequence[_Told]) -> list[Case]:
    """Do everything that was told, whatever story it belongs to, in the order of time."""
    cases: list[list[Case]] = [[] for _ in told]
    steps: list[tuple[datetime, int, Act | None]] = []
    for index, (story, _) in enumerate(told):
        steps.append((story.logged_at, index, None))
        steps += [(act.now, index, act) for act in story.acts]
    # A stable sort: acts of one story that fell into the same minute stay in their order.
    for _, index, act in sorted(steps, key=lambda step: step[0]):
        story, numbers = told[index]
        if act is None:
            cases[index] = [_log(rng, story, number) for number in numbers]
        else:
            _do(act, cases[index])
    return [case for group in cases for case in group]


def _log(rng: Random, story: Story, number: str) -> Case:
    key = "solo_" if len(story.crew.agents) == 1 else ""
    facts = CardFacts(
        holder=story.say(f"{key}holder"),
        purpose=rng.choice(list(Purpose)),
        plan=story.say("plan_iot" if len(number) > 11 else "plan"),
        monthly_fee=Decimal(rng.choice(("8.00", "19.00", "29.00", "39.00", "59.00", "99.00"))),
        contract_end=story.past.ahead(rng.randint(20, 60)) if rng.random() < 0.1 else None,
    )
    return open_case(
        story.crew.team,
        number,
        story.carrier,
        reason=story.reason,
        channel=story.channel,
        by=story.logged_by,
        now=story.logged_at,
        facts=facts,
        handler=story.logged_for,
        words=story.say(f"reason_{story.reason}"),
        ready=story.ready,
        our_reference="XK-" + "".join(rng.choices(_ALPHABET, k=8)),
    )


def _do(act: Act, cases: Sequence[Case]) -> None:
    if isinstance(act.does, Papers):
        for case in cases:
            attach_receipts(case, act.does.files, kind=act.does.kind, by=act.by, now=act.now, text=act.does.text)
        return
    for _, error in perform(act.does, cases, by=act.by, now=act.now).refused:
        raise error
