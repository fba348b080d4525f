"""``manage.py backup TARGET``: all that cannot be recreated, while the product runs."""

import os
import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cases import clock, wording
from cases.management.backup_archive import (
    ERASURES_NAME,
    BackupError,
    FolderSink,
    Manifest,
    Sink,
    TarSink,
    write_backup,
)
from cases.management.invocation import refuse_empty


class Command(BaseCommand):
    help = "Backs up the database and the receipts to a new folder, or to a new file if the name ends in .tar."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="a folder or .tar file that does not exist yet")
        parser.add_argument("--with-keys", action="store_true", help="include the key files; keep the backup secret")
        parser.add_argument("--empty", action="store_true", help="back up a database without accounts, too")

    def handle(self, *args: object, target: Path, with_keys: bool, empty: bool, **options: object) -> None:
        refuse_empty(insist=empty)
        if target.exists():
            raise CommandError(_("%(path)s already exists. Choose another name.") % {"path": target})
        # Under a name of its own until it is whole: half a backup is never taken for one.
        draft = target.with_name(f"{target.name}.partial")
        try:
            with tempfile.TemporaryDirectory(prefix="backup.", dir=settings.FILE_UPLOAD_TEMP_DIR) as scratch:
                if target.suffix == ".tar":
                    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                        with tarfile.open(fileobj=file, mode="w") as tar:
                            manifest = self.write_to(TarSink(tar), Path(scratch), with_keys)
                        file.flush()
                        os.fsync(file.fileno())
                else:
                    shutil.rmtree(draft, ignore_errors=True)
                    draft.mkdir(mode=0o700, parents=True)
                    manifest = self.write_to(FolderSink(draft), Path(scratch), with_keys)
            draft.rename(target)
            self.copy_erasures_list(target)
        except (BackupError, OSError, sqlite3.Error) as error:
            shutil.rmtree(draft) if draft.is_dir() else draft.unlink(missing_ok=True)
            raise CommandError(_("No backup was made: %(why)s") % {"why": error}) from error
        count = sum(name.startswith("receipts/") for name in manifest["files"])
        content_text = _("%(path)s: the database and %(count)s receipts.") % {"path": target, "count": count}
        keys_text = "" if with_keys else _("The keys are not included. Back them up separately.")
        self.stdout.write(wording.join_sentences([content_text, keys_text]))

    def copy_erasures_list(self, target: Path) -> None:
        """The list of erasures as it is now, beside the backups; it only grows."""
        source, copy = Path(settings.ERASURES_FILE), target.absolute().parent / ERASURES_NAME
        if source.is_file() and source.absolute() != copy:
            draft = copy.with_name(f"{ERASURES_NAME}.partial")
            shutil.copyfile(source, draft)
            os.replace(draft, copy)

    def write_to(self, sink: Sink, scratch: Path, with_keys: bool) -> Manifest:
        return write_backup(sink, scratch, with_keys=with_keys, now=clock.now(), on_file=self.show_progress)

    def show_progress(self, name: str) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r\x1b[K{name}", ending="")
            self.stdout.flush()
