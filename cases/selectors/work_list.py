"""The work list: which cases stand in which section, in which order, a batch as one row.

The sections and their order are `cases.domain.work_order`; these are its queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Coalesce

from cases.domain.business_days import WorkingCalendar
from cases.domain.deadlines import Basis
from cases.domain.escalation import (
    appeal_answer_by,
    appeal_decision_by,
    complaint_answer_by,
    complaint_due_until,
    runs_since,
)
from cases.domain.status import Status
from cases.domain.work_order import LATER, WorkSection
from cases.models import Case, Escalation
from cases.models.choices import EscalationKind
from cases.selectors.calendar import working_calendar
from cases.selectors.cases import (
    Cases,
    due_today,
    overdue,
    refund_overdue,
    returned,
    to_verify,
    waiting_beyond_today,
    with_status,
)
from cases.selectors.search import RowCount, fetch_together

#: Rows of one section, and of those that can wait; the rest is a link away.
SECTION_ROWS, GLANCE_ROWS = 15, 5
#: Cases of a section among which batches are gathered, and those of a batch that its row unfolds to.
GATHERED, UNFOLDED = 200, 50
#: By what the cases of a section follow each other; by the deadline where nothing stands here, '' newest first.
_ORDER = {
    WorkSection.MESSAGE: "message_at",
    WorkSection.TO_VERIFY: "reported_done_at",
    WorkSection.RETURNED: "returned_at",
    WorkSection.REFUND: "refund_due_on",
    WorkSection.DRAFT: "",
}
#: Where a case may stand for a complaint or an appeal about money alone; these come last.
_MAY_LACK_A_DAY = (WorkSection.REFUND, WorkSection.ESCALATED)


@dataclass(frozen=True)
class WorkRow:
    """One row: a case, or those of a batch in the section (`batch` is its key), as many as were gathered."""

    cases: list[Case]
    batch: int | None = None
    #: How many of the batch the section has, counted no further than GATHERED.
    count: int = 1


@dataclass(frozen=True)
class WorkListSection:
    """`count`: cases, capped as `RowCount` does; `shown`: those that `rows` have."""

    key: WorkSection
    count: int
    rows: list[WorkRow] = field(default_factory=list)

    @property
    def is_later(self) -> bool:
        return self.key in LATER

    @property
    def shown(self) -> int:
        return sum(row.count for row in self.rows)


_IS_CONFIRMED = Q(status=Status.CONFIRMED)


def section_query(section: WorkSection, cases: Cases, now: datetime, calendar: WorkingCalendar | None = None) -> Cases:
    """The cases of a section; none stands in two. `calendar`: read where it is not given."""
    if section is WorkSection.MESSAGE:
        return cases.filter(message_at__isnull=False)
    cases = cases.filter(message_at__isnull=True)
    if section is WorkSection.TO_VERIFY:
        return to_verify(cases)
    if section is WorkSection.RETURNED:
        return returned(cases)
    if section is WorkSection.DRAFT:
        return with_status(cases, Status.DRAFT)
    escalations = _Escalations(now, calendar or working_calendar())
    if section is WorkSection.REFUND:
        late = cases.filter(_IS_CONFIRMED, escalations.any_in_list(), escalations.is_late())
        # Each by its own index.
        overdue_refunds = refund_overdue(cases, now).exclude(escalations.still_runs())
        keys = overdue_refunds.order_by().values("pk").union(late.order_by().values("pk"), all=True)
        return cases.filter(pk__in=keys)
    if section is WorkSection.ESCALATED:
        with_deadline = Q(reply_by__isnull=False) | _IS_CONFIRMED
        return cases.filter(with_deadline, escalations.any_in_list(), escalations.still_runs())
    if section is WorkSection.OVERDUE:
        return overdue(cases, now).exclude(escalations.still_runs())
    if section in (WorkSection.DUE_TODAY, WorkSection.PROMISED_TODAY):
        is_promise = Q(basis=Basis.PROMISE)
        cases = due_today(cases, now).filter(reply_by__gt=now)
        cases = cases.filter(is_promise if section is WorkSection.PROMISED_TODAY else ~is_promise)
        return cases.exclude(escalations.still_runs())
    can_call = escalations.is_late() | (~escalations.any_runs() & _early_call(now, escalations))
    waiting = waiting_beyond_today(cases, now)
    if section is WorkSection.TO_CALL:
        return waiting.filter(can_call)
    return waiting.exclude(escalations.still_runs()).exclude(can_call)


def _early_call(now: datetime, escalations: "_Escalations") -> Q:
    """A call or a complaint is possible before the deadline (`case_standing._waiting_step`)."""
    is_open = Q(window_opens__lte=now) | Q(acknowledged_at__isnull=True, acknowledge_by__lte=now)
    due_before = complaint_due_until(now, escalations.calendar)
    promise_too_late = Q(basis=Basis.PROMISE, first_reply_by__lt=due_before) & ~escalations.any_complaint()
    return (Q(basis=Basis.SUBMISSION) & is_open) | promise_too_late


@dataclass(frozen=True)
class _Escalations:
    """Conditions on a case by its complaints and appeals (`next_reminder.reminder_state` and `case_standing`)."""

    now: datetime
    calendar: WorkingCalendar

    def still_runs(self) -> Q:
        """A complaint or an appeal runs, and whoever has it still has time: nothing to do but wait."""
        appeals, decision = self._appeals(), runs_since(appeal_decision_by, self.now, self.calendar)
        answer = runs_since(appeal_answer_by, self.now, self.calendar)
        has_time = Q(decided_at__isnull=True, lodged_at__gte=decision) | Q(
            decided_at__isnull=False, lodged_at__gte=answer
        )
        complaint_since = runs_since(complaint_answer_by, self.now, self.calendar)
        complaints = self._complaints().filter(lodged_at__gte=complaint_since)
        return Q(Exists(appeals.filter(has_time))) | (Q(Exists(complaints)) & ~Q(Exists(appeals)))

    def any_runs(self) -> Q:
        return Q(Exists(self._appeals())) | Q(Exists(self._complaints()))

    def any_in_list(self) -> Q:
        """Something runs: by the few that do, where there is no deadline to begin with. Not where nothing is owed any
        more of the money that it is about."""
        running = Escalation.objects.filter(answered_at__isnull=True, nothing_owed=False)
        return Q(pk__in=running.order_by().values("case"))

    def is_late(self) -> Q:
        """What runs should have been answered: time for an appeal, or to ask the appeal body."""
        return self.any_runs() & ~self.still_runs()

    def any_complaint(self) -> Q:
        """A complaint of this submission was lodged, or one runs."""
        complaints = Escalation.objects.filter(case=OuterRef("pk"), kind=EscalationKind.COMPLAINT).order_by()
        return Q(Exists(complaints.filter(Q(answered_at__isnull=True) | Q(submission=OuterRef("submission")))))

    def _appeals(self) -> QuerySet[Escalation]:
        return _running(EscalationKind.APPEAL)

    def _complaints(self) -> QuerySet[Escalation]:
        """Those that run and were not followed by an appeal."""
        followed = Escalation.objects.filter(
            case=OuterRef("case"), kind=EscalationKind.APPEAL, lodged_at__gte=OuterRef("lodged_at")
        )
        return _running(EscalationKind.COMPLAINT).exclude(Exists(followed.order_by()))


def _running(kind: EscalationKind) -> QuerySet[Escalation]:
    """Those of a case (the outer query) that run; of a confirmed one only those from after the confirmation
    (`domain.escalation.outlives_confirmation`)."""
    since = Coalesce(OuterRef("confirmed_at"), F("lodged_at"))
    running = Escalation.objects.filter(case=OuterRef("pk"), kind=kind, answered_at__isnull=True)
    return running.filter(lodged_at__gte=since).order_by()


def load_sections(
    cases: Cases, now: datetime, calendar: WorkingCalendar, counted: Sequence[Cases] = ()
) -> tuple[list[WorkListSection], list[int]]:
    """All sections with their first rows, and how many each query of `counted` has: one query for keys and counts, one
    for the batches, one for the cases, one for their escalations."""
    queries = {section: section_query(section, cases, now, calendar) for section in WorkSection}
    results = fetch_together(
        *(_first_keys(section, query) for section, query in queries.items()),
        *(RowCount(query) for query in (*queries.values(), *counted)),
    )
    counts = [result[0] for result in results[len(queries) :]]
    places = _places(cases, {key for section_keys in results[: len(queries)] for key in section_keys})
    gathered = {
        section: _gathered(section, [places[key] for key in keys if key in places])
        for section, keys in zip(queries, results, strict=False)
    }
    unfolded_keys = [key for rows in gathered.values() for keys, _ in rows for key in keys[:UNFOLDED]]
    by_pk = cases.select_related("card", "carrier", "handler", "team", "batch__carrier").in_bulk(unfolded_keys)
    prefetch_related_objects(list(by_pk.values()), "escalations")
    sections = []
    for section, count in zip(queries, counts, strict=False):
        rows = [_row(keys, batch, by_pk) for keys, batch in gathered[section]]
        sections.append(WorkListSection(section, count, [row for row in rows if row.cases]))
    return sections, counts[len(queries) :]


class _Place(NamedTuple):
    """What decides where a case stands among the others of its section."""

    pk: int
    batch_id: int | None
    reply_by: datetime | None
    message_at: datetime | None
    reported_done_at: datetime | None
    returned_at: datetime | None
    refund_due_on: date | None


def _first_keys(section: WorkSection, cases: Cases) -> QuerySet[Case, object]:
    by = _ORDER.get(section, "reply_by")
    if section in _MAY_LACK_A_DAY:
        return cases.order_by(F(by).asc(nulls_last=True), "pk").values("pk")[:GATHERED]
    return cases.order_by(*((by, "pk") if by else ("-pk",))).values("pk")[:GATHERED]


def _places(cases: Cases, keys: set[int]) -> dict[int, _Place]:
    rows = cases.filter(pk__in=keys).order_by().select_related(None).values_list(*_Place._fields)
    return {row[0]: _Place(*row) for row in rows}


def _gathered(section: WorkSection, places: list[_Place]) -> list[tuple[list[int], int | None]]:
    """The keys of each row in the order of the section, with the batch that they are of: a batch stands where the first
    of its cases would, and one case of a batch is a case."""
    by = _ORDER.get(section, "reply_by")
    dated = [place for place in places if by and getattr(place, by)]
    undated = sorted(set(places).difference(dated), key=lambda place: place.pk, reverse=not by)
    ordered = sorted(dated, key=lambda place: (getattr(place, by), place.pk)) + undated
    rows: list[tuple[list[int], int | None]] = []
    of_batch: dict[int, list[int]] = {}
    for place in ordered:
        if place.batch_id in of_batch:
            of_batch[place.batch_id].append(place.pk)
            continue
        keys = [place.pk]
        rows.append((keys, place.batch_id))
        if place.batch_id is not None:
            of_batch[place.batch_id] = keys
    return rows[: GLANCE_ROWS if section in (*LATER, WorkSection.DRAFT) else SECTION_ROWS]


def _row(keys: list[int], batch: int | None, by_pk: Mapping[int, Case]) -> WorkRow:
    cases = [by_pk[key] for key in keys[:UNFOLDED] if key in by_pk]
    return WorkRow(cases, batch if len(keys) > 1 else None, len(keys))
