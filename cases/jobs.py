"""Work in the background: the one door to the queue, and the worker's sign of life.

Jobs lie in the product's own database (django-q2, ORM broker), so a job put in the queue within a
transaction is there exactly when the transaction is: rolled back, it leaves nothing.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from time import monotonic

from django.db.models import QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import override
from django_q.models import Schedule
from django_q.tasks import async_task

from cases import queries, words
from cases.domain.business_days import ONE_DAY, local, start_of_day
from cases.inbox.filing import read_stored
from cases.models import CardImport, Case, Heartbeat, User
from cases.operations import Recalculate, deleting, erasing, importing, perform, reminding, tokens
from cases.operations.engine import CHUNK
from cases.reminders import hours, run
from cases.reminders.deliver import any_due, deliver_due

log = logging.getLogger(__name__)

#: Cases that one job calculates again before it leaves the rest to the next: minutes below Q_CLUSTER's timeout.
RECALCULATED_AT_ONCE = 10 * CHUNK
WORKER = "worker"
# Three beats missed in a row: a busy minute is no alarm, a dead worker is one soon.
WORKER_SILENT = timedelta(minutes=3)
#: Without a finished sweep for this long, reminders are delayed, and every page says so.
SWEEP_SILENT = timedelta(minutes=10)
#: Seconds that one job goes on sending: the minute's other jobs must find their time even when the only worker waits
#: for a mail server that hangs, and Q_CLUSTER's timeout must not end it in the middle of a message.
DELIVERING = 20
#: Seconds that one job goes on reading messages, for the same reason.
READING = 10
#: When the nightly job runs first, after midnight in Shanghai.
NIGHTLY = timedelta(hours=3)
#: How long a table that was handed in is kept, for its failed rows.
TABLES_KEPT = timedelta(days=14)
#: Seconds that one job goes on bringing in rows, before it leaves the rest to another.
BRINGING_IN = 30


def enqueue(path: str, *args: object) -> None:
    """Puts a job in the queue; a worker runs it soon, once, or up to three times if it fails.

    Takes the dotted path of a function and its positional arguments, which must be picklable and small
    (ids, not objects). A job may run twice after a crash: it must bear that.
    """
    async_task(path, *args)


def beat() -> None:
    """The job of every minute: says that the worker works."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": timezone.now()})


def read_messages() -> None:
    """Reads what carriers wrote, for a while; where more waits, another job goes on."""
    if read_stored(timezone.now(), seconds=READING) and queries.unread_messages(timezone.now()).exists():
        enqueue("cases.jobs.read_messages")


def sweep(first: bool = True) -> None:
    """The job of every minute: reminders that are due become notices, and notices that are due are sent.

    Before that, what carriers wrote is read, so that nobody is sent to chase an answer that has come.

    Sending is a job of its own. As soon as the first notices are made, the sweep steps back behind it in the queue
    and then goes on (`first` is False then), so that a single worker tells the first people at once.
    """

    def made() -> bool:
        enqueue("cases.jobs.deliver")
        return first

    read_stored(timezone.now(), seconds=READING)
    if run.sweep(timezone.now(), made).finished:
        enqueue("cases.jobs.deliver")
    else:
        enqueue("cases.jobs.sweep", False)


def deliver() -> None:
    """Sends what waits to be sent, for a while; where that went well and more waits, another job goes on."""
    outcome = deliver_due(seconds=DELIVERING)
    if outcome["sent"] and any_due(timezone.now()):
        enqueue("cases.jobs.deliver")


def nightly() -> None:
    """The job of every night: closed cases are planned for erasure and erased, teams deleted, stray files removed.

    The plans first, so that a team that keeps its cases for longer now loses none of them. The files last: what looks
    at each of them grows with their number, and may be cut off by the queue's time.
    """
    now = timezone.now()
    erasing.plan(now)
    erasing.erase_due(now)
    deleting.delete_due(now)
    importing.forget_tables(now - TABLES_KEPT)
    deleting.forget_sessions(now)
    tokens.forget_answers(now)
    erasing.tidy()


