"""``manage.py verify_timeline [--json]``: does the record of the whole installation still hold?"""

import json
from collections.abc import Callable

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cases import wording
from cases.domain.json_values import Json
from cases.models import Case
from cases.operations.anchor_check import AnchorsReport, check_anchors
from cases.operations.integrity import IntegrityReport, check_integrity_of_all


class Command(BaseCommand):
    """Reads every case's chain and every receipt's file; changes nothing. Ends with 1 when something does not hold."""

    help = "Checks the integrity of every case record and of all receipt files, and lists what was altered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")

    def handle(self, *args: object, as_json: bool, **options: object) -> None:
        broken: list[IntegrityReport] = []
        counts = {"cases": 0, "entries": 0, "receipts": 0}
        for result in check_integrity_of_all(self.progress_callback()):
            counts["cases"] += 1
            counts["entries"] += result.entries
            counts["receipts"] += len(result.receipts)
            if result.flaws:
                broken.append(result)
                if not as_json:
                    for flaw in result.flaws:
                        self.stdout.write(wording.labelled(result.case.reference, wording.flaw_message(flaw)))
        anchors = check_anchors()
        if as_json:
            data = counts | {"broken": list(map(as_data, broken)), "anchors": anchors_as_data(anchors)}
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(
                _("Checked: %(cases)s cases with %(entries)s entries and %(receipts)s receipts.") % counts
            )
            self.print_anchors(anchors)
        if broken:
            raise CommandError(_("%(count)s cases failed the integrity check.") % {"count": len(broken)})
        if anchors.flaws:
            raise CommandError(_("The records do not match the anchors."))
        if not as_json:
            self.stdout.write(_("All records are intact."))

    def print_anchors(self, report: AnchorsReport) -> None:
        """For people: what does not match the anchors, or up to when everything does."""
        for flaw in report.flaws:
            self.stdout.write(wording.flaw_message(flaw))
        if report.newest is None:
            self.stdout.write(_("No anchor has been made yet."))
            return
        with wording.years_always_shown():
            made_at = wording.moment_in_text(report.newest.made_at)
        self.stdout.write(
            _("Anchors: %(count)s, the newest of %(made_at)s. The cases of %(compared)s were compared.")
            % {"count": report.count, "made_at": made_at, "compared": report.compared}
        )
        if report.accepted:
            text = _(
                "Records are compared with anchors from %(anchor)s on only, as a system administrator decided: %(why)s"
            )
            self.stdout.write(text % {"anchor": report.accepted.sequence, "why": report.accepted.accepted})

    def progress_callback(self) -> Callable[[int], None]:
        """Shows on a terminal how many cases are done, each hundredth time; elsewhere does nothing."""
        if not self.stderr.isatty():
            return lambda count: None
        total = Case.objects.count()

        def show_progress(count: int) -> None:
            if count % 100 == 0 or count == total:
                self.stderr.write(f"\r{count} / {total}", ending="\n" if count == total else "")

        return show_progress


def as_data(result: IntegrityReport) -> dict[str, Json]:
    """What --json prints of a broken case; the flaws in English."""
    return {
        "case": result.case.reference,
        "entries": result.entries,
        "first": str(result.flaws[0]),
        "flaws": list(map(str, result.flaws)),
    }


def anchors_as_data(report: AnchorsReport) -> dict[str, Json]:
    """What --json prints of the anchors; the flaws in English."""
    return {
        "count": report.count,
        "compared": report.compared,
        "newest": report.newest.made_at.isoformat() if report.newest else None,
        "compared_from": report.accepted.sequence if report.accepted else None,
        "flaws": [{"case": flaw.about or None, "flaw": str(flaw)} for flaw in report.flaws],
    }
