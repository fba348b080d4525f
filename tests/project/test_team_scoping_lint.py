"""The lint that finds pages which reach past the team-scoped doors, and that there are none."""

import pytest

from scripts.lint_team_scoping import find_violations, main


def test_no_page_reaches_past_the_doors() -> None:
    main()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Case.objects.filter(pk=1)", ["Case.objects"]),
        ("models.Receipt.objects.get(pk=1)", ["Receipt.objects"]),
        ("x = [CarrierMessage._base_manager.all() for _ in y]", ["CarrierMessage._base_manager"]),
        ("get_object_or_404(Card, pk=1)", ["get_object_or_404(Card, …)"]),
        ("Carrier.objects.all()", []),
        ("queries.cases_of(team).filter(pk=1)", []),
        ("get_object_or_404(case.receipts, pk=1)", []),
    ],
)
def test_what_is_found(line: str, found: list[str]) -> None:
    assert [what for _, what in find_violations(line)] == found
