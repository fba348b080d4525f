"""Noting who signed in, saw, exported or changed what.

What an entry is about is stored in names, codes and fixed English words, in forms that `cases/wording/audit_log.py`
puts into the reader's language.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from cases.domain.business_days import local, start_of_day
from cases.models import AuditEntry, Card, Case, Membership, Team, User
from cases.models.choices import AuditKind


def record_audit_entry(
    kind: AuditKind,
    *,
    by: User | None,
    now: datetime,
    team: Team | None = None,
    case: Case | None = None,
    about: str = "",
) -> None:
    """Note one act. `about` names a person, a channel, a file: never a number, a secret or a text of somebody's."""
    AuditEntry.objects.create(
        at=now,
        kind=kind,
        by=by,
        team=team,
        case=case,
        about=_cut(about),
    )


def _cut(about: str) -> str:
    return about[: AuditEntry._meta.get_field("about").max_length]


def record_number_shown(card: Card, *, by: User, now: datetime, case: Case | None = None) -> None:
    """Record that somebody saw a number in full; the card's page shows it."""
    AuditEntry.objects.create(at=now, kind=AuditKind.NUMBER_SHOWN, by=by, team=card.team, card=card, case=case)


def record_number_in_full(card: Card, *, by: User, now: datetime, case: Case | None = None) -> None:
    """Somebody who has full numbers switched on looks at a card or at one of its cases: once a day."""
    entry = AuditEntry(at=now, kind=AuditKind.NUMBER_SHOWN, by=by, team_id=card.team_id, card=card, case=case)
    _record_once_a_day(entry, AuditEntry.objects.filter(kind=entry.kind, by=by, card=card))


def record_list_in_full(team: Team, about: str, *, by: User, now: datetime) -> None:
    """Somebody who has full numbers switched on looks at a list of the team, which `about` names: once a day."""
    entry = AuditEntry(at=now, kind=AuditKind.NUMBERS_SHOWN, by=by, team=team, about=_cut(about))
    _record_once_a_day(entry, AuditEntry.objects.filter(kind=entry.kind, by=by, team=team, about=entry.about))


def _record_once_a_day(entry: AuditEntry, like_it: QuerySet[AuditEntry]) -> None:
    """Save an entry unless there is one `like_it` of its day in Shanghai; a short write, and none most of the time."""
    of_the_day = like_it.filter(at__gte=start_of_day(local(entry.at).date()))
    if of_the_day.exists():
        return
    with transaction.atomic():
        # Of two tabs at once the second waits here, and then finds the entry of the first.
        list(Membership.objects.select_for_update().filter(team=entry.team_id, user=entry.by_id).order_by())
        if not of_the_day.exists():
            entry.save()


def record_numbers_shown(team: Team, cases: Sequence[Case], *, by: User | None, now: datetime, about: str = "") -> None:
    """Somebody looks at the numbers of many cases in full; their cards tell so."""
    kind, about = AuditKind.NUMBER_SHOWN, _cut(about)
    AuditEntry.objects.bulk_create(
        AuditEntry(at=now, kind=kind, by=by, team=team, card_id=case.card_id, case=case, about=about) for case in cases
    )


def record_numbers_in_full(team: Team, cases: Sequence[Case], *, by: User, now: datetime, about: str = "") -> None:
    """Likewise of a page that always shows them in full, such as a call sheet: each card tells so once a day."""
    of_the_day = AuditEntry.objects.filter(
        kind=AuditKind.NUMBER_SHOWN, by=by, card__in={case.card_id for case in cases},
        at__gte=start_of_day(local(now).date()),
    )  # fmt: skip
    noted = set(of_the_day.values_list("card_id", flat=True))
    record_numbers_shown(team, [case for case in cases if case.card_id not in noted], by=by, now=now, about=about)


def record_numbers_shown_of_cards(
    team: Team, cards: Sequence[Card], *, by: User, now: datetime, about: str = ""
) -> None:
    """Somebody looks at the numbers of many cards in full; they tell so."""
    kind = AuditKind.NUMBER_SHOWN
    AuditEntry.objects.bulk_create(
        AuditEntry(at=now, kind=kind, by=by, team=team, card=card, about=about) for card in cards
    )


def record_list_export(team: Team, cards: Iterable[int] | None, *, by: User, now: datetime, about: str) -> None:
    """Somebody took a list of the team out as a file; `cards` are the keys of those whose numbers it tells in full,
    None where it masks them."""
    with transaction.atomic():
        record_audit_entry(
            AuditKind.EXPORTED, by=by, now=now, team=team, about=about if cards is None else f"{about}, numbers in full"
        )
        entries = [
            AuditEntry(
                at=now, kind=AuditKind.NUMBER_SHOWN, by=by, team=team, card_id=card, about="list, numbers in full"
            )
            for card in dict.fromkeys(cards or ())
        ]
        AuditEntry.objects.bulk_create(entries, batch_size=1000)


def record_dossier_export(
    cases: Sequence[Case], *, by: User | None, now: datetime, full_numbers: bool, audit_source: str = ""
) -> None:
    """Somebody took these cases out as a dossier; with numbers in full, their cards tell so as well."""
    about = ", ".join(filter(None, ("dossier", "numbers in full" if full_numbers else "", audit_source)))
    with transaction.atomic():
        for case in cases:
            record_audit_entry(AuditKind.EXPORTED, by=by, now=now, team=case.team, case=case, about=about)
            if full_numbers:
                record_numbers_shown(case.team, [case], by=by, now=now, about=about)
