"""The cases that filters written as words let through (`cases.domain.search_words`)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from cases.domain.business_days import start_of_day
from cases.domain.search_words import Term
from cases.models import Carrier, Team, User
from cases.models.lookups import istartswith_indexed
from cases.selectors.card_names import with_cards
from cases.selectors.cases import Cases
from cases.selectors.filters import STANDINGS


def filter_by_words(cases: Cases, now: datetime, terms: Iterable[Term], *teams: Team) -> Cases:
    """The cases of these teams that every filter lets through; names are beginnings of names."""
    for term in terms:
        cases = _filtered(cases, now, term, *teams)
    return cases


def members_named(text: str, *teams: Team) -> QuerySet[User]:
    """The members of these teams whose name begins so."""
    return User.objects.filter(memberships__team__in=teams, name__istartswith=text).order_by().distinct()


def _filtered(cases: Cases, now: datetime, term: Term, *teams: Team) -> Cases:
    match term.key:
        case "standing":
            return STANDINGS[term.value](cases, now)
        case "carrier":
            named = Q(slug=term.value) | Q(name__icontains=term.value) | Q(name_en__icontains=term.value)
            exact = Carrier.objects.filter(slug=term.value)
            carriers = exact if exact.exists() else Carrier.objects.filter(named)
            return cases.filter(carrier__in=list(carriers.values_list("pk", flat=True)))
        case "department" | "user" | "holder":
            return with_cards(cases, [istartswith_indexed(term.key, term.value)], *teams)
        case "handler":
            return cases.filter(handler__in=list(members_named(term.value, *teams).values_list("pk", flat=True)))
        case "after":
            return cases.filter(submitted_at__gte=start_of_day(term.day))
        case "before":
            return cases.filter(submitted_at__lt=start_of_day(term.day))
    return cases.filter(**{term.key: term.value})
