"""An imported table taken back as a whole, while nothing else was done to what its rows have left."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from cases.domain.errors import CaseError
from cases.models import CardImport, ImportedCard, User


@dataclass
class TakenBack:
    """What became of the cards of an import: how many rows are as they were before, and those that are not, with why.

    `kept` are cards that the import registered and that stay, as the record of a withdrawn case hangs on them.
    """

    done: int = 0
    kept: int = 0
    left: list[tuple[ImportedCard, CaseError]] = field(default_factory=list)


def can_take_back(card_import: CardImport, by: User) -> bool:
    """Whether the import is done or stopped, has left something that is still noted, and `by` imported it or manages
    the team."""
    raise NotImplementedError


def start_taking_back(card_import: CardImport, *, by: User, now: datetime) -> bool:
    """Mark the import as taken back and note it in the audit log; False where `can_take_back` says no. What it did is
    then undone by `take_back_chunks`."""
    raise NotImplementedError


def take_back_chunks(pk: int, by: User, now: datetime) -> Iterator[TakenBack]:
    """Undo what the import has done, chunk by chunk, each committed when it is yielded; may be called again.

    What has moved on is noted as the import's failures, in the language that is active.
    """
    raise NotImplementedError


def take_back(card_import: CardImport, *, by: User, now: datetime) -> TakenBack:
    """All of it at once; raises NotTakenBack where `start_taking_back` would return False."""
    raise NotImplementedError
