"""What is overdue, due, waiting: each defined once, for lists, admin, API and worker alike.

Every function takes cases that somebody may see (`cases_of`) or all of them (admin, worker) and narrows them;
none forgets the team by itself. `now` is an aware moment, read once by the caller.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from cases.domain.business_days import Override, WorkingCalendar, end_of_day, local, start_of_day
from cases.domain.deadlines import Basis
from cases.domain.reading import marks
from cases.domain.roles import Right, roles_with
from cases.domain.silence import is_silent
from cases.domain.sms import CarrierMarks
from cases.domain.status import OPEN, WITH_CARRIER, Status
from cases.finding import SPARSE
from cases.finding import search as search
from cases.finding import search_cards as search_cards
from cases.models import (
    AuditEntry,
    Batch,
    Branch,
    CalendarOverride,
    Card,
    CardImport,
    Carrier,
    Case,
    CompleteYear,
    Forwarder,
    Invitation,
    Membership,
    Message,
    Notice,
    Receipt,
    Reminder,
    Team,
    User,
)
from cases.models.choices import MessageState

Cases = QuerySet[Case]


def working_calendar() -> WorkingCalendar:
    """The working calendar with what administrators entered by hand; one query, which almost every page asks."""
    days = CalendarOverride.objects.order_by().values_list(Cast("date", CharField()), "working", "name")
    years = CompleteYear.objects.order_by().values_list(Cast("year", CharField()), Value(True), Value(""))
    entered = list(days.union(years, all=True))
    overrides = {date.fromisoformat(day): Override(working, name) for day, working, name in entered if "-" in day}
    return WorkingCalendar(overrides, [int(year) for year, _, _ in entered if "-" not in year])


def carrier_marks() -> list[CarrierMarks]:
    """By what the messages of each carrier are known, as administrators keep it."""
    return [
        marks(carrier.slug, carrier.name, carrier.sms_senders, carrier.hotline, carrier.complaint_line)
        for carrier in Carrier.objects.all()
    ]


# Who sees what


def teams_of(user: User) -> QuerySet[Team]:
    """The teams a person belongs to, in the order of joining."""
    return Team.objects.filter(memberships__user=user).order_by("memberships__id")


def memberships_of(user: User) -> QuerySet[Membership]:
    """What a person is in which team, in the order of joining."""
    return user.memberships.select_related("team").order_by("id")


def workers_of(team: Team) -> QuerySet[User]:
    """Those who can look after a case of this team."""
    return User.objects.filter(working_in(team.pk), is_active=True).order_by("name", "id")


def working_in(team_id: int) -> Q:
    """Users whose role in a team lets them work."""
    return Q(memberships__team=team_id, memberships__role__in=roles_with(Right.WORK))


def handled_by(user: User, team: Team) -> Cases:
    """The open cases of a team that somebody looks after."""
    return Case.objects.filter(team=team, handler=user, status__in=OPEN)


def is_member(user: User, team_id: int) -> bool:
    return Membership.objects.filter(user=user, team_id=team_id).exists()


def role_of(user: User, team_id: int) -> str | None:
    """Somebody's role in a team; None where they are not in it."""
    return Membership.objects.filter(user=user, team=team_id).values_list("role", flat=True).first()


def notices_of(owner: User | Team) -> QuerySet[Notice]:
    """What was sent, or waits to be sent, to a person or to a team as a whole."""
    return Notice.objects.filter(channel__in=owner.channels.all()).select_related("channel__user", "channel__team")


def reminders_in(notice: Notice) -> QuerySet[Reminder]:
    """What a message tells."""
    return Reminder.objects.filter(bundle__lines__notice=notice)


def invitations_of(team: Team, now: datetime) -> QuerySet[Invitation]:
    """The invitations that still let somebody in."""
    return team.invitations.filter(expires_at__gt=now).select_related("made_by")


def reminded_of(user: User) -> Cases:
    """The cases that this person gets the reminders of: those they handle, and, where they manage a team, those that
    nobody in it handles any more (who only reads handles nothing)."""
    mine = Membership.objects.filter(user=user)
    handlers = Membership.objects.filter(
        team=OuterRef("team"), user=OuterRef("handler"), user__is_active=True, role__in=roles_with(Right.WORK)
    )
    handled = Q(handler=user, team__in=mine.filter(role__in=roles_with(Right.WORK)).values("team"))
    unhandled = Q(~Exists(handlers), team__in=mine.filter(role__in=roles_with(Right.MANAGE)).values("team"))
    return Case.objects.filter(handled | unhandled).select_related("card", "carrier", "handler", "team")


def audit_of(team: Team) -> QuerySet[AuditEntry]:
    """What was noted of the team and of the accounts of its members, newest first."""
    members = Membership.objects.filter(team=team).values("user")
    entries = AuditEntry.objects.filter(Q(team=team) | Q(team=None, by__in=members))
    return entries.select_related("by", "card", "case").order_by("-id")


def cases_of(*teams: Team) -> Cases:
    """The cases of these teams: the door through which every page finds one."""
    return Case.objects.filter(team__in=teams).select_related("card", "carrier", "handler", "team")


def cards_of(*teams: Team) -> QuerySet[Card]:
    """The cards of these teams."""
    return Card.objects.filter(team__in=teams).select_related("carrier")


def with_cases(cards: QuerySet[Card]) -> QuerySet[Card]:
    """The same cards with `case_count` and the `open_reference`: looked up for the cards that are read, of however many
    there are."""
    own = Case.objects.filter(card=OuterRef("pk")).order_by()
    counted = own.values("card").annotate(count=Count("pk")).values("count")
    return cards.annotate(
        case_count=Coalesce(Subquery(counted), 0),
        open_reference=Subquery(own.filter(status__in=OPEN).values("reference")[:1]),
    )


