"""``manage.py verify_timeline``: does the record of the whole installation still hold, and what is stored with it?"""

import json
from collections.abc import Callable

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.domain.json_values import Json
from cases.management.progress_bar import ProgressBar
from cases.management.timeline_check import CheckedChunk, checked_chunks
from cases.models import Case

_COUNTS = ("cases", "entries", "receipts", "partly_replayed")


class Command(BaseCommand):
    """Reads every case with its chain, its rows and its receipts' files; changes nothing.

    Ends with 1 when something does not hold, with 130 when it was stopped. It goes on after any case (`--after`),
    which it names when it is stopped: there is no file that could be lost or be of another run.
    """

    help = (
        "Checks the integrity of every case record, of what is stored with it, and of all receipt files, and lists "
        "what was altered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")
        parser.add_argument(
            "--after", metavar="REFERENCE", default="", help="leave out the cases up to this one: to go on"
        )
        parser.add_argument("--processes", type=int, default=1, metavar="N", help="check in N processes at once")

    def handle(self, *args: object, as_json: bool, after: str, processes: int, **options: object) -> None:
        start = self._key_of(after)
        bar = ProgressBar(self.stderr, Case.objects.filter(pk__gt=start).count())
        printer = _JsonPrinter(self.stdout.write) if as_json else _TextPrinter(self.stdout.write)
        counts, broken, last, is_stopped = dict.fromkeys(_COUNTS, 0), 0, after, False
        try:
            for chunk in checked_chunks(start, processes):
                bar.clear()
                printer.add(chunk)
                counts = {name: count + getattr(chunk, name) for name, count in counts.items()}
                broken += len(chunk.broken)
                last = chunk.last or last
                bar.show(counts["cases"])
        except KeyboardInterrupt:
            is_stopped = True
        bar.clear()
        printer.end(counts, stopped_after=last if is_stopped else None)
        if is_stopped:
            raise CommandError(_stopped(last), returncode=130)
        if broken:
            raise CommandError(_("%(count)s cases failed the integrity check.") % {"count": broken})
        printer.end_intact()

    def _key_of(self, reference: str) -> int:
        if not reference:
            return 0
        key = Case.objects.filter(reference=reference).values_list("pk", flat=True).first()
        if key is None:
            raise CommandError(_("Case not found: %(references)s.") % {"references": reference})
        return key


def _stopped(last: str) -> str:
    if not last:
        return _("Stopped before the first case was checked.")
    return _("Stopped. To check the remaining cases: verify_timeline --after %(reference)s") % {"reference": last}


class _TextPrinter:
    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def add(self, chunk: CheckedChunk) -> None:
        for message in chunk.messages:
            self._write(message)

    def end(self, counts: dict[str, int], *, stopped_after: str | None) -> None:
        self._write(_("Checked: %(cases)s cases with %(entries)s entries and %(receipts)s receipts.") % counts)
        if count := counts["partly_replayed"]:
            message = ngettext(
                "Of %(count)s case the first entries were erased or recorded by an earlier release. They are in the "
                "chain, but are not replayed.",
                "Of %(count)s cases the first entries were erased or recorded by an earlier release. They are in the "
                "chain, but are not replayed.",
                count,
            )
            self._write(message % {"count": count})

    def end_intact(self) -> None:
        self._write(_("All records are intact."))


class _JsonPrinter:
    """One JSON object, written while the cases are checked: what is broken is not kept in memory."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._separator = ""
        write('{\n  "broken": [')

    def add(self, chunk: CheckedChunk) -> None:
        for case in chunk.broken:
            self._write(f"{self._separator}{json.dumps(case, ensure_ascii=False)}")
            self._separator = ","

    def end(self, counts: dict[str, int], *, stopped_after: str | None) -> None:
        rest: dict[str, Json] = {**counts, "stopped_after": stopped_after}
        self._write(f"],{json.dumps(rest, ensure_ascii=False)[1:]}")

    def end_intact(self) -> None:
        pass
