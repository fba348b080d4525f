"""Erasing the content of closed cases, while the chain of their records stays (domain.md, 'Retention').

What stays of an erased case is its course: statuses, days, deadlines, sums. Everything that names or quotes somebody
is erased: the content of its entries, receipts with their files, letters, messages, references, notes, and the
number of its card, unless the card has another case that is not erased.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.db import OperationalError, connection, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from cases.domain import phones
from cases.domain.business_days import add_months, local, start_of_day
from cases.domain.refunds import RefundStillOpen
from cases.domain.reminder_kinds import ReminderKind
from cases.domain.retention import NotClosed, StillDisputed, erasure_day, is_erasure_due, latest_closing_day
from cases.domain.roles import Right
from cases.domain.status import OPEN_STATUSES, Status
from cases.models import (
    Batch,
    Bill,
    BillFinding,
    Card,
    CarrierMessage,
    Case,
    Charge,
    Escalation,
    ImportedCard,
    Letter,
    Notice,
    Receipt,
    Refund,
    Reminder,
    Team,
    TimelineContent,
    TimelineEntry,
    User,
)
from cases.models.choices import AuditKind, EntryKind, NoticeState
from cases.models.receipt_store import receipt_store
from cases.operations import erasure_list
from cases.operations.audit_log import record_audit_entry
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.group_by_case import group_by_case
from cases.operations.engine.perform import CHUNK, perform
from cases.operations.engine.recorded_state import course_of
from cases.operations.engine.unchained_columns import unchained_columns
from cases.operations.engine.verb import Unchanged, Verb, Work


@dataclass(frozen=True)
class Retain(Verb):
    """Exempt this case from erasure, for a reason; `retain` False ends the exemption."""

    retain: bool
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.KEPT
    content_names: ClassVar[Mapping[str, str]] = {"retain": "kept"}
    right: ClassVar[Right] = Right.MANAGE

    def apply(self, work: Work) -> None:
        if work.case.state in OPEN_STATUSES:
            raise NotClosed()
        if self.retain:
            work.require_reason(self.words)
        if work.case.retain == self.retain:
            raise Unchanged
        work.case.retain, work.case.erase_on = self.retain, None
        work.content |= {"kept": self.retain, "words": self.words}


@dataclass(frozen=True)
class Erase(Verb):
    """Erase the papers and words of a closed case permanently; the entry that says so is the last.

    `is_replay`: after a restore; the conditions were checked the first time.
    """

    words: str = ""
    is_replay: bool = False
    kind: ClassVar[EntryKind] = EntryKind.ERASED
    right: ClassVar[Right] = Right.MANAGE

    def load(self, cases: Sequence[Case]) -> Mapping[int, list[TimelineEntry]]:
        """The entries whose contents go."""
        return group_by_case(TimelineEntry.objects.filter(case__in=cases).order_by("case_id", "sequence"))

    def apply(self, work: Work) -> None:
        case = work.case
        if case.state in OPEN_STATUSES:
            raise NotClosed()
        if not self.is_replay and any(e.answered_at is None for e in work.escalations):
            raise StillDisputed()
        if not self.is_replay and owes_refund(case):
            raise RefundStillOpen()
        case.erased_at, case.erase_on, case.retain = work.now, None, False
        case.carrier_reference, case.message_at = "", None
        # What came before cannot be replayed without its content: the course of the case is recorded once more.
        work.content |= {"words": self.words, "state": course_of(work), "carrier": case.carrier.slug}
        work.content |= {"columns": unchained_columns(work.loaded)}

    def write(self, works: Sequence[Work]) -> None:
        cases = [work.case for work in works]
        _erase_rows(cases)
        erasures: list[erasure_list.Erasure] = [
            {"at": work.now.isoformat(), "what": "case", "reference": work.case.reference} for work in works
        ]
        erasure_list.append(*erasures)


def owes_refund(case: Case) -> bool:
    """Whether the carrier owes a balance back; of a request that was withdrawn it does not."""
    return case.state is Status.CONFIRMED and case.refund_due_on is not None


def _erase_rows(cases: Sequence[Case]) -> None:
    contents = TimelineContent.objects.filter(entry__case__in=cases)
    contents.exclude(entry__kind=EntryKind.ERASED).erase()
    receipts = Receipt.objects.filter(case__in=cases)
    files = list(receipts.values_list("case__team_id", "sha256"))
    Letter.objects.filter(case__in=cases).delete()
    receipts.erase()
    CarrierMessage.objects.filter(case__in=cases).delete()
    Charge.objects.filter(case__in=cases).update(words="")
    Refund.objects.filter(case__in=cases).update(words="", account_ending="")
    BillFinding.objects.filter(case__in=cases).update(words="")
    Escalation.objects.filter(case__in=cases).update(reference="")
    # A reminder that was told over one channel may have left the group from which it was told.
    for path in ("lines__bundle__reminders__case__in", "deliveries__reminder__case__in"):
        sent_notices = Notice.objects.filter(**{path: cases}).exclude(state=NoticeState.PENDING)
        Notice.objects.filter(pk__in=sent_notices.values("pk")).update(subject="", body="")
    _erase_cards({case.card_id for case in cases})
    unerased_cases = Case.objects.filter(batch=OuterRef("pk"), erased_at=None)
    batches = Batch.objects.filter(~Exists(unerased_cases), pk__in={case.batch_id for case in cases})
    batches.update(reference="", words="")
    transaction.on_commit(lambda: _remove_files(files))


_ERASED_TEXTS = ("holder", "user", "department", "plan", "purpose", "iccid", "note", "handler_name")


def _erase_cards(keys: set[int]) -> None:
    """What is known of those cards all of whose cases are erased, but for carrier, fee and days."""
    unerased_cases = Case.objects.filter(card=OuterRef("pk"), erased_at=None)
    for card in Card.objects.filter(~Exists(unerased_cases), pk__in=keys):
        CarrierMessage.objects.filter(card=card).delete()
        ImportedCard.objects.filter(card=card).delete()
        BillFinding.objects.filter(card=card).delete()
        erased_values = {"number": phones.erased_placeholder(card.pk), "custom": {}, **dict.fromkeys(_ERASED_TEXTS, "")}
        for name, value in erased_values.items():
            setattr(card, name, value)
        card.save(update_fields=erased_values)


def _remove_files(files: Sequence[tuple[int, str]]) -> None:
    """The bytes that no receipt of their team names any more; `remove_orphan_files` deletes what a kill leaves."""
    for team, sha256 in files:
        if sha256 not in _named_files(team, sha256):
            receipt_store.remove(team, sha256)


# By the team's choice


def set_retention(team: Team, months: int | None, *, by: User, now: datetime) -> None:
    """How long the team keeps closed cases, in months; None: permanently. Effective from the next night."""
    with transaction.atomic():
        team.keep_months = months
        team.save(update_fields=["keep_months"])
        record_audit_entry(AuditKind.SETTINGS_CHANGED, by=by, now=now, team=team, about=f"keep_months: {months or '-'}")


def plan_erasures(now: datetime) -> int:
    """Set, move or take back the days of erasure of all teams' closed cases; returns how many changed. Run daily."""
    today, count = local(now).date(), 0
    closed_cases = Case.objects.filter(closed_at__isnull=False, erased_at=None, retain=False).select_related("team")
    for keys in _chunks(closed_cases.filter(_planned_or_due(today))):
        with transaction.atomic():
            rows = list(Case.objects.select_for_update(of=("self",)).select_related("team").filter(pk__in=keys))
            changed_cases = []
            for case in rows:
                day = case.closed_at and erasure_day(case.closed_at, case.team.keep_months, case.erase_on, today)
                if day != case.erase_on:
                    case.erase_on = day or None
                    case.next_reminder_at = now if day else case.next_reminder_at
                    changed_cases.append(case)
            # A hint: the next sweep computes when the reminder is due.
            save_columns(changed_cases, ["erase_on", "next_reminder_at"])
            count += len(changed_cases)
    return count


