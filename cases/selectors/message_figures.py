"""How a team's messages were read and what people decided about it: figures of this installation, of nothing else."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from cases.domain.message_meaning import Meaning
from cases.models import CarrierMessage, Team
from cases.models.choices import MessageDecision, MessageState


@dataclass
class MeaningFigures:
    """The messages that were read as one meaning: how many, and what became of them."""

    meaning: str
    read: int = 0
    confirmed: int = 0
    dismissed: int = 0
    #: How many people gave another meaning, by that one, the most frequent first.
    corrected_to: Counter[str] = field(default_factory=Counter)

    @property
    def corrected(self) -> int:
        return self.corrected_to.total()

    @property
    def undecided(self) -> int:
        """Recorded by the product itself and left so, waiting, or saved where nothing was to be decided."""
        return self.read - self.confirmed - self.dismissed - self.corrected


@dataclass(frozen=True)
class ModelFigures:
    """The readings of a language model: how many, about how many of them a person decided, and as it had said."""

    read: int
    decided: int
    as_read: int


def reading_figures(team: Team) -> list[MeaningFigures]:
    """A team's messages by what they were read as, in the order of the meanings; one query. Parts of others, and what
    is not read yet, are left out."""
    figures = {meaning.value: MeaningFigures(meaning.value) for meaning in Meaning}
    for meaning, decision, decided_meaning, count in (
        _read_messages(team).values_list("meaning", "decision", "decided_meaning").annotate(Count("pk")).order_by()
    ):
        row = figures[meaning]
        row.read += count
        if decision == MessageDecision.RIGHT:
            row.confirmed += count
        elif decision == MessageDecision.SET_ASIDE:
            row.dismissed += count
        elif decision == MessageDecision.CORRECTED:
            row.corrected_to[decided_meaning] += count
    return [row for row in figures.values() if row.read]


def model_figures(team: Team) -> ModelFigures | None:
    """The readings of the team's language model; None where there are none. One query."""
    readings = list(
        _read_messages(team)
        .filter(reading__language_model__isnull=False)
        .values_list("reading__language_model__meaning", "decided_meaning")
    )
    decided = [(meaning, given) for meaning, given in readings if given]
    return (
        ModelFigures(len(readings), len(decided), sum(meaning == given for meaning, given in decided))
        if readings
        else None
    )


def _read_messages(team: Team) -> QuerySet[CarrierMessage]:
    messages = CarrierMessage.objects.filter(team=team).exclude(meaning="")
    return messages.exclude(state__in=(MessageState.NEW, MessageState.PART))
