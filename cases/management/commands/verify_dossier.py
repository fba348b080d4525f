"""``manage.py verify_dossier FILE [--key PEM|FILE] [--json]``: is a dossier unaltered, and who made it?"""

import json
from dataclasses import asdict
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509 import Certificate
from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cases import wording
from cases.formats.dossier_manifest import DossierReport, InvalidPublicKey, read_key, verify_dossier
from cases.formats.timestamps import read_certificates
from cases.models.keyrings import signing_key


class Command(BaseCommand):
    """Needs the file and a public key, and no database. Ends with 1 when something is wrong."""

    help = "Checks a dossier with this server's public key, or another server's, and lists problems."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", metavar="PEM", help="another server's public key, or a file with it")
        parser.add_argument(
            "--stamp-certificates",
            type=Path,
            metavar="PEM",
            help="a file with the root certificates of time-stamp services (default: TIMESTAMP_CERTIFICATES)",
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")

    def handle(
        self,
        *args: object,
        file: Path,
        key: str | None,
        stamp_certificates: Path | None,
        as_json: bool,
        **options: object,
    ) -> None:
        try:
            trusted = load_certificates(stamp_certificates)
            public_key = load_public_key(key) if key else signing_key().public_key()
            with file.open("rb") as stream:
                report = verify_dossier(stream, public_key, trusted=trusted)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        if as_json:
            data = asdict(report) | {"flaws": [str(flaw) for flaw in report.flaws]}
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            self.print_report(report)
        if report.flaws:
            raise CommandError(_("This dossier has been changed since it was signed."))

    def print_report(self, report: DossierReport) -> None:
        """For people: what is wrong; or what the signature stands for."""
        if report.flaws:
            self.stdout.writelines(f"{wording.flaw_message(flaw)}\n" for flaw in report.flaws)
            return
        self.stdout.write(
            _("Unchanged: %(files)s files, created at %(made_at)s by %(site)s, signed with the key %(fingerprint)s.")
            % {
                "files": report.files,
                "made_at": report.made_at,
                "site": report.site,
                "fingerprint": report.fingerprint,
            }
        )
        for case in report.cases:
            self.stdout.write(
                _("%(case)s: %(count)s entries, last hash %(head)s.")
                % {"case": case.reference, "count": case.count, "head": case.head}
            )
        anchored_cases = {case.reference: case for case in report.anchors}
        for case in report.cases:
            anchored = anchored_cases.get(case.reference)
            self.stdout.write(
                wording.anchored_case(anchored) if anchored else wording.case_without_anchor(case.reference)
            )


def load_public_key(text: str) -> Ed25519PublicKey:
    """The key in a PEM text, or in the file of that name; CommandError when it is none."""
    try:
        pem = text if "-----BEGIN" in text else Path(text).read_text(encoding="utf-8")
        return read_key(pem)
    except (InvalidPublicKey, UnicodeDecodeError):
        raise CommandError(wording.error_message(InvalidPublicKey())) from None


def load_certificates(path: Path | None) -> list[Certificate]:
    """The certificates in a PEM file, or those of the settings; CommandError when it holds none."""
    try:
        return read_certificates(path.read_bytes() if path else settings.TIMESTAMP_CERTIFICATES)
    except ValueError:
        raise CommandError(_("%(path)s holds no certificates in PEM form.") % {"path": path}) from None
