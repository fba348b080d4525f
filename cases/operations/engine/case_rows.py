"""The rows that hang on cases: loaded for many cases at once when a verb first looks at them, and written back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import models

from cases.models import Case, Charge, ChecklistMark, Escalation, Refund, Verification, WaitingRound
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.group_by_case import group_by_case

CaseRow = WaitingRound | Escalation | Verification | Charge | Refund | ChecklistMark
RowT = TypeVar("RowT", WaitingRound, Escalation, Verification, Charge, Refund, ChecklistMark)

#: What may change in a stored row, by its model, in the order in which they are written.
_CHANGEABLE: Mapping[type[models.Model], tuple[str, ...]] = {
    WaitingRound: ("started_at", "reply_by", "ended_at", "late"),
    Escalation: ("answer_by", "decided_at", "answered_at", "satisfied", "nothing_owed"),
    Charge: ("refunded_on", "written_off_on"),
    Refund: (
        *("amount", "way", "account_ending", "due_on", "put_off_from", "due_basis"),
        *("received", "received_on", "closed_on", "written_off"),
    ),
    ChecklistMark: ("state", "at"),
}


class LoadedRows:
    """The rows of some cases, one query for each model that is asked for; of no cases there are none."""

    def __init__(self, case_ids: Sequence[int] = ()) -> None:
        self._case_ids = case_ids
        self._loaded: dict[type[models.Model], Mapping[int, list[Any]]] = {}

    def of(self, model: type[RowT], case: Case) -> list[RowT]:
        """The rows of one case, in the order of their keys, or of their numbers where they have one."""
        if model not in self._loaded:
            rows: Iterable[RowT] = model._default_manager.filter(case__in=self._case_ids) if self._case_ids else []
            self._loaded[model] = group_by_case(rows)
        loaded: list[RowT] = self._loaded[model].get(case.pk, [])
        return loaded


def save_verifications(rows: Iterable[Verification]) -> None:
    """Write new verifications; before their cases, which name them."""
    Verification.objects.bulk_create(rows)


def save_rows(rows: Sequence[CaseRow]) -> None:
    """Write the rows that are new or changed, but for verifications."""
    for model, columns in _CHANGEABLE.items():
        own_rows = list({id(row): row for row in rows if isinstance(row, model)}.values())
        # The stored ones first: of rounds, escalations and refunds only one may run at a time.
        save_columns([row for row in own_rows if row.pk], columns)
        model._default_manager.bulk_create([row for row in own_rows if not row.pk])


def delete_rows(rows: Iterable[CaseRow]) -> None:
    """Delete rows that the record no longer holds."""
    for model in (WaitingRound, Escalation, Charge, Refund, ChecklistMark, Verification):
        keys = [row.pk for row in rows if isinstance(row, model) and row.pk]
        if keys:
            model._default_manager.filter(pk__in=keys).delete()