def bring_in(pk: int) -> None:
    """Brings in the rows of a table, for a while; where more wait, another job goes on."""
    begun = monotonic()
    language = CardImport.objects.filter(pk=pk).values_list("made_by__language", flat=True).first()
    with override(language):
        for card_import in importing.run_chunks(pk, timezone.now(), words.say):
            if monotonic() - begun > BRINGING_IN and card_import.cursor < card_import.last_row:
                enqueue("cases.jobs.bring_in", pk)
                return


def ask_to_read() -> None:
    """Asks for the carriers' messages that were stored to be read; within the transaction that stores them."""
    enqueue("cases.jobs.read_messages")


def ensure_schedules() -> None:
    """Makes the standing schedules that are missing and corrects those that differ; keeps their next run."""
    Schedule.objects.update_or_create(
        name="nightly",
        defaults={"func": "cases.jobs.nightly", "schedule_type": Schedule.DAILY, "repeats": -1},
        create_defaults={
            "func": "cases.jobs.nightly",
            "schedule_type": Schedule.DAILY,
            "repeats": -1,
            "next_run": start_of_day(local(timezone.now()).date() + ONE_DAY) + NIGHTLY,
        },
    )
    for name, function in {"heartbeat": "cases.jobs.beat", "sweep": "cases.jobs.sweep"}.items():
        Schedule.objects.update_or_create(
            name=name,
            defaults={"func": function, "schedule_type": Schedule.MINUTES, "minutes": 1, "repeats": -1},
        )


def worker_silent_for(now: datetime) -> timedelta | None:
    """How long before now (aware) the worker last said that it works; None when it never did."""
    return _silent_for(WORKER, now)


def sweep_silent_for(now: datetime) -> timedelta | None:
    """How long before now (aware) a sweep of the reminders last finished; None when none ever did."""
    return _silent_for(run.SWEEP, now)


def _silent_for(name: str, now: datetime) -> timedelta | None:
    at = _beats(name).first()
    return None if at is None else now - at


def last_sweep() -> Subquery:
    """When a sweep of the reminders last finished, for a query that is made anyway."""
    return Subquery(_beats(run.SWEEP))


def _beats(name: str) -> QuerySet[Heartbeat, datetime]:
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True)


def follow_hours(user: int, after: int = 0) -> None:
    """A person takes reminders at other hours now: those of their cases are set again, and what waits to be sent."""
    if not after:
        hours.follow_hours(user, timezone.now())
    person = User.objects.filter(pk=user).first()
    rest = person and reminding.follow_hours(person, timezone.now(), after=after)
    if rest:
        enqueue("cases.jobs.follow_hours", user, rest)


# Recalculation. Every job may end at any instruction and run again: a case that follows the calendar already is left
# as it is, and the keys are walked upwards, so that the memory does not grow with the cases.


def recalculate_days(days: Sequence[str], words: str, after: int = 0) -> None:
    """Days (ISO dates) were changed by hand: open windows that contain one, and reminders from then on, follow.

    `words` go into the record of each case that changes; `after` is the key of the last case that was looked at.
    """
    cases = Case.objects.all()
    touched = queries.reminding_after(cases, min(map(date.fromisoformat, days)))
    for day in days:
        touched |= queries.touched_by_day(cases, date.fromisoformat(day))
    rest = _recalculate(touched, words, after)
    if rest is not None:
        enqueue("cases.jobs.recalculate_days", days, words, rest)


def recalculate_years(years: Sequence[int], after: int = 0) -> None:
    """Years were marked as complete, or are no longer: what reaches into one of them follows."""
    cases = Case.objects.all()
    # The schedule of a year may move days of the last week before it.
    touched = queries.reminding_after(cases, date(min(years) - 1, 12, 24))
    for year in years:
        touched |= queries.touched_by_year(cases, year)
    rest = _recalculate(touched, ", ".join(map(str, years)), after)
    if rest is not None:
        enqueue("cases.jobs.recalculate_years", years, rest)


def recalculate_provisional(after: int = 0) -> None:
    """A new release of the calendar package may bring the schedule that provisional deadlines wait for."""
    rest = _recalculate(queries.provisional(Case.objects.all()), "", after)
    if rest is not None:
        enqueue("cases.jobs.recalculate_provisional", rest)


def _recalculate(touched: queries.Cases, words: str, after: int) -> int | None:
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
