"""From stories to cases: who gets which, with which card, and all of it done in the order of time."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import NamedTuple

from django.db import transaction

from cases.management.demo.accounts import create_accounts
from cases.management.demo.clock import DemoClock
from cases.management.demo.scenario import Crew, Scenario, ScriptedAction
from cases.management.demo.scenario_mix import SCENARIO_MIX, ScenarioBuilder
from cases.management.demo.texts import Phrases
from cases.models import Carrier, Case, User
from cases.models.choices import Purpose
from cases.operations import CardFacts, NewCase, ReceiptUpload, attach_receipts, open_case, perform
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
#: Of a hundred scenarios, how many are about several cards together.
_BATCH_PERCENT = 6
#: One case in this many is the single person's.
_CASES_PER_SOLO_CASE = 30
#: As in `cases.models.cases.new_reference`, which may not be seeded.
_REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class DatabaseInUse(Exception):
    """There are accounts or cases already; demo data is never mixed with anybody's own."""


@transaction.atomic
def load(*, seed: int, cases: int, as_of: datetime) -> list[Case]:
    """Fill an empty database, which has the carriers, with that many cases as of a moment (aware).

    All or nothing. Returns the cases in the order in which they were logged. Raises DatabaseInUse, and
    YearNotCovered for a moment whose deadlines the working calendar cannot tell.
    """
    if Case.objects.exists() or User.objects.exists():
        raise DatabaseInUse
    rng = Random(seed)
    company, solo = create_accounts(Phrases(rng))
    clock = DemoClock(as_of, working_calendar(), rng)
    scenarios = _create_scenarios(rng, clock, cases, company, solo)
    return _perform_all(rng, scenarios)


class _AssignedScenario(NamedTuple):
    """A scenario and the numbers of its cards."""

    scenario: Scenario
    numbers: list[str]


def _create_scenarios(rng: Random, clock: DemoClock, cases: int, company: Crew, solo: Crew) -> list[_AssignedScenario]:
    """Scenarios of `cases` cards in all, in the order in which they began."""
    carriers = {carrier.slug: carrier for carrier in Carrier.objects.filter(slug__in=_CARRIERS)}
    scenarios: list[tuple[Scenario, int]] = []
    for recipe, crew, cards in _plan_scenarios(rng, cases, company, solo):
        scenario = Scenario(clock, rng, crew, carriers[_choose_carrier(rng)])
        recipe(scenario)
        scenarios.append((scenario, cards))
    scenarios.sort(key=lambda entry: entry[0].logged_at)
    register = _NumberPool(rng)
    return [_AssignedScenario(scenario, register.take(scenario, cards)) for scenario, cards in scenarios]


def _plan_scenarios(rng: Random, cases: int, company: Crew, solo: Crew) -> Iterable[tuple[ScenarioBuilder, Crew, int]]:
    """Which scenarios: one of each kind first, the single person's last, random ones between."""
    recipes = [recipe for recipe, _ in SCENARIO_MIX]
    weights = [weight for _, weight in SCENARIO_MIX]
    solo_cases = cases // _CASES_PER_SOLO_CASE
    remaining = cases - solo_cases
    for recipe in recipes[:remaining]:
        remaining -= 1
        yield recipe, company, 1
    while remaining:
        cards = min(remaining, rng.randint(3, 6) if rng.randrange(100) < _BATCH_PERCENT else 1)
        remaining -= cards
        yield rng.choices(recipes, weights)[0], company, cards
    for recipe in rng.choices(recipes, weights, k=solo_cases):
        yield recipe, solo, 1


def _choose_carrier(rng: Random) -> str:
    return rng.choices(list(_CARRIERS), [weight for weight, _ in _CARRIERS.values()])[0]


class _NumberPool:
    """Hands out numbers; one whose case was withdrawn comes again, so that some cards have two cases."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._used: set[str] = set()
        self._released: list[tuple[Scenario, str]] = []

    def take(self, scenario: Scenario, cards: int) -> list[str]:
        """Numbers for a story; stories come in the order in which they began."""
        numbers = [self._reuse(scenario) or self._new_number(scenario) for _ in range(cards)]
        if scenario.released_at:
            self._released += [(scenario, number) for number in numbers]
        return numbers

    def _reuse(self, scenario: Scenario) -> str | None:
        for entry in self._released:
            earlier, number = entry
            is_free = earlier.released_at is not None and earlier.released_at < scenario.logged_at
            if is_free and earlier.crew == scenario.crew and earlier.carrier == scenario.carrier:
                self._released.remove(entry)
                return number
        return None

    def _new_number(self, scenario: Scenario) -> str:
        _, prefixes = _CARRIERS[scenario.carrier.slug]
        is_iot = scenario.carrier.slug == "china-mobile" and self._rng.randrange(20) == 0
        stem = f"{_IOT_PREFIX}000000" if is_iot else f"{self._rng.choice(prefixes)}0000"
        while (number := f"{stem}{self._rng.randint(1000, 9999)}") in self._used:
            pass
        self._used.add(number)
        return number


def _perform_all(rng: Random, scenarios: Sequence[_AssignedScenario]) -> list[Case]:
    """Perform the steps of all stories in the order of time."""
    cases: list[list[Case]] = [[] for _ in scenarios]
    steps: list[tuple[datetime, int, ScriptedAction | None]] = []
    for index, (scenario, _) in enumerate(scenarios):
        steps.append((scenario.logged_at, index, None))
        steps += [(action.now, index, action) for action in scenario.actions]
    # A stable sort: acts of one story that fell into the same minute stay in their order.
    for _, index, action in sorted(steps, key=lambda step: step[0]):
        scenario, numbers = scenarios[index]
        if action is None:
            cases[index] = [_open_case(rng, scenario, number) for number in numbers]
        else:
            _perform_action(action, cases[index])
    return [case for group in cases for case in group]


def _open_case(rng: Random, scenario: Scenario, number: str) -> Case:
    key = "solo_" if len(scenario.crew.agents) == 1 else ""
    facts = CardFacts(
        holder=scenario.text(f"{key}holder"),
        purpose=rng.choice(list(Purpose)),
        plan=scenario.text("plan_iot" if len(number) > 11 else "plan"),
        monthly_fee=Decimal(rng.choice(("8.00", "19.00", "29.00", "39.00", "59.00", "99.00"))),
        contract_end=scenario.clock.ahead(rng.randint(20, 60)) if rng.random() < 0.1 else None,
    )
    new_case = NewCase(
        number,
        scenario.carrier,
        scenario.reason,
        scenario.channel,
        facts=facts,
        handler=scenario.logged_for,
        words=scenario.text(f"reason_{scenario.reason}"),
        ready=tuple(scenario.ready),
        case_reference="XK-" + "".join(rng.choices(_REFERENCE_ALPHABET, k=8)),
    )
    return open_case(scenario.crew.team, new_case, by=scenario.logged_by, now=scenario.logged_at)


def _perform_action(action: ScriptedAction, cases: Sequence[Case]) -> None:
    if isinstance(action.operation, ReceiptUpload):
        for case in cases:
            attach_receipts(case, action.operation, by=action.by, now=action.now)
        return
    for _, error in perform(action.operation, cases, by=action.by, now=action.now).refused:
        raise error