def _planned_or_due(today: date) -> Q:
    """Cases that are planned, or may have to be: a night looks at those that end soon, not at all that are closed."""
    condition = Q(erase_on__isnull=False)
    for months in set(Team.objects.filter(keep_months__isnull=False).values_list("keep_months", flat=True)):
        condition |= Q(team__keep_months=months, closed_at__lt=start_of_day(latest_closing_day(months or 0, today)))
    return condition


def erase_due(now: datetime) -> int:
    """Erase the cases whose day has come and of which notice was given 30 days before; without notice they get a new
    day. Run daily."""
    today, count = local(now).date(), 0
    for keys in _chunks(Case.objects.filter(erase_on__lte=today)):
        cases = list(Case.objects.filter(pk__in=keys))
        disputed_keys = set(
            Escalation.objects.filter(case__in=keys, answered_at=None).values_list("case_id", flat=True)
        )
        cases = [case for case in cases if case.pk not in disputed_keys and not owes_refund(case)]
        announced = _announced_at(cases)
        to_erase = [
            case for case in cases if case.erase_on and is_erasure_due(case.erase_on, announced.get(case.pk), today)
        ]
        unannounced = [case.pk for case in cases if case not in to_erase and case.pk not in announced]
        Case.objects.filter(pk__in=unannounced, erase_on__lte=today).update(erase_on=None)  # to be announced
        count += len(perform(Erase(), to_erase, by=None, now=now).done)
    if count:
        checkpoint_wal()
    return count


