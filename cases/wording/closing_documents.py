"""What to ask for at the counter once a number is cancelled (facts.md, 'After the cancellation')."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.models.choices import CLOSING_KINDS, ReceiptKind
from cases.wording.joining import join_names


@dataclass(frozen=True)
class ClosingDocument:
    """A document that shows the end of a number: its name, what it is good for, whether a receipt of it is there."""

    kind: str
    label: str
    purpose: str
    is_there: bool


def closing_documents(kinds: Collection[str]) -> list[ClosingDocument]:
    """All of them, in the order in which they are asked for; `kinds`: of the receipts of the case that count."""
    purposes = {
        ReceiptKind.CLOSURE: _("with the seal: shows that the number is cancelled, and since when"),
        ReceiptKind.SETTLEMENT: _("with the seal: shows that nothing is owed"),
        ReceiptKind.FINAL_BILL: _("shows what was charged up to the end; it often comes with the next month"),
    }
    return [ClosingDocument(kind.value, str(kind.label), purposes[kind], kind in kinds) for kind in CLOSING_KINDS]


def closing_kind_labels(kinds: Collection[str]) -> str:
    """The names of those that are there, for a cell of a table."""
    return join_names(document.label for document in closing_documents(kinds) if document.is_there)
