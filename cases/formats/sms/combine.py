"""One meaning out of the two readings of a message, the rules' and the classifier's."""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.domain.message_meaning import Meaning


@dataclass(frozen=True)
class Combined:
    """`candidates`: both readings, rules first, where they make the meaning ambiguous."""

    meaning: Meaning
    candidates: tuple[Meaning, ...] = ()
    is_agreed: bool = False
    certainty: float | None = None


def combine(rules: Meaning, probabilities: Mapping[Meaning, float]) -> Combined:
    """The meaning that both give; `ambiguous` where they differ or the classifier is not certain enough."""
    if not probabilities:
        return Combined(rules, is_agreed=True)
    classified = max(probabilities, key=lambda meaning: probabilities[meaning])
    return Combined(rules, is_agreed=classified is rules, certainty=probabilities[classified])
