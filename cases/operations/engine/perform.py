"""How every verb runs: lock the cases, let the verb change them in memory, write all of it in one transaction.

A verb is a small frozen dataclass that says what somebody did (`Verb`). `perform` runs one over
any number of cases in a number of queries that does not grow with them; each case is done wholly, with one timeline
entry, or refused with a named error and left untouched. Rules about a single case live in the verb and in
`cases.domain`; nothing here knows any.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from cases.domain.business_days import WorkingCalendar, local
from cases.domain.errors import CaseError, ChangedMeanwhile
from cases.domain.retention import Erased
from cases.models import Case, Escalation, TimelineEntry, User, Verification, WaitingRound
from cases.operations import timeline_writer
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.rights import ActorRoles
from cases.operations.engine.verb import Unchanged, Verb, Work
from cases.operations.next_reminder import schedule_next_reminder
from cases.selectors import working_calendar

#: Cases in one transaction: enough to make the queries cheap, few enough to hold their locks briefly.
CHUNK = 500


@dataclass
class VerbOutcome:
    """What became of each case."""

    done: list[Case] = field(default_factory=list)
    refused: list[tuple[Case, CaseError]] = field(default_factory=list)


def perform(
    verb: Verb,
    cases: Iterable[Case],
    *,
    by: User | None,
    now: datetime,
    submit_token: UUID | None = None,
    expected_version: int | None = None,
) -> VerbOutcome:
    """Run a verb over cases that the caller found through its own door (`queries.cases_of`).

    `by` is who does it, None for the product itself; `now` the aware moment of recording; `click` a form's one-time
    number, by which the same click twice is done once; `seen` the version of the case that the form showed.
    Chunks commit one by one, unless the caller holds a transaction. Cases of teams in which the person's role does not
    allow the verb (`Verb.right`) are refused.
    """
    outcome = VerbOutcome()
    actor = ActorRoles.of(by)
    ids = sorted({case.pk for case in cases})
    calendar = working_calendar()
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        try:
            _perform_chunk(
                verb,
                chunk,
                outcome,
                by=by,
                actor=actor,
                now=now,
                calendar=calendar,
                submit_token=submit_token,
                expected_version=expected_version,
            )
        except IntegrityError:
            # Somebody else was quicker somewhere in the chunk; one by one, only that case is refused.
            for pk in chunk:
                _perform_single(
                    verb,
                    pk,
                    outcome,
                    by=by,
                    actor=actor,
                    now=now,
                    calendar=calendar,
                    submit_token=submit_token,
                    expected_version=expected_version,
                )
    return outcome


def perform_one(
    verb: Verb,
    case: Case,
    *,
    by: User | None,
    now: datetime,
    submit_token: UUID | None = None,
    expected_version: int | None = None,
) -> Case:
    """Run a verb over one case and return it as it stands now; raises the CaseError that refused it."""
    outcome = perform(verb, [case], by=by, now=now, submit_token=submit_token, expected_version=expected_version)
    for _, error in outcome.refused:
        raise error
    return outcome.done[0]


def _perform_single(verb: Verb, pk: int, outcome: VerbOutcome, **options: Any) -> None:
    try:
        _perform_chunk(verb, [pk], outcome, **options)
    except IntegrityError:
        case = Case.objects.select_related("card", "carrier", "handler").get(pk=pk)
        error = verb.conflict(case)
        if error is None:
            raise
        outcome.refused.append((case, error))


def _perform_chunk(
    verb: Verb,
    ids: Sequence[int],
    outcome: VerbOutcome,
    *,
    by: User | None,
    actor: ActorRoles,
    now: datetime,
    calendar: WorkingCalendar,
    submit_token: UUID | None,
    expected_version: int | None,
) -> None:
    done: list[Case] = []
    refused: list[tuple[Case, CaseError]] = []
    works: list[Work] = []
    with transaction.atomic():
        cases = _lock_cases(ids)
        already_done = _cases_with_token(ids, by, submit_token)
        rounds = _group_by_case(WaitingRound.objects.filter(case__in=ids).order_by("number"))
        escalations = _group_by_case(Escalation.objects.filter(case__in=ids).order_by("id"))
        loaded = verb.load(cases)
        snapshots: list[dict[str, Any]] = []
        rescheduled: list[Case] = []
        for case in cases:
            if case.pk in already_done:
                done.append(case)
                continue
            work = Work(
                case, now, by, calendar, rounds.get(case.pk, []), escalations.get(case.pk, []), loaded.get(case.pk)
            )
            work.kind = verb.kind
            snapshot = _snapshot(case)
            try:
                actor.check(verb.right, case.team_id)
                if case.erased_at:
                    raise Erased(day=local(case.erased_at).date())
                if verb.guarded and expected_version is not None and expected_version != case.version:
                    raise ChangedMeanwhile()
                verb.apply(work)
            except Unchanged:
                done.append(case)
                if by is None:
                    schedule_next_reminder(case, work.escalations, calendar)
                if case.next_reminder_at != snapshot["next_reminder_at"]:
                    rescheduled.append(case)  # the calendar moved the reminder alone: nothing for the record
            except CaseError as error:
                # What the verb changed in memory is dropped with this copy.
                _restore(case, snapshot)
                refused.append((case, error))
            else:
                works.append(work)
                snapshots.append(snapshot)
                done.append(case)
        save_columns(rescheduled, ["next_reminder_at"])
        if works:
            _write_chunk(verb, works, snapshots, submit_token)
    outcome.done += done
    outcome.refused += refused


def _lock_cases(ids: Sequence[int]) -> list[Case]:
    # In the order of their keys, so that two batches cannot wait for each other. On SQLite the transaction itself
    # is the lock.
    cases = Case.objects.select_for_update(of=("self",))
    cases = cases.select_related("card", "carrier", "handler", "verification")
    return list(cases.filter(pk__in=ids).order_by("pk"))


def _cases_with_token(ids: Sequence[int], by: User | None, submit_token: UUID | None) -> set[int]:
    if submit_token is None:
        return set()
    entries = TimelineEntry.objects.filter(case__in=ids, recorded_by=by, click=submit_token)
    return set(entries.values_list("case_id", flat=True))


def _group_by_case(rows: Iterable[Any]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.case_id, []).append(row)
    return groups


_FIELDS = [f.attname for f in Case._meta.concrete_fields]
#: A change of one of these is what another person must have seen before acting.
_VERSIONED_FIELDS = (
    "status",
    "submission",
    "submitted_at",
    "round",
    "reply_by",
    "reported_done_at",
    "verification_id",
    "handler_id",
)


def _snapshot(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in _FIELDS}


def _restore(case: Case, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(case, name, value)


def _write_chunk(verb: Verb, works: list[Work], snapshots: list[dict[str, Any]], submit_token: UUID | None) -> None:
    _save_verifications(works)
    entries = timeline_writer.TimelineWriter(submit_token)
    changed_columns: set[str] = set()
    for work, snapshot in zip(works, snapshots, strict=True):
        case = work.case
        if case.reply_by != snapshot["reply_by"]:
            work.content["reply_by"] = [_iso(snapshot["reply_by"]), _iso(case.reply_by)]
        is_new_version = any(getattr(case, name) != snapshot[name] for name in _VERSIONED_FIELDS) or bool(
            work.changed_rows
        )
        case.version += is_new_version
        if verb.settles_reminder:
            case.reminded_until = work.now
        is_due = case.next_reminder_at is not None and case.next_reminder_at <= work.now
        is_acknowledged = work.by is not None and (is_new_version or not is_due)
        schedule_next_reminder(case, work.escalations, work.calendar, seen_at=work.now if is_acknowledged else None)
        entries.add(work, status_from=snapshot["status"])
        changed_columns |= {name for name in _FIELDS if getattr(case, name) != snapshot[name]}
    _save_rows(works)
    save_columns([work.case for work in works], sorted(changed_columns))
    entries.save()
    verb.write(works)


def _iso(moment: datetime | None) -> str | None:
    return local(moment).isoformat() if moment else None


def _save_verifications(works: list[Work]) -> None:
    new_verifications = [(work.case, work.verification) for work in works if work.verification is not None]
    Verification.objects.bulk_create([verification for _, verification in new_verifications])
    for case, verification in new_verifications:
        if case.verification is verification:
            case.verification = verification  # now with its key


def _save_rows(works: list[Work]) -> None:
    rows = [row for work in works for row in work.changed_rows]
    rounds = [row for row in rows if isinstance(row, WaitingRound)]
    escalations = [row for row in rows if isinstance(row, Escalation)]
    # The ended ones first: only one may run at a time.
    save_columns([r for r in rounds if r.pk], ["started_at", "reply_by", "ended_at", "late"])
    WaitingRound.objects.bulk_create([r for r in rounds if not r.pk])
    save_columns([e for e in escalations if e.pk], ["answer_by", "decided_at", "answered_at", "satisfied"])
    Escalation.objects.bulk_create([e for e in escalations if not e.pk])
