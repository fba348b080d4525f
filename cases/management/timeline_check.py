"""The check of all records in chunks, in this process or in several: what of each chunk the command prints."""

import signal
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from django.db import connections

from cases import wording
from cases.domain.hash_chain import IntegrityFlaw
from cases.domain.json_values import Json, JsonObject
from cases.domain.stored_place import StoredPlace
from cases.operations.integrity import IntegrityReport, check_integrity_of, next_keys
from cases.operations.integrity_flaws import CalendarFlaw

#: Chunks for each process that are given out before the first of them is back.
_AHEAD = 2


@dataclass
class CheckedChunk:
    """What was looked at, and what does not hold; `last` is the reference of the last case.

    `messages` are the lines to print in the language that is active, `broken` the same for programs. `calendars`: the
    cases that were counted by an edition of the calendar that does not hold, by its first digits; one edition may be
    that of all cases, so they are no lines.
    """

    cases: int = 0
    entries: int = 0
    receipts: int = 0
    partly_replayed: int = 0
    messages: list[str] = field(default_factory=list)
    broken: list[JsonObject] = field(default_factory=list)
    calendars: dict[str, "CountedCases"] = field(default_factory=dict)
    last: str = ""


@dataclass
class CountedCases:
    """How many cases there are, and the reference of the first."""

    first: str
    count: int = 0


def add_calendars(counted: dict[str, CountedCases], more: Mapping[str, CountedCases]) -> None:
    """Add what a later chunk has to what those before it have."""
    for edition, cases in more.items():
        counted.setdefault(edition, CountedCases(cases.first)).count += cases.count


def checked_chunks(after: int, processes: int) -> Iterator[CheckedChunk]:
    """The cases with keys above `after`, chunk by chunk, in their order, whatever process checked them."""
    if processes < 2:
        yield from map(check_chunk, _chunks(after))
        return
    pool = ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=_ignore_interrupts)
    try:
        # A connection may not be shared with a copy of this process: all are made before the first query of this one,
        # and each opens its own.
        connections.close_all()
        pool.submit(int).result()
        waiting: deque[Future[CheckedChunk]] = deque()
        for keys in _chunks(after):
            waiting.append(pool.submit(check_chunk, keys))
            if len(waiting) >= _AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def check_chunk(keys: Sequence[int]) -> CheckedChunk:
    """The cases with these keys."""
    chunk = CheckedChunk()
    for report in check_integrity_of(keys):
        chunk.cases += 1
        chunk.entries += report.entries
        chunk.receipts += len(report.receipts)
        chunk.partly_replayed += bool(report.notes)
        chunk.last = report.case.reference
        if report.flaws:
            chunk.broken.append(_as_data(report))
            for flaw in report.flaws:
                if isinstance(flaw, CalendarFlaw):
                    add_calendars(chunk.calendars, {flaw.edition: CountedCases(report.case.reference, 1)})
                else:
                    chunk.messages.append(wording.labelled(report.case.reference, wording.flaw_message(flaw)))
    return chunk


def _chunks(after: int) -> Iterator[list[int]]:
    while keys := next_keys(after):
        yield keys
        after = keys[-1]


def _ignore_interrupts() -> None:
    """Ctrl-C goes to every process of the terminal; the first one decides, and this one ends its chunk."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _as_data(report: IntegrityReport) -> JsonObject:
    """What --json prints of a broken case: sentences in English, and what differs by its names."""
    differences: list[Json] = [data for flaw in report.flaws if (data := _difference(flaw))]
    return {
        "case": report.case.reference,
        "entries": report.entries,
        "first": str(report.flaws[0]),
        "flaws": [str(flaw) for flaw in report.flaws],
        "differences": differences,
    }


def _difference(flaw: IntegrityFlaw) -> JsonObject | None:
    place = flaw.params.get("place")
    if not isinstance(place, StoredPlace):
        return None
    values: dict[str, Json] = {
        name: value if isinstance(value, str | int | None) else str(value)
        for name in ("stored", "recorded")
        if name in flaw.params
        for value in [flaw.params[name]]
    }
    return {"table": place.table, "row": place.row, "column": place.column, **values}
