"""Tables handed in and imported."""

from collections.abc import Callable

import pytest
from django.utils.translation import override

from cases.models import CardImport, Carrier, ImportFailure, Team, User
from cases.operations import card_import
from cases.operations.card_import_plan import RowPlan
from cases.wording.stored_sentences import stored_text
from tests.helpers import at

NOW = at("2026-10-16T10:00")
TITLES = "号码,运营商,机主,月租,提交时间,受理单号,处理人"


@pytest.fixture
def bring(team: Team, manager: User, mobile: Carrier, unicom: Carrier) -> Callable[..., CardImport]:
    """Hands a table in, looks through it, and, unless told otherwise, brings it in."""

    def brought(*lines: str, titles: str = TITLES, run: bool = True, name: str = "cards.csv") -> CardImport:
        data = "\n".join([titles, *lines]).encode()
        made = card_import.upload(team, name, data, by=manager, now=NOW)
        card_import.dry_run(made, by=manager, now=NOW)
        if run:
            finish(made, manager)
        made.refresh_from_db()
        return made

    return brought


def finish(made: CardImport, by: User) -> None:
    assert card_import.start(made, by=by, now=NOW)
    with override("en"):
        list(card_import.run_chunks(made.pk, NOW))
    made.refresh_from_db()


def plans(made: CardImport, by: User) -> list[RowPlan]:
    return list(card_import.plan_rows(made, by=by, now=NOW))


def failures(made: CardImport) -> list[tuple[int, str]]:
    rows = ImportFailure.objects.filter(card_import=made).order_by("row").values_list("row", "why")
    with override("en"):
        return [(row, stored_text(why)) for row, why in rows]
