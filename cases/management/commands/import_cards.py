"""``manage.py import_cards FILE --team N``: what the page 'Import cards' does, from the terminal."""

import json
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases import clock, selectors, wording
from cases.documents.import_rows import describe_columns, describe_plans, message_text
from cases.documents.imports import write_failed_rows
from cases.domain.errors import CaseError
from cases.domain.roles import Right, has_right
from cases.models import CardImport, Carrier, Team, User
from cases.operations import card_import
from cases.operations.card_import import ImportOptions
from cases.operations.card_import_forecast import rows_with
from cases.operations.card_import_plan import CHANGED, NEW, SAME, SKIPPED, WRONG
from cases.operations.card_import_undo import can_take_back, take_back

_BAR_WIDTH = 40
#: Rows of a dry run that are told one by one.
_ROWS_TOLD = 20


class Command(BaseCommand):
    help = (
        "Imports a table of cards (XLSX, XLS, ODS, CSV or text) into a team, and writes the rows not imported to a "
        "file. Or takes an import back (--undo)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--team", type=int, required=True, help="the team's number, as in the address of its page")
        parser.add_argument("--by", required=True, help="the email of the member who imports it")
        parser.add_argument("--sheet", help="the name of the sheet to import; otherwise the one that holds numbers")
        parser.add_argument("--header-row", type=int, help="the row of the titles, from 1; 0: the sheet has none")
        parser.add_argument("--carrier", help="the carrier of all rows that name none, such as china-mobile")
        parser.add_argument("--dry-run", action="store_true", help="only show a preview")
        parser.add_argument("--json", action="store_true", help="with --dry-run: every row, for programs")
        parser.add_argument("--failed", type=Path, help="the file for the rows not imported (XLSX)")
        parser.add_argument("--undo", type=int, metavar="N", help="take back the import with this number")

    def handle(self, *args: object, team: int, by: str, **options: Any) -> None:
        target_team, member = get_team_and_member(team, by)
        with override(member.language):
            if options["undo"] is not None:
                self.undo(target_team, member, options["undo"])
                return
            file: Path | None = options["file"]
            if file is None:
                raise CommandError("Name the file to import, or the import to take back (--undo N).")
            try:
                import_ = _upload(file, target_team, member, options)
            except OSError as error:
                raise CommandError(f"{file}: {error.strerror}.") from error
            except CaseError as error:
                raise CommandError(wording.labelled(str(file), wording.error_message(error))) from error
            if options["dry_run"]:
                self.preview(import_, member, as_json=options["json"])
            else:
                self.run_import(import_, member, options["failed"] or file.with_name(f"{file.stem}-failed.xlsx"))

    # Preview

    def preview(self, import_: CardImport, member: User, *, as_json: bool) -> None:
        """Print what would become of the rows; the import is forgotten again."""
        try:
            if as_json:
                self.print_json(import_, member)
                return
            self.print_counts(import_.forecast["counts"])
            rows = {*rows_with(import_, WRONG)[:_ROWS_TOLD], *rows_with(import_, "warned")[:_ROWS_TOLD]}
            for plan in card_import.plan_rows(import_, by=member, now=clock.now(), rows=rows):
                messages = [*([plan.reason] if plan.reason else []), *plan.warnings]
                text = wording.join_sentences(message_text(message) for message in messages)
                self.stdout.write(wording.labelled(_("Row %(row)s") % {"row": plan.row}, text))
        finally:
            import_.delete()

    def print_json(self, import_: CardImport, member: User) -> None:
        """One object, a row a line, as docs/api.md describes it; row by row, for a table may be long."""
        head = {
            "sheet": import_.sheets[import_.sheet][0],
            "header_row": import_.forecast["header_row"],
            "columns": describe_columns(import_),
            "other_sheets": [
                {"name": name, "rows": rows} for at, (name, rows) in enumerate(import_.sheets) if at != import_.sheet
            ],
            "counts": import_.forecast["counts"],
            "unknown_carriers": [name for name, _count in import_.forecast["unknown_carriers"]],
        }
        self.stdout.write(_dumps(head).removesuffix("}") + ', "rows": [', ending="")
        separator = "\n"
        for row in describe_plans(import_, by=member, now=clock.now()):
            self.stdout.write(separator + _dumps(row), ending="")
            separator = ",\n"
        self.stdout.write("\n]}")

    # The import, and the way back

    def run_import(self, import_: CardImport, member: User, failed: Path) -> None:
        """Import the rows, with a bar where somebody watches."""
        card_import.start(import_, by=member, now=clock.now())
        try:
            for step in card_import.run_chunks(import_.pk, clock.now()):
                self.show_progress(step.percent)
        except KeyboardInterrupt:
            card_import.cancel(import_)
            self.stdout.write("")
            raise CommandError(
                _("Stopped. Rows already imported are kept. Continue on the page /cards/import/%(number)s/")
                % {"number": import_.pk},
                returncode=130,
            ) from None
        self.show_progress(100, last=True)
        import_ = CardImport.objects.get(pk=import_.pk)
        self.print_counts(import_.counts)
        if import_.counts.get(WRONG):
            with failed.open("wb") as file:
                write_failed_rows(file, import_, clock.now())
            self.stdout.write(_("Rows not imported: %(path)s") % {"path": failed})
        self.stdout.write(_("This import has the number %(number)s. --undo takes it back.") % {"number": import_.pk})

    def undo(self, team: Team, member: User, pk: int) -> None:
        """Take an import back, and name what is left."""
        import_ = selectors.imports_of(team).filter(pk=pk).first()
        if import_ is None:
            raise CommandError(_("This team has no import with the number %(number)s.") % {"number": pk})
        if can_take_back(import_, member):
            import_.failures.all().delete()  # from now on they are what could not be taken back
        try:
            outcome = take_back(import_, by=member, now=clock.now())
        except CaseError as error:
            raise CommandError(wording.error_message(error)) from error
        self.stdout.write(_("Taken back: %(count)s rows.") % {"count": outcome.done})
        for imported, why in outcome.left:
            row = _("Row %(row)s") % {"row": imported.row}
            self.stdout.write(wording.labelled(row, wording.error_message(why)))

    # What is printed

    def show_progress(self, percent: int, *, last: bool = False) -> None:
        if self.stdout.isatty():
            filled = percent * _BAR_WIDTH // 100
            self.stdout.write(
                f"\r[{'#' * filled}{'.' * (_BAR_WIDTH - filled)}] {percent} %", ending="\n" if last else ""
            )
            self.stdout.flush()

    def print_counts(self, counts: dict[str, int]) -> None:
        templates = {
            NEW: _("new cards: %(count)s"),
            CHANGED: _("updated cards: %(count)s"),
            card_import.CASE_COUNT: _("cases logged: %(count)s"),
            SAME: _("unchanged: %(count)s"),
            WRONG: _("not imported: %(count)s"),
            SKIPPED: _("no card: %(count)s"),
            card_import.WARNING_COUNT: _("with warnings: %(count)s"),
        }
        self.stdout.write(" · ".join(text % {"count": counts.get(status, 0)} for status, text in templates.items()))


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _upload(file: Path, team: Team, member: User, options: dict[str, Any]) -> CardImport:
    """The file stored and looked through; raises TableRefused, OSError, CommandError for a wrong option."""
    import_ = card_import.upload(team, file.name, file.read_bytes(), by=member, now=clock.now())
    try:
        if any(options[name] is not None for name in ("sheet", "header_row", "carrier")):
            card_import.set_options(import_, _options(import_, options), now=clock.now())
        card_import.dry_run(import_, by=member, now=clock.now())
    except (CaseError, CommandError):
        import_.delete()
        raise
    return import_


