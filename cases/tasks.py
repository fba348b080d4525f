"""The tasks: what the worker runs, on its schedule or because somebody queued it (`cases.queue`).

A task may end at any instruction and run again.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from time import monotonic
from uuid import UUID

from django.utils.translation import override

from cases import clock, queue, selectors
from cases.inbox import third_reader
from cases.inbox.process import process_stored
from cases.inbox.spool import drain_spool
from cases.models import CardImport, Case, Heartbeat, User
from cases.operations import (
    account_mails,
    anchors,
    calendar_days,
    card_import,
    deletion,
    erasure,
    idempotency_records,
    next_reminder,
)
from cases.operations.act_undo import undo_chunks
from cases.operations.card_import_undo import take_back_chunks
from cases.queue import WORKER_HEARTBEAT
from cases.reminders import account_mail_delivery, anchor_delivery, delivery_hours, pipeline
from cases.reminders.delivery import any_due, deliver_due

log = logging.getLogger(__name__)

#: Seconds that one job goes on sending: the minute's other jobs must find their time even when the only worker waits
#: for a mail server that hangs, and Q_CLUSTER's timeout must not end it in the middle of a message.
DELIVERY_SECONDS = 20
#: Seconds that one job goes on reading messages, for the same reason.
READING_SECONDS = 10
#: Seconds that one job goes on asking language models, each request of which takes ten at most.
ASKING_SECONDS = 20
#: How long an uploaded table is stored, for its failed rows.
IMPORT_TABLE_RETENTION = timedelta(days=14)
#: Seconds that one job goes on bringing in rows, before it leaves the rest to another.
IMPORT_SECONDS = 30


def beat() -> None:
    """The job of every minute: says that the worker works."""
    Heartbeat.objects.update_or_create(name=WORKER_HEARTBEAT, defaults={"at": clock.now()})


def read_messages() -> None:
    """Takes in what waits in the spool and reads what carriers wrote, for a while; where more waits, another job goes
    on."""
    drain_spool(clock.now(), seconds=READING_SECONDS)
    if process_stored(clock.now(), seconds=READING_SECONDS) and selectors.unread_messages(clock.now()).exists():
        queue.enqueue("cases.tasks.read_messages")
    _enqueue_asking()


def ask_language_models() -> None:
    """Asks the teams' language models about what is unclear, for a while; the next minute goes on."""
    third_reader.ask_waiting(clock.now(), seconds=ASKING_SECONDS)


def _enqueue_asking() -> None:
    """In a job of its own, so that no reminder waits for a service of somebody else."""
    if selectors.any_for_language_models(clock.now()):
        queue.enqueue("cases.tasks.ask_language_models")


def sweep(first: bool = True) -> None:
    """The job of every minute: reminders that are due become notices, and notices that are due are sent.

    Before that, what waits in the spool is taken in and what carriers wrote is read, so that nobody is sent to chase an
    answer that has come.

    Sending is a job of its own. As soon as the first notices are made, the sweep steps back behind it in the queue
    and then goes on (`first` is False then), so that a single worker sends to the first people at once.
    """

    def enqueue_delivery() -> bool:
        queue.enqueue("cases.tasks.deliver")
        return first

    drain_spool(clock.now(), seconds=READING_SECONDS)
    process_stored(clock.now(), seconds=READING_SECONDS)
    if first:
        _enqueue_asking()
    if pipeline.run_sweep(clock.now(), enqueue_delivery).finished:
        queue.enqueue("cases.tasks.deliver")
    else:
        queue.enqueue("cases.tasks.sweep", False)


def deliver_account_mails() -> None:
    """Sends the emails about accounts that wait, for a while; where that went well and more waits, another job goes
    on."""
    outcome = account_mail_delivery.deliver_account_mails(seconds=DELIVERY_SECONDS)
    if outcome["sent"] and account_mail_delivery.any_account_mail_due(clock.now()):
        queue.enqueue("cases.tasks.deliver_account_mails")


def deliver() -> None:
    """Sends what waits to be sent, for a while; where that went well and more waits, another job goes on.

    Before that, as before a sweep, what carriers wrote is read. Emails about accounts that failed before are tried
    again by a job of their own: a mail server that hangs takes its time from it.
    """
    if account_mail_delivery.any_account_mail_due(clock.now()):
        queue.enqueue("cases.tasks.deliver_account_mails")
    process_stored(clock.now(), seconds=READING_SECONDS)
    outcome = deliver_due(seconds=DELIVERY_SECONDS)
    if outcome["sent"] and any_due(clock.now()):
        queue.enqueue("cases.tasks.deliver")


