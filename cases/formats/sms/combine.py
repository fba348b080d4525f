"""One meaning out of the two readings of a message, the rules' and the classifier's.

Both are evidence. How likely each meaning is then is weighed with what it costs to be wrong: 'done' that is not true
and a reply taken for something else cost most, a look by a person costs little. So a message is `ambiguous` where the
readings differ and none is much the likelier. All figures here were chosen on writers that were left out (decision 49).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cases.domain.message_meaning import Meaning

#: What is not about a case.
_ASIDE: Final = frozenset({Meaning.CODE, Meaning.MARKETING, Meaning.UNRELATED})
#: Where these two are mixed up, the same is waited for.
_WAITING: Final = frozenset({Meaning.REGISTERED, Meaning.UNDER_REVIEW})

#: With at least this certainty the classifier confirms the rules: what both say may be recorded without a person.
CONFIRMING_CERTAINTY: Final = 0.9
#: So certain the classifier must be of 'done' where the rules found another statement about the case, or none.
_DONE_AGAINST_A_STATEMENT: Final = 0.99
_DONE_AGAINST_NOTHING: Final = 0.8
#: From this certainty on a reading is worth a button.
_WORTH_A_BUTTON: Final = 0.1
#: The classifier's probabilities are raised to this power: it is right more often than the rules.
_CLASSIFIER_POWER: Final = 1.8

# How often the rules gave a reading to a message of a meaning, on writers that their author had not read.
_RIGHT_OF_CASE, _AMBIGUOUS_OF_CASE, _UNRELATED_OF_CASE, _OTHER_OF_CASE = 0.68, 0.18, 0.04, 0.0125
_RIGHT_OF_ASIDE, _AMBIGUOUS_OF_ASIDE, _OTHER_OF_ASIDE = 0.72, 0.13, 0.017
_RIGHT_OF_AMBIGUOUS, _UNRELATED_OF_AMBIGUOUS, _DONE_OF_AMBIGUOUS, _OTHER_OF_AMBIGUOUS = 0.58, 0.16, 0.10, 0.02

# What a wrong reading costs, when a wrong proposal costs 1: nothing is proposed that is likelier wrong than right.
_COST_OF_ASKING, _COST_OF_ASKING_ABOUT_ASIDE = 0.5, 0.45
_COST_OF_FALSE_DONE, _COST_OF_LOSS, _COST_OF_LOST_AMBIGUITY = 5.0, 5.0, 2.0
_COST_BESIDE_A_CASE, _COST_OF_WAITING_MIXED_UP = 0.5, 0.6


@dataclass(frozen=True)
class Combined:
    """`candidates`: both readings, rules first, where they make the meaning ambiguous; never `ambiguous` itself."""

    meaning: Meaning
    candidates: tuple[Meaning, ...] = ()
    is_agreed: bool = False
    certainty: float | None = None


def combine(rules: Meaning, probabilities: Mapping[Meaning, float], *, is_doubted: bool = False) -> Combined:
    """The meaning that costs least on average; `ambiguous` where asking a person does.

    `is_agreed` where both read the same and the classifier is certain. Without a classifier (no `probabilities`) the
    rules' reading stands and nothing is agreed. A code that the rules found stays one, and what is ambiguous to them
    for a reason that stands in the message (`is_doubted`: taken back, hearsay, an impossible day, a forged sender).
    """
    if not probabilities:
        return Combined(rules)
    classified = max(probabilities, key=lambda meaning: probabilities[meaning])
    certainty = probabilities[classified]
    if rules is Meaning.CODE:
        return Combined(rules, is_agreed=classified is rules, certainty=certainty)
    if is_doubted:
        return Combined(Meaning.AMBIGUOUS, candidates(rules, probabilities), certainty=certainty)
    weights = {
        meaning: probability**_CLASSIFIER_POWER * _likelihood(rules, meaning)
        for meaning, probability in probabilities.items()
    }
    total = sum(weights.values())
    costs = {
        decided: sum(weight / total * _cost(decided, meaning) for meaning, weight in weights.items())
        for decided in weights
    }
    meaning = min(costs, key=lambda decided: costs[decided])
    if meaning is Meaning.DONE and certainty < _certainty_of_done_against(rules):
        meaning = Meaning.AMBIGUOUS if rules in _ASIDE else rules
    return Combined(
        meaning,
        candidates(rules, probabilities) if meaning is Meaning.AMBIGUOUS else (),
        is_agreed=meaning is rules is classified and certainty >= CONFIRMING_CERTAINTY,
        certainty=certainty,
    )


def _certainty_of_done_against(rules: Meaning) -> float:
    """How certain the classifier must be of 'done' where the rules read something else."""
    if rules is Meaning.DONE:
        return 0
    return _DONE_AGAINST_NOTHING if rules in _ASIDE or rules is Meaning.AMBIGUOUS else _DONE_AGAINST_A_STATEMENT


def candidates(rules: Meaning, probabilities: Mapping[Meaning, float]) -> tuple[Meaning, ...]:
    """The readings that a person can choose between, at most two: the rules', then the classifier's likeliest."""
    likely = sorted(probabilities, key=lambda meaning: -probabilities[meaning])
    worthy = [meaning for meaning in likely if probabilities[meaning] >= _WORTH_A_BUTTON]
    return tuple(dict.fromkeys(meaning for meaning in (rules, *worthy) if meaning is not Meaning.AMBIGUOUS))[:2]


def _likelihood(rules: Meaning, meaning: Meaning) -> float:
    """How likely it is that the rules read `rules` in a message of this meaning."""
    if meaning is Meaning.AMBIGUOUS:
        own = {
            meaning: _RIGHT_OF_AMBIGUOUS,
            Meaning.UNRELATED: _UNRELATED_OF_AMBIGUOUS,
            Meaning.DONE: _DONE_OF_AMBIGUOUS,
        }
        return own.get(rules, _OTHER_OF_AMBIGUOUS)
    if meaning in _ASIDE:
        return {meaning: _RIGHT_OF_ASIDE, Meaning.AMBIGUOUS: _AMBIGUOUS_OF_ASIDE}.get(rules, _OTHER_OF_ASIDE)
    own = {meaning: _RIGHT_OF_CASE, Meaning.AMBIGUOUS: _AMBIGUOUS_OF_CASE, Meaning.UNRELATED: _UNRELATED_OF_CASE}
    return own.get(rules, _OTHER_OF_CASE)


def _cost(decided: Meaning, meaning: Meaning) -> float:
    """What it costs to read `decided` in a message of this meaning."""
    if decided is meaning:
        return 0
    if decided is Meaning.AMBIGUOUS:
        return _COST_OF_ASKING_ABOUT_ASIDE if meaning in _ASIDE else _COST_OF_ASKING
    if decided in _ASIDE:
        if meaning in _ASIDE:
            return _COST_BESIDE_A_CASE
        return _COST_OF_LOST_AMBIGUITY if meaning is Meaning.AMBIGUOUS else _COST_OF_LOSS
    if decided is Meaning.DONE:
        return _COST_OF_FALSE_DONE
    return _COST_OF_WAITING_MIXED_UP if {decided, meaning} == _WAITING else 1
