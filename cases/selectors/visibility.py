"""Who sees what: everything that a page or the API shows to somebody is looked up through one of these."""

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from cases.domain.roles import Right, roles_with
from cases.domain.status import OPEN_STATUSES
from cases.models import (
    AuditEntry,
    Batch,
    Branch,
    Card,
    CardImport,
    Carrier,
    Case,
    Invitation,
    Letter,
    Membership,
    Notice,
    Reminder,
    Team,
    TimelineEntry,
    User,
)
from cases.models.choices import EntryKind
from cases.selectors.cases import Cases
from cases.selectors.entries import entries_that_were_voided


class CardCounts(TypedDict):
    """What `with_case_counts` adds to a card: how many cases it has, and the reference of the open one."""

    case_count: int
    open_reference: str | None


class LetterMark(TypedDict):
    """What `letters_of` adds to a letter: whether the entry that made it final was voided."""

    is_voided: bool


if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import WithAnnotations

    CountedCard = WithAnnotations[Card, CardCounts]
    MarkedLetter = WithAnnotations[Letter, LetterMark]
else:
    CountedCard = Card
    MarkedLetter = Letter


def teams_of(user: User) -> QuerySet[Team]:
    """The teams a person belongs to, in the order of joining."""
    return Team.objects.filter(memberships__user=user).order_by("memberships__id")


def memberships_of(user: User) -> QuerySet[Membership]:
    """A person's memberships, in the order of joining."""
    return user.memberships.select_related("team").order_by("id")


def assignable_users(team: Team) -> QuerySet[User]:
    """Those who can look after a case of this team."""
    return User.objects.filter(assignable_in_team(team.pk), is_active=True).order_by("name", "id")


def assignable_in_team(team_id: int) -> Q:
    """Users whose role in a team lets them work."""
    return Q(memberships__team=team_id, memberships__role__in=roles_with(Right.WORK))


def handled_by(user: User, team: Team) -> Cases:
    """The open cases of a team that somebody looks after."""
    return Case.objects.filter(team=team, handler=user, status__in=OPEN_STATUSES)


def is_member(user: User, team_id: int) -> bool:
    return Membership.objects.filter(user=user, team_id=team_id).exists()


def role_of(user: User, team_id: int) -> str | None:
    """Somebody's role in a team; None where they are not in it."""
    return Membership.objects.filter(user=user, team=team_id).values_list("role", flat=True).first()


def notices_of(owner: User | Team) -> QuerySet[Notice]:
    """Notices sent, or waiting to be sent, to a person or to a team as a whole."""
    return Notice.objects.filter(channel__in=owner.channels.all()).select_related("channel__user", "channel__team")


def reminders_in(notice: Notice) -> QuerySet[Reminder]:
    """The reminders that a notice holds."""
    return Reminder.objects.filter(bundle__lines__notice=notice)


def active_memberships(team: Team) -> QuerySet[Membership]:
    """The members of a team whose accounts are active, by name."""
    return team.memberships.select_related("user").filter(user__is_active=True).order_by("user__name", "id")


def invitations_of(team: Team, now: datetime) -> QuerySet[Invitation]:
    """The invitations that have not expired, with their emails."""
    return team.invitations.filter(expires_at__gt=now).select_related("made_by").prefetch_related("mails")


def reminder_cases_of(user: User) -> Cases:
    """The cases that this person gets the reminders of: those they handle, and, where they manage a team, those that
    nobody in it handles any more (who only reads handles nothing)."""
    memberships = Membership.objects.filter(user=user)
    handlers = Membership.objects.filter(
        team=OuterRef("team"), user=OuterRef("handler"), user__is_active=True, role__in=roles_with(Right.WORK)
    )
    is_handled = Q(handler=user, team__in=memberships.filter(role__in=roles_with(Right.WORK)).values("team"))
    is_unhandled = Q(~Exists(handlers), team__in=memberships.filter(role__in=roles_with(Right.MANAGE)).values("team"))
    return Case.objects.filter(is_handled | is_unhandled).select_related("card", "carrier", "handler", "team")


def audit_entries_of(team: Team) -> QuerySet[AuditEntry]:
    """The audit entries of a team and of the accounts of its members, newest first."""
    members = Membership.objects.filter(team=team).values("user")
    entries = AuditEntry.objects.filter(Q(team=team) | Q(team=None, by__in=members))
    return entries.select_related("by", "card", "case").order_by("-id")


def all_cases() -> Cases:
    """Every team's cases: for what watches the installation, never for a page."""
    return Case.objects.all()


def cases_of(*teams: Team) -> Cases:
    """The cases of these teams: every page looks a case up here."""
    return Case.objects.filter(team__in=teams).select_related("card", "carrier", "handler", "team")


def entries_of(case: Case) -> QuerySet[TimelineEntry]:
    """A case's timeline with its contents, oldest first."""
    return case.entries.select_related("content", "recorded_by").order_by("pk")


def corrections_of(case: Case) -> QuerySet[TimelineEntry]:
    """The entries of a case that correct others, with their contents, oldest first."""
    return entries_of(case).filter(kind__in=(EntryKind.VOIDED, EntryKind.AMENDED))


def letters_of(case: Case) -> QuerySet[MarkedLetter]:
    """A case's letters, drafts among them, oldest first, each with its `LetterMark`."""
    entries = entries_that_were_voided(TimelineEntry.objects.filter(case=case, kind=EntryKind.LETTER))
    voided = entries.alias(letter=KeyTextTransform("letter", "content__body")).filter(
        recorded_at=OuterRef("final_at"), letter=OuterRef("kind")
    )
    return case.letters.annotate(is_voided=Exists(voided.order_by())).order_by("pk")


def final_letters_of(case: Case) -> QuerySet[MarkedLetter]:
    """A case's final letters with their receipts, as `letters_of` marks them."""
    return letters_of(case).filter(final_at__isnull=False).select_related("receipt__added_by")


def cards_of(*teams: Team) -> QuerySet[Card]:
    """The cards of these teams."""
    return Card.objects.filter(team__in=teams).select_related("carrier")


def has_one_card(team: Team) -> bool:
    """Whether the team's register is one card: mostly the team of a person who wants to be rid of their own."""
    return cards_of(team)[:2].count() == 1


def with_case_counts(cards: QuerySet[Card]) -> QuerySet[CountedCard]:
    """The same cards with `case_count`, without those logged by mistake, and `open_reference`, looked up for those
    alone that are read."""
    own_cases = Case.objects.filter(card=OuterRef("pk")).order_by()
    case_counts = own_cases.filter(logged_by_mistake=False).values("card").annotate(count=Count("pk")).values("count")
    return cards.annotate(
        case_count=Coalesce(Subquery(case_counts), 0),
        open_reference=Subquery(own_cases.filter(status__in=OPEN_STATUSES).values("reference")[:1]),
    )


def batches_of(*teams: Team) -> QuerySet[Batch]:
    """The batches of these teams."""
    return Batch.objects.filter(team__in=teams).select_related("carrier", "made_by")


def imports_of(*teams: Team) -> QuerySet[CardImport]:
    """The imports of these teams, newest first, without the tables themselves."""
    return CardImport.objects.filter(team__in=teams).select_related("team", "made_by").defer("encrypted")


def branches(carrier: Carrier, team: Team) -> list[Branch]:
    """The branches of a carrier that a team sees: its own notes, and those known to everybody that it has none of."""
    visible = list(Branch.objects.filter(Q(team=None) | Q(team=team), carrier=carrier))
    own_names = {branch.name for branch in visible if branch.team_id}
    return [branch for branch in visible if branch.team_id or branch.name not in own_names]
