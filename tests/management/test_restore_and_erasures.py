"""What was erased after a backup was made does not come back with it."""

import json
from pathlib import Path

import pytest

from tests.management import test_backup
from tests.management.test_backup import Installation

pytestmark = pytest.mark.drill

databases = test_backup.databases

ERASE = """
from django.utils import timezone
from cases.models import Case, Team, User
from cases.operations import Withdraw, perform
from cases.operations.deletion import close_account, delete_team
from cases.operations.erasure import Erase
now = timezone.now()
case = Case.objects.filter(team=1, status="submitted", receipts__isnull=False, escalations=None).earliest("pk")
assert perform(Withdraw(), [case], by=None, now=now).done  # it was open when the backup was made
assert perform(Erase(), [case], by=None, now=now).done
delete_team(Team.objects.get(pk=2), now)
person = User.objects.create_user("late@example.com", "x", name="Late")
close_account(person, now)
print(case.reference)
"""
LEFT = """
import json
from cases.models import Case, Receipt, Team, TimelineContent
from cases.models.receipt_store import receipt_store
from cases.operations.integrity import first_chain_flaw
case = Case.objects.get(reference="{reference}")
print(json.dumps([case.erased_at is not None, TimelineContent.objects.filter(entry__case=case).count(),
    Receipt.objects.filter(case=case).count(), Team.objects.count(), first_chain_flaw(case),
    sorted({{path.parent.parent.name for path in receipt_store.paths()}})]))
"""


def rows_of_case(where: Installation, reference: str) -> list[object]:
    found: list[object] = json.loads(
        where.do("shell", "--verbosity=0", "-c", LEFT.format(reference=reference)).splitlines()[-1]
    )
    return found


def test_an_older_backup_is_cleaned_by_the_list(tmp_path: Path, databases: list[str]) -> None:
    product = Installation(tmp_path / "a", databases[0])
    product.do("migrate", "--verbosity=0")
    product.do("load_demo", "--cases", "15")
    product.do("backup", str(tmp_path / "backups" / "old"), "--with-keys")
    reference = product.do("shell", "--verbosity=0", "-c", ERASE).splitlines()[-1]
    assert rows_of_case(product, reference) == [True, 1, 0, 1, None, ["1"]]

    forgetful = Installation(tmp_path / "b", databases[1])
    said = forgetful.do("restore", str(tmp_path / "backups" / "old"))
    assert "restore again with --erasures" in said or "--erasures" in said
    assert rows_of_case(forgetful, reference)[0] is False

    product.do("backup", str(tmp_path / "backups" / "new"))
    beside, own = tmp_path / "backups" / "erasures.jsonl", tmp_path / "a" / "erasures.jsonl"
    assert beside.read_bytes() == own.read_bytes()
    careful = Installation(tmp_path / "c", databases[2])
    assert "2" in careful.do("restore", str(tmp_path / "backups" / "old"))
    assert rows_of_case(careful, reference) == [True, 1, 0, 1, None, ["1"]]
