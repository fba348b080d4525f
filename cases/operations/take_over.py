"""A case taken over from a table: it begins in the standing that the table names, with what is known of its moments."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from cases.models.choices import EntryKind
from cases.operations.engine.verb import Verb, Work


@dataclass(frozen=True)
class TakeOver(Verb):
    """A draft was found in a table in this standing (`status`, a CaseStatus of `formats.tables.readings`).

    `submitted_at` is aware; None: not known, and the case counts from the moment of taking over.
    """

    status: str
    submitted_at: datetime | None = None
    returned_on: date | None = None
    closed_on: date | None = None
    reference: str = ""
    return_reason: str = ""
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.TAKEN_OVER

    def apply(self, work: Work) -> None:
        raise NotImplementedError
