"""The checklist of cases: how it stands. The verbs are in follow_up.py and submission.py."""

from collections.abc import Mapping, Sequence

from cases.domain.checklist import ChecklistLine, ItemMark, build_checklist, is_company
from cases.domain.status import Status
from cases.models import Case, ChecklistMark

Marks = Mapping[str, ItemMark]


def marks_of(cases: Sequence[Case]) -> dict[int, dict[str, ItemMark]]:
    """What is settled on each case, by the item's code; one query."""
    marks: dict[int, dict[str, ItemMark]] = {}
    for mark in ChecklistMark.objects.filter(case__in=cases):
        marks.setdefault(mark.case_id, {})[mark.code] = ItemMark(mark.state, mark.at)
    return marks


def lines_of(case: Case, marks: Marks) -> list[ChecklistLine]:
    """The checklist of a case, by its holder, its carrier and what the carrier returned it for."""
    is_returned = case.state is Status.RETURNED
    return build_checklist(
        marks,
        company=is_company(case.card.holder),
        virtual=case.carrier.is_virtual,
        returned_for=case.return_reason if is_returned else "",
        returned_at=case.returned_at if is_returned else None,
    )


def checklist_of(case: Case) -> list[ChecklistLine]:
    """The checklist of one case as it stands; one query."""
    return lines_of(case, marks_of([case]).get(case.pk, {}))
