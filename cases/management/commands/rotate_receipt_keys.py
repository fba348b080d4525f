"""``manage.py rotate_receipt_keys``: other keys for the files of receipts, while the product runs."""

from cases.management.rotating import RotateCommand
from cases.models import keys
from cases.models.receipts import store


class Command(RotateCommand):
    help = "Encrypts the files of receipts with the newest key, those included that were never encrypted."
    ring = keys.RECEIPT_KEYS

    def renew(self) -> tuple[int, int]:
        done = lost = 0
        for path in store.paths():
            renewed = store.renew(path)
            done, lost = done + (renewed is True), lost + (renewed is None)
        return done, lost
