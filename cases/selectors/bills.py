"""What a bill is compared with."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet

from cases.domain.bill_comparison import RegisteredCard, billing_end
from cases.domain.business_days import local
from cases.domain.status import OPEN_STATUSES, Status
from cases.models import Bill, BillFinding, Card, Carrier, Case, Team
from cases.models.choices import FindingKind, FindingState

#: Parameters of one statement.
_CHUNK = 400


def registered_cards(team: Team) -> Iterator[RegisteredCard]:
    """All cards of a team as a bill is compared with them, in three queries; erased ones are left out."""
    confirmed_on = {}
    open_cards = set()
    standing = Case.objects.filter(team=team, status__in=[*OPEN_STATUSES, Status.CONFIRMED]).order_by("pk")
    whole_month_by_slug = dict(Carrier.objects.values_list("slug", "bills_whole_month"))
    for card, status, confirmed_at in standing.values_list("card_id", "status", "confirmed_at").iterator(2_000):
        if status in OPEN_STATUSES:
            open_cards.add(card)
        elif confirmed_at:
            confirmed_on[card] = local(confirmed_at).date()
    cards = Card.objects.filter(team=team).order_by("pk")
    columns = ("pk", "number", "carrier__slug", "monthly_fee", "opened_on")
    for pk, number, carrier, monthly_fee, opened_on in cards.values_list(*columns).iterator(2_000):
        if number.isdigit():
            is_open = pk in open_cards
            day = None if is_open else confirmed_on.get(pk)
            yield RegisteredCard(
                number,
                carrier,
                monthly_fee,
                opened_on,
                billing_end(day, whole_month=whole_month_by_slug[carrier]) if day else None,
                has_open_case=is_open,
            )


def cases_of_numbers(team: Team, numbers: Sequence[str]) -> tuple[dict[str, Card], dict[str, Case]]:
    """A team's cards with these numbers, and the latest case of each that was not withdrawn."""
    distinct_numbers = sorted(set(numbers))
    cards: dict[str, Card] = {}
    cases: dict[str, Case] = {}
    for start in range(0, len(distinct_numbers), _CHUNK):
        chunk = Card.objects.filter(team=team, number__in=distinct_numbers[start : start + _CHUNK])
        cards.update((card.number, card) for card in chunk)
        of_chunk = Case.objects.filter(team=team, card__in=chunk).exclude(status=Status.WITHDRAWN)
        cases.update((case.card.number, case) for case in of_chunk.select_related("card").order_by("pk"))
    return cards, cases


def bills_of(*teams: Team) -> QuerySet[Bill]:
    """The bills of teams, the newest month first, each with the number of findings and of those still open."""
    counted = Bill.objects.filter(team__in=teams).select_related("team", "carrier", "made_by")
    is_open = Q(findings__state=FindingState.OPEN)
    return counted.annotate(finding_count=Count("findings"), open_count=Count("findings", filter=is_open)).order_by(
        "-month", "-pk"
    )


def findings_of(bill: Bill) -> list[BillFinding]:
    """The findings of a bill, as they were found."""
    return list(bill.findings.select_related("card", "case", "handled_by").order_by("pk"))


def billed_after_cancellation(case: Case) -> list[BillFinding]:
    """What bills show for a confirmed case after its cancellation and nobody has settled, the newest month first."""
    is_waiting = Q(state__in=[FindingState.OPEN, FindingState.DISPUTED])
    findings = BillFinding.objects.filter(is_waiting, case=case, kind=FindingKind.CHARGED_AFTER_CANCELLATION)
    return list(findings.select_related("bill").order_by("-bill__month", "-pk"))


def earlier_months(bill: Bill, findings: Sequence[BillFinding]) -> dict[int, list[date]]:
    """By the keys of findings: the months (their first days) of earlier bills that show the same of the same number."""
    months: dict[tuple[str, str], set[date]] = {}
    before = BillFinding.objects.filter(bill__team=bill.team_id, bill__month__lt=bill.month)
    rows = before.values_list("kind", "card__number", "number", "bill__month")
    for kind, of_card, number, month in rows.iterator(2_000):
        months.setdefault((kind, of_card or number), set()).add(month)
    return {
        finding.pk: sorted(months.get((finding.kind, finding.card.number if finding.card else finding.number), ()))
        for finding in findings
    }
