"""Makes people and cases for tests, does things with a case and reads how it stands then."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier
from typing import Any
from uuid import UUID

from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection

from cases.domain.business_days import WorkingCalendar, local
from cases.domain.errors import CaseError
from cases.domain.roles import Role
from cases.models import Card, Carrier, Case, Membership, Team, TimelineEntry, User, WaitingRound
from cases.operations import CardFacts, NewCase, Submit, Verb, open_case, perform_one
from cases.operations.integrity import first_chain_flaw
from cases.operations.timeline_writer import TimelineWriter
from cases.reminders.account_mail_delivery import deliver_account_mails
from tests.moments import at, on

__all__ = [
    "Case",
    "CaseDriver",
    "at",
    "local_str",
    "make_user",
    "many_drafts",
    "new_case",
    "on",
    "run_concurrently",
    "sent_mails",
    "with_second_factor",
]

NUMBER = "13800138000"
#: Of an authenticator app, in Base32.
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def local_str(moment: datetime | None) -> str | None:
    """A moment by the clock of Beijing, short: '2026-10-14 00:00'."""
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else None


def make_user(email: str, team: Team, role: str = Role.AGENT) -> User:
    """A member of a team, named after the address: li.na@example.com is Li Na."""
    user = User.objects.create_user(email, "correct horse", name=email.partition("@")[0].replace(".", " ").title())
    Membership.objects.create(team=team, user=user, role=role)
    return user


def with_second_factor(user: User) -> User:
    """The same person with an authenticator app, as the admin asks for."""
    TOTP.activate(user, SECRET)
    return user


def sent_mails() -> list[EmailMessage]:
    """What was mailed, once the worker has sent the emails about accounts that wait."""
    deliver_account_mails()
    return mail.outbox


def new_case(
    team: Team,
    carrier: Carrier,
    by: User,
    *,
    number: str = NUMBER,
    now: str = "2026-09-30T15:00",
    submitted: str | None = None,
    handler: User | None = None,
    click: UUID | None = None,
    reference: str = "",
    facts: CardFacts | None = None,
) -> Case:
    """Log a case at `now`; with `submitted` it was handed in then."""
    submit = Submit(at(submitted), reference) if submitted else None
    new = NewCase(number, carrier, "cost", "hotline", handler=handler, submit=submit, facts=facts or CardFacts())
    return open_case(team, new, by=by, now=at(now), submit_token=click)


@dataclass
class CaseDriver:
    """A case and the person who acts on it; `do` performs a verb and returns the case as it stands then."""

    case: Case
    by: User

    def do(self, verb: Verb, now: str | datetime, **options: Any) -> Case:
        self.case = perform_one(
            verb, self.case, by=options.pop("by", self.by), now=at(now) if isinstance(now, str) else now, **options
        )
        return self.case

    def fresh(self) -> Case:
        """The case as the database has it."""
        return Case.objects.select_related("card", "carrier", "handler").get(pk=self.case.pk)

    @property
    def status(self) -> str:
        return str(self.fresh().status)

    @property
    def reply_by(self) -> str | None:
        return local_str(self.fresh().reply_by)

    @property
    def next_reminder(self) -> str | None:
        return local_str(self.fresh().next_reminder_at)

    @property
    def rounds(self) -> list[tuple[int, str, str | None, str | None, bool]]:
        """Number, basis, deadline, end and 'late' of each round."""
        return [
            (r.number, r.basis, local_str(r.reply_by), local_str(r.ended_at), r.late)
            for r in WaitingRound.objects.filter(case=self.case).order_by("number")
        ]

    @property
    def kinds(self) -> list[str]:
        return list(self.entries.values_list("kind", flat=True))

    @property
    def entries(self) -> Any:
        return TimelineEntry.objects.filter(case=self.case).order_by("sequence").select_related("content")

    @property
    def last_entry(self) -> TimelineEntry:
        entry: TimelineEntry = self.entries.last()
        return entry

    @property
    def last_content(self) -> dict[str, Any]:
        """The content of the last entry, without the copies of its row (`cases.operations.timeline_writer`)."""
        body: dict[str, Any] = self.last_entry.content.body
        return {name: value for name, value in body.items() if name not in ("round", "click", "calendar")}

    @property
    def chain_flaw(self) -> str | None:
        return first_chain_flaw(self.fresh())


def run_concurrently(*jobs: Callable[[], Any]) -> list[Any]:
    """Run each job in a thread, all at once; returns what each returned, or the CaseError that it raised."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            barrier.wait(20)
            return job()
        except CaseError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


def many_drafts(team: Team, carrier: Carrier, count: int, *, now: str = "2026-09-30T15:00") -> list[Case]:
    """Drafts made in few queries, each with an empty timeline; the edition of the calendar is recorded."""
    TimelineWriter(None, WorkingCalendar()).save(at(now))
    cards = Card.objects.bulk_create(
        Card(team=team, carrier=carrier, number=str(13900000000 + i)) for i in range(count)
    )
    Case.objects.bulk_create(
        Case(team=team, card=card, carrier=carrier, reason="cost", channel="app", created_at=at(now)) for card in cards
    )
    return list(Case.objects.filter(team=team, card__in=cards).order_by("pk"))