def batches_of(*teams: Team) -> QuerySet[Batch]:
    """The batches of these teams."""
    return Batch.objects.filter(team__in=teams).select_related("carrier", "made_by")


def imports_of(*teams: Team) -> QuerySet[CardImport]:
    """The tables that were handed in to these teams, newest first, without the tables themselves."""
    return CardImport.objects.filter(team__in=teams).select_related("team", "made_by").defer("sealed")


def branches(carrier: Carrier, team: Team) -> list[Branch]:
    """The branches of a carrier that a team sees: its own notes, and those known to everybody that it has none of."""
    found = list(Branch.objects.filter(Q(team=None) | Q(team=team), carrier=carrier))
    own = {branch.name for branch in found if branch.team_id}
    return [branch for branch in found if branch.team_id or branch.name not in own]


# Carriers' messages


def messages_of(*teams: Team) -> QuerySet[Message]:
    """The messages of these teams: the door through which every page finds one."""
    return Message.objects.filter(team__in=teams).select_related("case__card", "case__carrier", "card", "handled_by")


def waiting_messages(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Those that wait for a person: proposed for a case, or fitting none."""
    return messages.filter(state__in=(MessageState.PROPOSED, MessageState.UNMATCHED))


def unmatched_messages(messages: QuerySet[Message]) -> QuerySet[Message]:
    return messages.filter(state=MessageState.UNMATCHED)


def waiting_on(cases: Cases, carrier: str, moment: datetime) -> Cases:
    """Cases that were with this carrier (its slug) at a moment, and owe an answer still."""
    return cases.filter(carrier__slug=carrier, status__in=WITH_CARRIER, submitted_at__lte=moment)


def unread_messages(now: datetime) -> QuerySet[Message]:
    """What was stored until now and is not read yet, in the order in which it was received."""
    return Message.objects.filter(state=MessageState.NEW, stored_at__lte=now).order_by("received_at", "pk")


def silent_forwarders(team: Team, now: datetime, calendar: WorkingCalendar) -> list[Forwarder]:
    """The team's phones, switched on, from which nothing has come for longer than usual: no reply may mean nothing."""
    return [
        forwarder
        for forwarder in Forwarder.objects.filter(team=team, is_on=True, last_seen_at__isnull=False)
        if is_silent(forwarder.arrived(), forwarder.last_seen_at, now, calendar)
    ]


# How a case stands. `reply_by` is set exactly while the carrier owes an answer.


def waiting(cases: Cases, now: datetime) -> Cases:
    """The carrier owes an answer and still has time."""
    return cases.filter(reply_by__gt=now)


def overdue(cases: Cases, now: datetime) -> Cases:
    """The carrier's time is over: now >= reply_by."""
    return cases.filter(reply_by__lte=now)


def due_today(cases: Cases, now: datetime) -> Cases:
    """The last day is today: today 00:00 < reply_by <= tomorrow 00:00, in Shanghai."""
    today = local(now).date()
    return cases.filter(reply_by__gt=start_of_day(today), reply_by__lte=end_of_day(today))


def promised_today(cases: Cases, now: datetime) -> Cases:
    """Due today because the carrier promised so."""
    return due_today(cases, now).filter(basis=Basis.PROMISE)


def to_verify(cases: Cases) -> Cases:
    """The carrier says it is done; we have to make sure."""
    # What is closed is not with the carrier; said all the same, because the index holds what is not closed.
    return cases.filter(status__in=WITH_CARRIER, reported_done_at__isnull=False, closed_at__isnull=True)


def returned(cases: Cases) -> Cases:
    """The carrier handed the request back: it is our turn."""
    return cases.filter(status=Status.RETURNED, returned_at__isnull=False, closed_at__isnull=True)


def with_status(cases: Cases, status: Status) -> Cases:
    return cases.filter(status=status)


def provisional(cases: Cases) -> Cases:
    """Waiting for a deadline that the next year's schedule may still move."""
    return cases.filter(reply_by__isnull=False, provisional=True)


def confirmed_without_receipt(cases: Cases) -> Cases:
    # Looked up for each on the way: joined, PostgreSQL puts all receipts together first.
    receipt = Receipt.objects.filter(case=OuterRef("pk")).order_by().values("pk")[:1]
    return cases.alias(receipt=Subquery(receipt)).filter(status=Status.CONFIRMED, receipt__isnull=True)


def due_for_reminder(cases: Cases, now: datetime) -> Cases:
    """The hint says that a reminder may be due; the sweep computes again before it sends."""
    return cases.filter(next_reminder_at__lte=now)


def touched_by_day(cases: Cases, day: date) -> Cases:
    """Open windows that contain this day: begun before it ended, with a last day not before it."""
    return cases.filter(submitted_at__lt=start_of_day(day), reply_by__gt=start_of_day(day))


def touched_by_year(cases: Cases, year: int) -> Cases:
    """Open windows that reach into this year, or into the last week of the one before."""
    return cases.filter(
        submitted_at__lt=start_of_day(date(year + 1, 1, 1)), reply_by__gt=start_of_day(date(year - 1, 12, 24))
    )


def reminding_after(cases: Cases, day: date) -> Cases:
    """Cases whose next reminder a change of this day may move."""
    return cases.filter(next_reminder_at__gte=start_of_day(day - timedelta(days=1)))


# Counting


def capped_count(rows: QuerySet[Any], cap: int = SPARSE) -> int:
    """How many there are, counting no further than `cap`."""
    return rows.order_by()[:cap].count()
