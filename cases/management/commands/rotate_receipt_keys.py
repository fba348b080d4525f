"""``manage.py rotate_receipt_keys``: new keys for receipts, uploaded tables and the spool, while the product runs."""

from itertools import chain

from cases.inbox.spool import reencrypt_spool
from cases.management.key_rotation import RotateCommand
from cases.models import CardImport, keyrings
from cases.models.receipt_store import receipt_store


class Command(RotateCommand):
    help = "Encrypts the files of receipts with the newest key, including files that were never encrypted."
    ring = keyrings.RECEIPT_KEYS

    def reencrypt(self) -> tuple[int, int]:
        changed = unreadable = 0
        tables = CardImport.objects.exclude(encrypted=b"").iterator(chunk_size=1)
        for renewed in chain(
            map(receipt_store.reencrypt, receipt_store.paths()),
            (table.reencrypt() for table in tables),
            reencrypt_spool(),
        ):
            changed, unreadable = changed + (renewed is True), unreadable + (renewed is None)
        return changed, unreadable
