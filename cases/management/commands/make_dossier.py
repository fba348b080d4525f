"""``manage.py make_dossier REFERENCE… --out FILE [--full-numbers] [--without-receipts]``: one signed file of cases."""

import os
from pathlib import Path
from secrets import token_hex

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cases import clock, wording
from cases.documents.dossier import DossierOptions, write_dossier
from cases.domain.errors import CaseError
from cases.models import Case
from cases.operations.audit_log import record_dossier_export


class Command(BaseCommand):
    """The file is there whole, or not at all; it is readable for its owner alone."""

    help = "Writes a dossier of one or more cases: a PDF, the receipts, the record, and a signature."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("references", nargs="+", metavar="REFERENCE", help="such as XK-2345ABCD")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="the .zip file to write")
        parser.add_argument("--full-numbers", action="store_true", help="do not mask numbers and names")
        parser.add_argument("--without-receipts", action="store_true", help="list receipts by their hash only")

    def handle(
        self,
        *args: object,
        references: list[str],
        out: Path,
        full_numbers: bool,
        without_receipts: bool,
        **options: object,
    ) -> None:
        unique_references = list(dict.fromkeys(reference.upper() for reference in references))
        matches = Case.objects.select_related("team", "card").filter(reference__in=unique_references)
        cases = {case.reference: case for case in matches}
        missing = [reference for reference in unique_references if reference not in cases]
        if missing:
            raise CommandError(_("Case not found: %(references)s.") % {"references": wording.join_names(missing)})
        selected, now = [cases[reference] for reference in unique_references], clock.now()
        dossier_options = DossierOptions(full_numbers=full_numbers, with_receipts=not without_receipts)
        try:
            draft = out.with_name(f".{out.name}.{token_hex(4)}")
            try:
                with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    write_dossier(selected, file, options=dossier_options, now=now)
                    file.flush()
                    os.fsync(file.fileno())
                record_dossier_export(selected, by=None, now=now, full_numbers=full_numbers)
                draft.replace(out)
            finally:
                draft.unlink(missing_ok=True)
        except CaseError as refused:
            raise CommandError(wording.error_message(refused)) from refused
        except OSError as error:
            raise CommandError(f"{error.filename or out}: {error.strerror}") from error
        self.stdout.write(_("Written: %(file)s") % {"file": out})
