"""``manage.py import_cards FILE --team N``: what the page 'Bring in cards' does, from the terminal."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cases import clock, selectors, wording
from cases.documents.tables import Format, write_table
from cases.domain.errors import CaseError
from cases.domain.roles import Right, has_right
from cases.models import CardImport, Team, User
from cases.operations import card_import
from cases.operations.card_import_plan import CHANGED, NEW, SAME, WRONG

_BAR_WIDTH = 40


class Command(BaseCommand):
    help = "Imports a table of cards (XLSX or CSV) into a team, and writes the rows not imported to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--team", type=int, required=True, help="the team's number, as in the address of its page")
        parser.add_argument("--by", required=True, help="the email of the member who imports it")
        parser.add_argument("--dry-run", action="store_true", help="only show a preview")
        parser.add_argument("--failed", type=Path, help="the file for the rows not imported (XLSX)")

    def handle(
        self, *args: object, file: Path, team: int, by: str, dry_run: bool, failed: Path | None, **options: object
    ) -> None:
        target_team, member = _get_team_and_member(team, by)
        failed = failed or file.with_name(f"{file.stem}-failed.xlsx")
        try:
            import_ = card_import.upload(target_team, file.name, file.read_bytes(), by=member, now=clock.now())
            columns = {int(column): field for column, field in import_.columns.items()}
            card_import.dry_run(import_, columns, by=member, now=clock.now())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from error
        except CaseError as error:
            raise CommandError(wording.labelled(str(file), wording.error_message(error))) from error
        if dry_run:
            self.print_counts(import_.forecast["counts"])
            import_.delete()
            return
        card_import.start(import_, by=member, now=clock.now())
        try:
            for step in card_import.run_chunks(import_.pk, clock.now(), wording.error_messages):
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
        import_.refresh_from_db()
        self.print_counts(import_.counts)
        if import_.counts.get(WRONG):
            self.write_failed(import_, failed)

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
        }
        self.stdout.write(" · ".join(text % {"count": counts.get(status, 0)} for status, text in templates.items()))

    def write_failed(self, import_: CardImport, target: Path) -> None:
        rows = import_.load_rows()
        reasons = dict(import_.failures.values_list("row", "why"))
        titles = [*rows[0], _("Row"), _("Reason not imported")]
        width = len(rows[0])
        with target.open("wb") as file:
            write_table(
                file,
                Format.XLSX,
                titles,
                ([*(rows[number - 1] + [""] * width)[:width], number, reasons[number]] for number in sorted(reasons)),
            )
        self.stdout.write(_("Rows not imported: %(path)s") % {"path": target})


def _get_team_and_member(team: int, email: str) -> tuple[Team, User]:
    target_team = Team.objects.filter(pk=team).first()
    if target_team is None:
        raise CommandError(_("Team %(number)s not found.") % {"number": team})
    member = User.objects.filter(email=User.objects.normalize_email(email), is_active=True).first()
    if member is None or not has_right(selectors.role_of(member, target_team.pk), Right.WORK):
        raise CommandError(_("%(email)s is not a manager or case worker of this team.") % {"email": email})
    return target_team, member