def nightly() -> None:
    """The job of every night: closed cases are planned for erasure and erased, teams deleted, stray files removed.

    The plans first, so that a team that keeps its cases for longer now loses none of them. The files last: what looks
    at each of them grows with their number, and may be cut off by the queue's time.
    """
    now = clock.now()
    erasure.plan_erasures(now)
    erasure.erase_due(now)
    deletion.delete_due_teams(now)
    card_import.delete_old_tables(now - IMPORT_TABLE_RETENTION)
    deletion.delete_expired_sessions(now)
    idempotency_records.delete_expired_answers(now)
    account_mails.delete_old_mails(now)
    queue.delete_forgotten_workers(now)
    erasure.forget_bill_files(now)
    erasure.remove_orphan_files()


def anchor() -> None:
    """The job of every hour: makes the anchor of the day if there is none yet, and sends what waits to be sent."""
    now = clock.now()
    anchors.make_daily_anchor(now)
    anchor_delivery.send_waiting_anchors(now)


def import_cards(import_id: int) -> None:
    """Brings in the rows of a table, for a while; where more wait, another job goes on."""
    started = monotonic()
    language = CardImport.objects.filter(pk=import_id).values_list("made_by__language", flat=True).first()
    with override(language):
        for import_ in card_import.run_chunks(import_id, clock.now()):
            if monotonic() - started > IMPORT_SECONDS and import_.cursor < import_.last_row:
                queue.enqueue("cases.tasks.import_cards", import_id)
                return


def take_back_import(import_id: int, user_id: int, asked_at: str) -> None:
    """Undoes what an import has done, as a person asked for at a moment (ISO 8601), in their language; by parts, like
    the import."""
    started, user, now = monotonic(), User.objects.get(pk=user_id), datetime.fromisoformat(asked_at)
    with override(user.language):
        for _ in take_back_chunks(import_id, user, now):
            if monotonic() - started > IMPORT_SECONDS:
                queue.enqueue("cases.tasks.take_back_import", import_id, user_id, asked_at)
                return


def undo_act(token: str, user_id: int, asked_at: str, words: str) -> None:
    """Undo an act of a person over very many cases, as asked for at a moment (ISO 8601); by parts, like an import."""
    started, user = monotonic(), User.objects.get(pk=user_id)
    chunks = undo_chunks(UUID(token), by=user, now=datetime.fromisoformat(asked_at), words=words)
    for _ in chunks:
        if monotonic() - started > IMPORT_SECONDS:
            queue.enqueue("cases.tasks.undo_act", token, user_id, asked_at, words)
            return


def apply_notification_hours(user_id: int, after_id: int = 0) -> None:
    """A person takes reminders at other hours now: those of their cases are set again, and what waits to be sent."""
    if not after_id:
        delivery_hours.reschedule_notices(clock.now(), user_id)
    person = User.objects.filter(pk=user_id).first()
    next_id = person and next_reminder.reschedule_for_user(person, clock.now(), after=after_id)
    if next_id:
        queue.enqueue("cases.tasks.apply_notification_hours", user_id, next_id)


# Recalculation. Every job may end at any instruction and run again: a case that follows the calendar already is left
# as it is, and the keys are walked upwards, so that the memory does not grow with the cases.


def recalculate_days(days: Sequence[str], words: str, after_id: int = 0) -> None:
    """Days (ISO dates) were changed by hand: open windows that contain one, and reminders from then on, follow; so
    does what waits to be sent.

    `words` go into the record of each case that changes; `after` is the key of the last case that was looked at.
    """
    if not after_id:
        delivery_hours.reschedule_notices(clock.now())
    affected = calendar_days.affected_by_days([date.fromisoformat(day) for day in days])
    next_id = calendar_days.recalculate(affected, words, after_id)
    if next_id is not None:
        queue.enqueue("cases.tasks.recalculate_days", days, words, next_id)


def recalculate_years(years: Sequence[int], after_id: int = 0) -> None:
    """Years were marked as complete, or are no longer: what reaches into one of them follows."""
    cases = Case.objects.all()
    # The schedule of a year may move days of the last week before it.
    affected = selectors.with_reminder_after(cases, date(min(years) - 1, 12, 24))
    for year in years:
        affected |= selectors.with_window_in_year(cases, year)
    next_id = calendar_days.recalculate(affected, ", ".join(map(str, years)), after_id)
    if next_id is not None:
        queue.enqueue("cases.tasks.recalculate_years", years, next_id)


def recalculate_provisional(after_id: int = 0) -> None:
    """A new release of the calendar package may bring the schedule that provisional deadlines wait for."""
    next_id = calendar_days.recalculate(selectors.provisional(Case.objects.all()), "", after_id)
    if next_id is not None:
        queue.enqueue("cases.tasks.recalculate_provisional", next_id)
