"""Logging a case: the card is found or registered, the case begins as a draft or as submitted already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, transaction

from cases.domain import phones
from cases.domain.errors import NotAMember, OpenCaseExists
from cases.domain.roles import Right, has_right
from cases.domain.status import OPEN_STATUSES
from cases.models import Card, Carrier, Case, Team, TimelineEntry, User
from cases.models.cases import new_reference
from cases.models.choices import EntryKind, ItemState
from cases.operations.checklist import write_marks
from cases.operations.engine.perform import perform_one
from cases.operations.engine.verb import Verb, Work
from cases.operations.submission import Submit
from cases.selectors import role_of


@dataclass(frozen=True)
class CardFacts:
    """What is known of a card; empty values leave what the register has."""

    holder: str = ""
    purpose: str = ""
    plan: str = ""
    monthly_fee: Decimal | None = None
    contract_end: date | None = None


@dataclass(frozen=True)
class Opened(Verb):
    """The first entry of a case, with what of the checklist is ready already."""

    words: str = ""
    ready: tuple[str, ...] = ()
    kind: ClassVar[EntryKind] = EntryKind.LOGGED

    def apply(self, work: Work) -> None:
        case = work.case
        work.content |= {
            "number": case.card.number,
            "carrier": case.carrier.slug,
            "reason": case.reason,
            "channel": case.channel,
            "words": self.words,
            "ready": list(self.ready),
        }

    def write(self, works: Sequence[Work]) -> None:
        write_marks(works, dict.fromkeys(self.ready, ItemState.DONE.value))


def register_card(team: Team, number: str, carrier: Carrier, facts: CardFacts) -> Card:
    """The team's card with this number (typed in any way), registered or brought up to date.

    Raises NumberRefused.
    """
    values = {name: value for name, value in vars(facts).items() if value not in ("", None)}
    card, _ = Card.objects.update_or_create(
        team=team, number=phones.parse(number), defaults={"carrier": carrier, **values}
    )
    return card


def open_case(
    team: Team,
    number: str,
    carrier: Carrier,
    *,
    reason: str,
    channel: str,
    by: User,
    now: datetime,
    facts: CardFacts | None = None,
    handler: User | None = None,
    words: str = "",
    ready: Sequence[str] = (),
    submitted_at: datetime | None = None,
    reference: str = "",
    our_reference: str = "",
    submit_token: UUID | None = None,
) -> Case:
    """Log a request to cancel a card; with `submitted_at` it has been handed to the carrier already:
    what the checklist lacks is recorded as not checked.

    `reference` is the carrier's; `our_reference` names the case where it may not be left to chance (the demo).

    All or nothing. The same click twice gives the same case. Raises NumberRefused, NotAMember, OpenCaseExists, and
    what Submit raises.
    """
    if handler and not has_right(role_of(handler, team.pk), Right.WORK):
        raise NotAMember()
    earlier_case = _case_with_token(by, submit_token)
    if earlier_case:
        return earlier_case
    try:
        with transaction.atomic():
            card = register_card(team, number, carrier, facts or CardFacts())
            existing_case = card.cases.filter(status__in=OPEN_STATUSES).first()
            if existing_case:
                earlier_case = _case_with_token(by, submit_token)  # it may be this click's, come twice at once
                if earlier_case:
                    return earlier_case
                raise OpenCaseExists(reference=existing_case.reference)
            case = Case.objects.create(
                reference=our_reference or new_reference(),
                team=team,
                card=card,
                carrier=carrier,
                handler=handler,
                reason=reason,
                channel=channel,
                created_at=now,
            )
            case = perform_one(Opened(words, tuple(ready)), case, by=by, now=now, submit_token=submit_token)
            if submitted_at is not None:
                case = perform_one(Submit(submitted_at, reference, already_sent=True), case, by=by, now=now)
            return case
    except IntegrityError:
        # The card's row is locked, so nobody logs it twice; but an old case of it was reopened at the same time.
        raise _open_case_error(team, number) from None


def _case_with_token(by: User, submit_token: UUID | None) -> Case | None:
    if submit_token is None:
        return None
    entry = TimelineEntry.objects.filter(recorded_by=by, click=submit_token, kind=EntryKind.LOGGED).first()
    return entry.case if entry else None


def _open_case_error(team: Team, number: str) -> OpenCaseExists:
    case = Case.objects.get(team=team, card__number=phones.parse(number), status__in=OPEN_STATUSES)
    return OpenCaseExists(reference=case.reference)


def update_card(card: Card, carrier: Carrier, values: dict[str, Any]) -> Card:
    """Change what the register says of a card; unlike CardFacts, an empty value empties it."""
    for name, value in values.items():
        setattr(card, name, value)
    card.carrier = carrier
    card.full_clean(exclude=["team"])
    card.save()
    return card
