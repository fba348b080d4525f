"""``manage.py compare_bill FILE --team N --month 2026-10``: a carrier's bill beside the register."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases import wording
from cases.documents.import_rows import message_text
from cases.domain.errors import CaseError
from cases.domain.masking import mask_number
from cases.management.commands.import_cards import get_team_and_member
from cases.models.choices import FindingKind
from cases.operations.bill_reading import BillFile, ComparedBill, compare_file


class Command(BaseCommand):
    help = "Compares a carrier's bill (XLSX, XLS, ODS, CSV or text) with the cards of a team."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--team", type=int, required=True, help="the team's number, as in the address of its page")
        parser.add_argument("--by", required=True, help="the email of the member who imports it")
        parser.add_argument("--month", required=True, help="the billed month, such as 2026-10")
        parser.add_argument("--dry-run", action="store_true", help="only show what was found; nothing is stored")
        parser.add_argument("--json", action="store_true", help="for programs: one JSON object")

    def handle(self, *args: object, team: int, by: str, file: Path, month: str, **options: Any) -> None:
        target_team, member = get_team_and_member(team, by)
        match = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", month)
        if not match:
            raise CommandError(_("“%(month)s” is not a month such as 2026-10.") % {"month": month})
        year, month_number = int(match[1]), int(match[2])
        with override(member.language):
            try:
                compared = compare_file(
                    target_team, BillFile(file.name, file.read_bytes(), date(year, month_number, 1))
                )
            except OSError as error:
                raise CommandError(f"{file}: {error.strerror}.") from error
            except CaseError as error:
                raise CommandError(wording.labelled(str(file), wording.error_message(error))) from error
            if options["json"]:
                self.stdout.write(json.dumps(as_data(compared, month), ensure_ascii=False))
            else:
                self.stdout.writelines(f"{line}\n" for line in as_lines(compared))


def as_lines(compared: ComparedBill) -> Iterator[str]:
    """The findings for people, numbers masked, a line each."""
    bill = compared.bill
    yield f"{bill.lines} · {wording.format_yuan(bill.total)}"
    for finding in compared.comparison.findings:
        amount = "" if finding.amount is None else wording.format_yuan(finding.amount)
        yield "  ".join(filter(None, [str(FindingKind(finding.kind).label), mask_number(finding.number), amount]))


def as_data(compared: ComparedBill, month: str) -> dict[str, object]:
    """What was found, for programs (docs/bills.md)."""
    bill, comparison = compared.bill, compared.comparison
    skipped = [{"row": line.row, "reason": message_text(line.reason)} for line in compared.skipped()]
    return {
        "month": month,
        "carrier": bill.carrier,
        "lines": bill.lines,
        "total": str(bill.total),
        "findings": [
            {
                "kind": finding.kind.value,
                "number": finding.number,
                "amount": None if finding.amount is None else str(finding.amount),
                "rows": list(finding.rows),
            }
            for finding in comparison.findings
        ],
        "skipped": skipped,
    }
