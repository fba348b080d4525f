"""``manage.py verify_timeline``: does the record of the whole installation still hold, and what is stored with it?"""

import json
from collections.abc import Callable, Mapping

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import wording
from cases.domain.json_values import Json
from cases.management.invocation import refuse_empty
from cases.management.progress_bar import ProgressBar
from cases.management.timeline_check import CheckedChunk, CountedCases, add_calendars, checked_chunks
from cases.models import Case
from cases.operations.anchor_check import AnchorsReport, check_anchors
from cases.operations.stored_forms import broken_references

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
        parser.add_argument("--empty", action="store_true", help="check a database without accounts, too")

    def handle(self, *args: object, as_json: bool, after: str, processes: int, empty: bool, **options: object) -> None:
        refuse_empty(insist=empty)
        start = self._key_of(after)
        bar = ProgressBar(self.stderr, Case.objects.filter(pk__gt=start).count())
        printer = _JsonPrinter(self.stdout.write) if as_json else _TextPrinter(self.stdout.write)
        counts, broken, last, is_stopped = dict.fromkeys(_COUNTS, 0), 0, after, False
        calendars: dict[str, CountedCases] = {}
        try:
            for chunk in checked_chunks(start, processes):
                bar.clear()
                printer.add(chunk)
                counts = {name: count + getattr(chunk, name) for name, count in counts.items()}
                broken += len(chunk.broken)
                add_calendars(calendars, chunk.calendars)
                last = chunk.last or last
                bar.show(counts["cases"])
        except KeyboardInterrupt:
            is_stopped = True
        bar.clear()
        printer.add_calendars(calendars)
        anchors = None if is_stopped else check_anchors()
        printer.end(counts, anchors, stopped_after=last if is_stopped else None)
        if is_stopped:
            raise CommandError(_stopped(last), returncode=130)
        if broken:
            raise CommandError(_("%(count)s cases failed the integrity check.") % {"count": broken})
        if anchors and anchors.flaws:
            raise CommandError(_("The records do not match the anchors."))
        if broken_rows := broken_references():
            raise CommandError(_("A row names another that is not there: %(what)s") % {"what": broken_rows})
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

    def add_calendars(self, calendars: Mapping[str, CountedCases]) -> None:
        for edition, cases in calendars.items():
            text = ngettext(
                "The working calendar %(edition)s (cases_calendaredition) is missing or was altered. %(count)s case "
                "was counted by it: %(case)s.",
                "The working calendar %(edition)s (cases_calendaredition) is missing or was altered. %(count)s cases "
                "were counted by it, the first of them %(case)s.",
                cases.count,
            )
            self._write(text % {"edition": edition, "count": cases.count, "case": cases.first})

    def end(self, counts: dict[str, int], anchors: AnchorsReport | None, *, stopped_after: str | None) -> None:
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
        if anchors:
            self._print_anchors(anchors)

    def _print_anchors(self, report: AnchorsReport) -> None:
        """For people: what does not match the anchors, or up to when everything does."""
        for flaw in report.flaws:
            self._write(wording.flaw_message(flaw))
        if report.newest is None:
            self._write(_("No anchor has been made yet."))
            return
        with wording.years_always_shown():
            made_at = wording.moment_in_text(report.newest.made_at)
        self._write(
            _("Anchors: %(count)s, the newest of %(made_at)s. The cases of %(compared)s were compared.")
            % {"count": report.count, "made_at": made_at, "compared": report.compared}
        )
        if report.accepted:
            text = _(
                "Records are compared with anchors from %(anchor)s on only, as a system administrator decided: %(why)s"
            )
            self._write(text % {"anchor": report.accepted.sequence, "why": report.accepted.accepted})

    def end_intact(self) -> None:
        self._write(_("All records are intact."))


class _JsonPrinter:
    """One JSON object, written while the cases are checked: what is broken is not kept in memory."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._separator = ""
        self._calendars: list[Json] = []
        write('{\n  "broken": [')

    def add(self, chunk: CheckedChunk) -> None:
        for case in chunk.broken:
            self._write(f"{self._separator}{json.dumps(case, ensure_ascii=False, default=str)}")
            self._separator = ","

    def add_calendars(self, calendars: Mapping[str, CountedCases]) -> None:
        self._calendars = [{"edition": edition, **vars(cases)} for edition, cases in calendars.items()]

    def end(self, counts: dict[str, int], anchors: AnchorsReport | None, *, stopped_after: str | None) -> None:
        rest: dict[str, Json] = {
            **counts,
            "calendars": self._calendars,
            "anchors": anchors_as_data(anchors) if anchors else None,
            "stopped_after": stopped_after,
        }
        self._write(f"],{json.dumps(rest, ensure_ascii=False, default=str)[1:]}")

    def end_intact(self) -> None:
        pass


def anchors_as_data(report: AnchorsReport) -> dict[str, Json]:
    """What --json prints of the anchors; the flaws in English."""
    return {
        "count": report.count,
        "compared": report.compared,
        "newest": report.newest.made_at.isoformat() if report.newest else None,
        "compared_from": report.accepted.sequence if report.accepted else None,
        "flaws": [{"case": flaw.about or None, "flaw": str(flaw)} for flaw in report.flaws],
    }
