"""``manage.py restore SOURCE``: an empty installation becomes the one that was backed up."""

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from cases import clock
from cases.management.backup_archive import (
    ERASURES_NAME,
    KEY_FILES,
    BackupError,
    Manifest,
    has_accounts,
    load_database,
    put_anchors,
    unpack,
)
from cases.models import User
from cases.operations.erasure_list import entries_since
from cases.operations.replay_erasures import replay_erasures


class Command(BaseCommand):
    """Everything is checked against the manifest before anything is moved; receipts are moved before the database that
    names them. Stopped half way, it is run again."""

    help = "Restores a backup into an empty installation; stop Xiaoka first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="the folder or .tar file written by backup")
        parser.add_argument(
            "--erasures", type=Path, help="the list of erasures (default: erasures.jsonl beside the backup)"
        )
        parser.add_argument("--empty", action="store_true", help="restore a backup without accounts, too")

    def handle(self, *args: object, source: Path, erasures: Path | None, empty: bool, **options: object) -> None:
        if "cases_user" in connection.introspection.table_names() and User.objects.exists():
            raise CommandError(
                _("This server already has data. Restore into an empty one: use another DATA_DIR or database.")
            )
        data_dir = Path(settings.DATA_DIR)
        with tempfile.TemporaryDirectory(prefix="restore.", dir=data_dir) as folder:
            try:
                manifest = unpack(source, Path(folder))
                self.check_fits(manifest)
                if not empty and not has_accounts(Path(folder)):
                    raise BackupError(_("it has no accounts. If it is meant to be empty, add --empty."))
                put_anchors(Path(folder))
                self.put_files(Path(folder))
                load_database(Path(folder))
            except (BackupError, OSError) as error:
                raise CommandError(_("Not restored: %(why)s") % {"why": error}) from error
        call_command("migrate", verbosity=0)
        count = sum(name.startswith("receipts/") for name in manifest["files"])
        self.stdout.write(_("Restored: the database and %(count)s receipts.") % {"count": count})
        self.erase_again(
            erasures or source.absolute().parent / ERASURES_NAME, datetime.fromisoformat(manifest["made_at"])
        )
        if not any(name.startswith("keys/") for name in manifest["files"]):
            self.stdout.write(
                _(
                    "The backup has no keys. Put the key files back first, or receipts and reminder channels "
                    "cannot be read."
                )
            )

    def erase_again(self, path: Path, made_at: datetime) -> None:
        """What was erased after the backup was made is in it, and is erased again."""
        if not path.is_file():
            message = _(
                "%(path)s not found. Anything erased since this backup was made is back. Find the list "
                "(ERASURES_FILE of the old server) and restore again with --erasures."
            )
            self.stdout.write(message % {"path": path})
            return
        own_list = Path(settings.ERASURES_FILE)
        if not own_list.exists():
            shutil.copyfile(path, own_list)  # or the anchors would miss what was deleted
        count = replay_erasures(entries_since(path, made_at), clock.now())
        self.stdout.write(_("Erased again, by %(path)s: %(count)s.") % {"path": path, "count": count})

    def check_fits(self, manifest: Manifest) -> None:
        if manifest["database"] != connection.vendor:
            raise BackupError(
                _("it was made with %(theirs)s, but this server uses %(ours)s.")
                % {"theirs": manifest["database"], "ours": connection.vendor}
            )
        known_migrations = {f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations}
        unknown = [
            name for name in manifest["migrations"] if name.startswith("cases.") and name not in known_migrations
        ]
        if unknown:
            raise BackupError(_("it was made by a newer version of Xiaoka (%(name)s).") % {"name": unknown[0]})

    def put_files(self, folder: Path) -> None:
        for path in sorted((folder / "receipts").rglob("*")):
            if path.is_file():
                target = Path(settings.RECEIPTS_ROOT) / path.relative_to(folder / "receipts")
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, target)
        for name in KEY_FILES:
            if (folder / "keys" / name).exists():
                os.replace(folder / "keys" / name, Path(settings.DATA_DIR) / name)
