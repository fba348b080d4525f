"""A stored case against the replay of its record: what differs, and what of the record is not replayed."""

from collections.abc import Iterator

from cases.domain.errors import gettext_noop
from cases.domain.hash_chain import IntegrityFlaw
from cases.models import Case
from cases.models.choices import EntryKind
from cases.operations.engine.replay import CannotReplay, RecordedEntry, ReplayedCase, is_beginning, replay
from cases.operations.integrity_flaws import calendar_flaw, difference_flaw, value_flaw
from cases.operations.state_differences import card_differences, snooze_differences, state_differences
from cases.operations.stored_cases import StoredCase, entry_body


def state_flaws(stored: StoredCase, notes: list[IntegrityFlaw]) -> Iterator[IntegrityFlaw]:
    """Where the case, its rows or its card are not what the record says; `notes` gets what is not replayed, and why.

    Where entries were altered, it is what follows from them as they are now, and that they cannot be replayed is no
    wonder.
    """
    yield from _calendar_flaws(stored)
    try:
        replayed = replay(stored.entries, stored.calendars) if stored.entries else None
    except CannotReplay as error:
        yield from _status_flaw(stored) if stored.altered else _replay_flaws(stored, error)
        return
    except Exception:  # an entry with contents that no release wrote: whatever the rules make of them
        if not stored.altered:
            yield IntegrityFlaw(gettext_noop("the record of this case cannot be replayed"))
        return
    if replayed is None:
        yield IntegrityFlaw(gettext_noop("this case has no record: no entry is there, not even the first"))
        return
    notes += _notes(stored, replayed)
    yield from map(difference_flaw, state_differences(stored.case, stored.rows, replayed))
    yield from map(difference_flaw, card_differences(stored.case, replayed))
    yield from map(difference_flaw, snooze_differences(stored.case, replayed))
    last = stored.entries[-1]
    if last.status_to != replayed.case.status:
        yield IntegrityFlaw(
            gettext_noop("entry %(entry)s, the last, does not end with the status that follows from all entries"),
            {"entry": last.sequence},
        )


def _calendar_flaws(stored: StoredCase) -> Iterator[IntegrityFlaw]:
    """Each edition of the working calendar that is missing or altered, with the first entry that names it."""
    known = set(stored.calendars)
    for entry in stored.entries:
        name = entry_body(entry).get("calendar")
        if isinstance(name, str) and name not in known:
            known.add(name)
            yield calendar_flaw(name, entry.sequence)


def _replay_flaws(stored: StoredCase, error: CannotReplay) -> Iterator[IntegrityFlaw]:
    entry = error.entry
    if entry.content is None or str(entry.content.get("calendar")) not in {"None", *stored.calendars}:
        pass  # a missing content, or a missing calendar, which is a flaw of its own
    elif not any(is_beginning(RecordedEntry.of(row)) for row in stored.entries):
        yield IntegrityFlaw(
            gettext_noop(
                "the record of this case cannot be replayed: an earlier release recorded it, and no entry holds the "
                "state of the case since then"
            )
        )
    elif error.error is None:
        message = gettext_noop("entry %(entry)s cannot be replayed: it lacks something that must be in the record")
        yield IntegrityFlaw(message, {"entry": entry.sequence})
    else:
        message = gettext_noop("entry %(entry)s cannot be replayed: %(why)s")
        yield IntegrityFlaw(message, {"entry": entry.sequence, "why": error.error})
    yield from _status_flaw(stored)


def _status_flaw(stored: StoredCase) -> Iterator[IntegrityFlaw]:
    """What can be said of the status without a replay."""
    last = stored.entries[-1]
    if last.status_to != stored.case.status:
        yield value_flaw(Case, "", "status", stored.case.status, last.status_to)


def _notes(stored: StoredCase, replayed: ReplayedCase) -> Iterator[IntegrityFlaw]:
    last = replayed.first_sequence - 1
    if last < 1:
        return
    first = next(entry for entry in stored.entries if entry.sequence == replayed.first_sequence)
    if first.kind == EntryKind.ERASED:
        message = gettext_noop("the content of entries 1 to %(last)s was erased; they are not replayed")
    else:
        message = gettext_noop("entries 1 to %(last)s were recorded by an earlier release and are not replayed")
    yield IntegrityFlaw(message, {"last": last})