def _announced_at(cases: Sequence[Case]) -> dict[int, datetime]:
    """When the reminder went out for the day that is planned."""
    rows = Reminder.objects.filter(
        case__in=cases,
        bundle__isnull=False,  # not one that was released untold
        kind=ReminderKind.ERASURE,
        occasion__in={str(c.erase_on) for c in cases},
    )
    planned_days = {case.pk: str(case.erase_on) for case in cases}
    announcements = rows.values("case_id", "occasion").annotate(announced_at=Max("bundle__made_at"))
    return {
        row["case_id"]: row["announced_at"] for row in announcements if planned_days[row["case_id"]] == row["occasion"]
    }


def _chunks(cases: QuerySet[Case]) -> Iterator[list[int]]:
    """The keys of these cases, walked upwards, so that the memory does not grow with them."""
    after = 0
    while keys := list(cases.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield keys
        after = keys[-1]


def remove_orphan_files() -> int:
    """Remove the files that no receipt names and nobody touched for a day; returns how many. Run daily."""
    return receipt_store.delete_orphans(_named_files)


def _named_files(team: int, *sha256: str) -> set[str]:
    """The files of a team that a receipt or a bill names; of these only, where any are given."""
    receipts, bills = Receipt.objects.filter(case__team=team), Bill.objects.filter(team=team)
    if sha256:
        receipts, bills = receipts.filter(sha256__in=sha256), bills.filter(sha256__in=sha256)
    return {*receipts.values_list("sha256", flat=True), *bills.values_list("sha256", flat=True)}


def forget_bill_files(now: datetime) -> int:
    """Remove the files of bills that are older than their team keeps closed cases: they name numbers that were erased.

    What was found in them stays. Returns how many; run daily.
    """
    today, count = local(now).date(), 0
    for team in Team.objects.filter(keep_months__isnull=False):
        before = add_months(today.replace(day=1), -(team.keep_months or 0))
        for bill in Bill.objects.filter(team=team, month__lt=before).exclude(sha256__startswith="~"):
            files, bill.sha256 = [(team.pk, bill.sha256)], f"~{bill.pk}"
            bill.save(update_fields=["sha256"])
            _remove_files(files)
            count += 1
    return count


def checkpoint_wal() -> None:
    """Remove deleted data from SQLite's log; on PostgreSQL its vacuum does."""
    if connection.vendor == "sqlite":
        # Somebody who is reading is in the way: then the next checkpoint does it.
        with suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
