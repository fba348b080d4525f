"""The tasks: what the worker runs, on its schedule or because somebody put it in the queue (`cases.queue`).

A task may end at any instruction and run again.
"""

import logging
from collections.abc import Sequence
from datetime import date, timedelta
from time import monotonic

from django.utils import timezone
from django.utils.translation import override

from cases import queue, selectors, wording
from cases.inbox.process import read_stored
from cases.models import CardImport, Case, Heartbeat, User
from cases.operations import Recalculate, card_import, deletion, erasure, next_reminder, perform, tokens
from cases.operations.engine.perform import CHUNK
from cases.queue import WORKER
from cases.reminders import delivery_hours, pipeline
from cases.reminders.delivery import any_due, deliver_due

log = logging.getLogger(__name__)

#: Cases that one job calculates again before it leaves the rest to the next: minutes below Q_CLUSTER's timeout.
RECALCULATED_AT_ONCE = 10 * CHUNK
#: Seconds that one job goes on sending: the minute's other jobs must find their time even when the only worker waits
#: for a mail server that hangs, and Q_CLUSTER's timeout must not end it in the middle of a message.
DELIVERING = 20
#: Seconds that one job goes on reading messages, for the same reason.
READING = 10
#: How long a table that was handed in is kept, for its failed rows.
TABLES_KEPT = timedelta(days=14)
#: Seconds that one job goes on bringing in rows, before it leaves the rest to another.
BRINGING_IN = 30


def beat() -> None:
    """The job of every minute: says that the worker works."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": timezone.now()})


def read_messages() -> None:
    """Reads what carriers wrote, for a while; where more waits, another job goes on."""
    if read_stored(timezone.now(), seconds=READING) and selectors.unread_messages(timezone.now()).exists():
        queue.enqueue("cases.tasks.read_messages")


def sweep(first: bool = True) -> None:
    """The job of every minute: reminders that are due become notices, and notices that are due are sent.

    Before that, what carriers wrote is read, so that nobody is sent to chase an answer that has come.

    Sending is a job of its own. As soon as the first notices are made, the sweep steps back behind it in the queue
    and then goes on (`first` is False then), so that a single worker tells the first people at once.
    """

    def made() -> bool:
        queue.enqueue("cases.tasks.deliver")
        return first

    read_stored(timezone.now(), seconds=READING)
    if pipeline.sweep(timezone.now(), made).finished:
        queue.enqueue("cases.tasks.deliver")
    else:
        queue.enqueue("cases.tasks.sweep", False)


def deliver() -> None:
    """Sends what waits to be sent, for a while; where that went well and more waits, another job goes on."""
    outcome = deliver_due(seconds=DELIVERING)
    if outcome["sent"] and any_due(timezone.now()):
        queue.enqueue("cases.tasks.deliver")


def nightly() -> None:
    """The job of every night: closed cases are planned for erasure and erased, teams deleted, stray files removed.

    The plans first, so that a team that keeps its cases for longer now loses none of them. The files last: what looks
    at each of them grows with their number, and may be cut off by the queue's time.
    """
    now = timezone.now()
    erasure.plan_erasures(now)
    erasure.erase_due(now)
    deletion.delete_due_teams(now)
    card_import.delete_old_tables(now - TABLES_KEPT)
    deletion.delete_expired_sessions(now)
    tokens.delete_expired_answers(now)
    erasure.remove_orphan_files()


def bring_in(pk: int) -> None:
    """Brings in the rows of a table, for a while; where more wait, another job goes on."""
    begun = monotonic()
    language = CardImport.objects.filter(pk=pk).values_list("made_by__language", flat=True).first()
    with override(language):
        for import_ in card_import.run_chunks(pk, timezone.now(), wording.say):
            if monotonic() - begun > BRINGING_IN and import_.cursor < import_.last_row:
                queue.enqueue("cases.tasks.bring_in", pk)
                return


def follow_hours(user: int, after: int = 0) -> None:
    """A person takes reminders at other hours now: those of their cases are set again, and what waits to be sent."""
    if not after:
        delivery_hours.follow_hours(user, timezone.now())
    person = User.objects.filter(pk=user).first()
    rest = person and next_reminder.reschedule_for_user(person, timezone.now(), after=after)
    if rest:
        queue.enqueue("cases.tasks.follow_hours", user, rest)


# Recalculation. Every job may end at any instruction and run again: a case that follows the calendar already is left
# as it is, and the keys are walked upwards, so that the memory does not grow with the cases.


def recalculate_days(days: Sequence[str], words: str, after: int = 0) -> None:
    """Days (ISO dates) were changed by hand: open windows that contain one, and reminders from then on, follow.

    `words` go into the record of each case that changes; `after` is the key of the last case that was looked at.
    """
    cases = Case.objects.all()
    touched = selectors.with_reminder_after(cases, min(map(date.fromisoformat, days)))
    for day in days:
        touched |= selectors.with_window_on_day(cases, date.fromisoformat(day))
    rest = _recalculate(touched, words, after)
    if rest is not None:
        queue.enqueue("cases.tasks.recalculate_days", days, words, rest)


def recalculate_years(years: Sequence[int], after: int = 0) -> None:
    """Years were marked as complete, or are no longer: what reaches into one of them follows."""
    cases = Case.objects.all()
    # The schedule of a year may move days of the last week before it.
    touched = selectors.with_reminder_after(cases, date(min(years) - 1, 12, 24))
    for year in years:
        touched |= selectors.with_window_in_year(cases, year)
    rest = _recalculate(touched, ", ".join(map(str, years)), after)
    if rest is not None:
        queue.enqueue("cases.tasks.recalculate_years", years, rest)


def recalculate_provisional(after: int = 0) -> None:
    """A new release of the calendar package may bring the schedule that provisional deadlines wait for."""
    rest = _recalculate(selectors.provisional(Case.objects.all()), "", after)
    if rest is not None:
        queue.enqueue("cases.tasks.recalculate_provisional", rest)


def _recalculate(touched: selectors.Cases, words: str, after: int) -> int | None:
    """Calculates the next cases again; returns the last key when there may be more, None when all are done."""
    for _ in range(RECALCULATED_AT_ONCE // CHUNK):
        cases = list(touched.filter(pk__gt=after).order_by("pk").only("pk")[:CHUNK])
        if not cases:
            return None
        outcome = perform(Recalculate(words), cases, by=None, now=timezone.now())
        for case, error in outcome.refused:
            log.warning("The deadlines of %s stay as they are: %s", case.reference, error)
        after = cases[-1].pk
    return after