def _options(import_: CardImport, options: dict[str, Any]) -> ImportOptions:
    sheet, carrier = import_.sheet, None
    if options["sheet"] is not None:
        names = [name for name, _rows in import_.sheets]
        if options["sheet"] not in names:
            known = wording.join_names(name for name in names if name)
            raise CommandError(_("The file has no sheet of this name. It has: %(names)s") % {"names": known})
        sheet = names.index(options["sheet"])
    if options["carrier"] is not None:
        carrier = Carrier.objects.filter(slug=options["carrier"]).first()
        if carrier is None:
            known = wording.join_names(Carrier.objects.values_list("slug", flat=True))
            raise CommandError(_("No such carrier. There are: %(names)s") % {"names": known})
    return ImportOptions(sheet, options["header_row"], carrier=carrier)


def get_team_and_member(team: int, email: str) -> tuple[Team, User]:
    target_team = Team.objects.filter(pk=team).first()
    if target_team is None:
        raise CommandError(_("Team %(number)s not found.") % {"number": team})
    member = User.objects.filter(email=User.objects.normalize_email(email), is_active=True).first()
    if member is None or not has_right(selectors.role_of(member, target_team.pk), Right.WORK):
        raise CommandError(_("%(email)s is not a manager or case worker of this team.") % {"email": email})
    return target_team, member
