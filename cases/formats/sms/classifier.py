"""The second reader of messages: a linear classifier on characters, trained apart from the rules (docs/reading.md)."""

from collections.abc import Mapping

from cases.domain.message_meaning import Meaning


def probabilities(text: str) -> Mapping[Meaning, float]:
    """The calibrated probability of each meaning of a message's text (0 to 1, together 1); empty without weights."""
    return {}
