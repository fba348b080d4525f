"""How long something takes when some of it is not over yet: the Kaplan–Meier estimate.

E. L. Kaplan and P. Meier, 'Nonparametric estimation from incomplete observations', Journal of the American Statistical
Association 53 (1958), 457–481. What is still open, or was given up, is *censored*: it says only that it took longer
than until then. Leaving it out would make those look quick who finish the easy half.

By the paper's convention what is censored at a time is still at risk at that time: events come first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

#: S(t) is a product of floats; what is this near to a share has reached it.
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class CurveStep:
    """At `time`, `events` of the `at_risk` were over; `survival` is the share that takes longer."""

    time: int
    at_risk: int
    events: int
    survival: float


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """The estimate: `steps` at the times of events, in order, and how many were `observed`, until when at most."""

    steps: tuple[CurveStep, ...]
    sample_size: int
    longest: int

    def survival(self, time: int) -> float:
        """S(t): the share that takes longer than `time`; beyond the longest observation, as at its end."""
        survivals = [step.survival for step in self.steps if step.time <= time]
        return survivals[-1] if survivals else 1.0

    def percentile(self, share: float) -> int | None:
        """The first time at which at least this share is over; None where the curve does not come that far."""
        return next((step.time for step in self.steps if step.survival <= 1 - share + _NEAR), None)

    @property
    def median(self) -> int | None:
        return self.percentile(0.5)


def estimate_survival(observations: Mapping[tuple[int, bool], int]) -> SurvivalCurve:
    """The curve of how many (a Counter) were observed for a time, and whether that was the event (else censored)."""
    if any(time < 0 for time, _ in observations):
        raise ValueError("a duration below zero")
    events: dict[int, int] = {}
    exits: dict[int, int] = {}
    for (time, is_event), count in observations.items():
        exits[time] = exits.get(time, 0) + count
        events[time] = events.get(time, 0) + count * is_event
    steps: list[CurveStep] = []
    total = at_risk = sum(exits.values())
    survival = 1.0
    for time in sorted(exits):
        if events[time]:
            survival *= (at_risk - events[time]) / at_risk
            steps.append(CurveStep(time, at_risk, events[time], survival))
        at_risk -= exits[time]
    return SurvivalCurve(tuple(steps), total, max(exits, default=0))
