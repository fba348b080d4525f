"""Rows beside those that a test is about, which must come out of it as they were: `bystanders`.

A query that loses a filter reaches further than it should. A test notices only if something stands there to be reached:
another case, an idle card, a batch, a notice, a forwarder, a running import of the same team, and all of that again in
a second team to which the same agent belongs.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import Model

from cases import operations as ops
from cases.domain.roles import Role
from cases.models import (
    AccountMail,
    ApiToken,
    AuditEntry,
    Bill,
    BillColumns,
    BillFinding,
    Branch,
    CalendarAddress,
    Card,
    CardColumn,
    CardImport,
    CardView,
    Carrier,
    CarrierMessage,
    CarrierName,
    Case,
    Forwarder,
    IdempotencyRecord,
    ImportedCard,
    ImportFailure,
    ImportMapping,
    Invitation,
    LanguageModel,
    Letter,
    LetterBundle,
    LetterRecipient,
    Membership,
    Notice,
    NoticeReminder,
    NotificationChannel,
    Reminder,
    ReminderDelivery,
    ReminderGroup,
    Team,
    TeamSender,
    User,
)
from cases.operations.batches import NewBatch, submit_batch
from cases.operations.erasure import Retain
from tests.helpers import CaseDriver, at, make_user, new_case, on

#: When the bystanders' rows were made: before what most tests do, and long enough ago for cleanups to reach them.
MADE_AT = at("2026-09-28T10:00")

Rows = dict[tuple[type[Model], Any], dict[str, Any]]


class Bystanders:
    """The rows that were made, and what a test may do to them (see `may_change`)."""

    def __init__(self, team: Team, second_team: Team, agent: User, before: Rows) -> None:
        self.team, self.second_team, self.agent = team, second_team, agent
        self._rows = {key: row for key, row in all_rows().items() if key not in before}
        self._free: set[tuple[type[Model], str]] = set()

    def may_change(self, model: type[Model], *names: str) -> None:
        """What the test does reaches these columns (attnames) of every case, card … of the installation."""
        self._free |= {(model, name) for name in names}

    def rows(self, model: type[Model]) -> list[Any]:
        """The bystanders of one model, the team's own first."""
        return list(model._base_manager.filter(pk__in=[pk for made, pk in self._rows if made is model]).order_by("pk"))

    def changes(self) -> list[str]:
        """What became of them, one line for each column that is no longer what it was."""
        current = all_rows()
        found = []
        for (model, pk), row in self._rows.items():
            if (model, pk) not in current:
                found.append(f"{model.__name__} {pk} is gone")
                continue
            found += [
                f"{model.__name__} {pk}.{name}: {value!r} became {current[model, pk][name]!r}"
                for name, value in row.items()
                if value != current[model, pk][name] and (model, name) not in self._free
            ]
        return found


def all_rows() -> Rows:
    models = [*apps.get_app_config("cases").get_models(), EmailAddress, Authenticator, Session, UserSession]
    return {(model, row[model._meta.pk.attname]): row for model in models for row in model._base_manager.values()}


@pytest.fixture
def bystanders(team: Team, manager: User, mobile: Carrier, receipts_folder: Path) -> Iterator[Bystanders]:
    """Must be asked for before what the test is about is made; checks in the end that nothing of it has changed."""
    before = all_rows()
    second_team = Team.objects.create(name="旁观公司", created_at=MADE_AT)
    second_manager = make_user("sun.li@example.com", second_team, Role.MANAGER)
    both = make_user("zhou.jie@example.com", team)
    Membership.objects.create(team=second_team, user=both, role=Role.AGENT)
    CalendarAddress.objects.create(user=both, digest="bystander", encrypted="bystander")
    NotificationChannel.objects.create(user=both, kind="webhook", name="own", created_at=MADE_AT)
    AuditEntry.objects.create(at=MADE_AT, kind="signed_in", by=both, about="bystander")
    _sign_in(both)
    _populate(team, manager, both, mobile, prefix="1370000000")
    _populate(second_team, second_manager, both, mobile, prefix="1360000000", is_second=True)
    made = Bystanders(team, second_team, both, before)
    yield made
    changes = made.changes()
    assert changes == [], "\n".join(changes)


def _populate(
    team: Team, manager: User, agent: User, carrier: Carrier, *, prefix: str, is_second: bool = False
) -> None:
    """One team's bystanders; the numbers of its cards begin with `prefix`."""
    mark = f"旁观 {team.name}"
    busy = _busy_case(team, manager, agent, carrier, number=f"{prefix}1", mark=mark)
    closed = CaseDriver(
        new_case(team, carrier, manager, number=f"{prefix}2", now="2026-09-28T10:00", submitted="2026-09-28T10:00"),
        manager,
    )
    closed.do(ops.FollowUp(at("2026-09-29T10:00"), "call", mark), "2026-09-29T10:00")
    closed.do(ops.Verify(at("2026-09-29T11:00"), "hotline", "cancelled", mark, confirm=True), "2026-09-29T11:00")
    if not is_second:
        # The team that a test is about may erase its closed cases: not this one.
        closed.do(Retain(True, mark), "2026-09-29T12:00")
    idle = Card.objects.create(
        team=team, carrier=carrier, number=f"{prefix}3", holder=mark, note=mark, plan=mark, custom={"c1": mark},
    )  # fmt: skip
    CardColumn.objects.create(team=team, key="c1", title="旁观", position=1)
    for owner in (agent, None):
        CardView.objects.create(team=team, owner=owner, name="旁观", settings={"filters": {}}, is_default=True)
    CarrierName.objects.create(team=team, name=mark, carrier=carrier)
    Branch.objects.create(team=team, carrier=carrier, name=mark)
    ImportMapping.objects.create(team=team, titles=mark, columns={"0": "number"}, used_at=MADE_AT)
    BillColumns.objects.create(team=team, titles=mark, columns=["number", "net"])
    submit_batch(
        team,
        NewBatch(carrier, [f"{prefix}4"], "letter", "cost", MADE_AT, reference=mark, words=mark),
        by=manager,
        now=MADE_AT,
    )
    forwarder = Forwarder.objects.create(
        team=team, kind="json", name=mark, digest=f"f-{prefix}", encrypted=mark, created_at=MADE_AT
    )
    for number, (card, case) in enumerate([(busy.card, busy), (idle, None), (None, None)]):
        CarrierMessage.objects.create(
            team=team, forwarder=forwarder, case=case, card=card, source="forwarder", sender="10086", text=mark,
            received_at=MADE_AT, stored_at=MADE_AT, digest=f"m-{prefix}-{number}", state="recorded",
        )  # fmt: skip
    _imports(team, manager, idle, mark)
    _notices(team, agent, busy, mark)
    _bill(team, manager, busy, mark)
    _letters(team, manager, carrier, mark)
    LanguageModel.objects.create(team=team, encrypted=mark, label=mark, model=mark, request_count=3)
    AccountMail.objects.create(
        kind="password_reset_key", user=agent, encrypted=mark, made_at=MADE_AT, next_try_at=at("2029-01-01T10:00"),
        expires_at=at("2029-01-01T11:00"),
    )  # fmt: skip
    Invitation.objects.create(
        team=team, email=f"{prefix}@example.com", digest=f"i-{prefix}", made_by=manager, made_at=MADE_AT,
        expires_at=at("2027-12-01T10:00"),
    )  # fmt: skip
    token = ApiToken.objects.create(
        membership=Membership.objects.get(team=team, user=agent), name=mark, scopes="read", digest=f"t-{prefix}",
        made_at=MADE_AT, expires_at=at("2029-10-01T10:00"),
    )  # fmt: skip
    IdempotencyRecord.objects.create(
        token=token, key=mark, fingerprint=mark, begun_at=at("2029-01-01T10:00"), status=200, encrypted=mark
    )
    AuditEntry.objects.create(at=MADE_AT, kind="number_shown", by=agent, team=team, card=idle, about=mark)


def _sign_in(user: User) -> None:
    """An address, an authenticator app, and a browser that is signed in."""
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "bystander"})
    Session.objects.create(session_key="bystander", session_data="x", expire_date=at("2029-01-01T10:00"))
    UserSession.objects.create(user=user, session_key="bystander", ip="127.0.0.1", user_agent="bystander")


def _busy_case(team: Team, manager: User, agent: User, carrier: Carrier, *, number: str, mark: str) -> Case:
    facts = ops.CardFacts(holder=mark)
    submitted = "2026-09-28T10:00"
    case = new_case(
        team, carrier, manager, number=number, now=submitted, submitted=submitted, reference=mark, handler=agent,
        facts=facts,
    )  # fmt: skip
    driver = CaseDriver(case, manager)
    driver.do(ops.FollowUp(at("2026-09-29T10:00"), "call", mark), "2026-09-29T10:00")
    driver.do(ops.RecordCharge(ops.NewCharge(Decimal(8), on("2026-09-28"), words=mark)), "2026-09-29T11:00")
    driver.do(ops.MarkItem("card"), "2026-09-29T11:30")
    driver.do(ops.Verify(at("2026-09-29T12:00"), "hotline", "inconclusive", mark), "2026-09-29T12:00")
    driver.do(ops.Complain(at("2026-09-29T13:00"), mark, mark), "2026-09-29T13:00")
    upload = ops.ReceiptUpload("sms", [(f"{mark}.txt", f"synthetic {mark}".encode())])
    case = ops.attach_receipts(driver.case, upload, by=manager, now=at("2026-09-29T14:00"))
    Letter.objects.create(
        case=case, kind="appeal", fields={"name": mark}, body=mark, made_at=MADE_AT, changed_at=MADE_AT, made_by=agent
    )
    return case


def _imports(team: Team, manager: User, card: Card, mark: str) -> None:
    for state, made_at in (("running", at("2029-01-01T10:00")), ("new", at("2029-01-01T10:00")), ("done", MADE_AT)):
        table = CardImport.objects.create(
            team=team, made_by=manager, made_at=made_at, name=mark, titles=[mark], forecast={"x": mark}, state=state,
            encrypted=b"" if state == "done" else b"table",
        )  # fmt: skip
        if state == "running":
            ImportFailure.objects.create(card_import=table, row=2, why=mark)
            ImportedCard.objects.create(card_import=table, row=3, card=card, after={"holder": mark})


def _bill(team: Team, manager: User, case: Case, mark: str) -> None:
    """A bill of August with three findings, of which one is open and one disputed."""
    bill = Bill.objects.create(
        team=team, carrier=case.carrier, month=date(2026, 8, 1), name=mark, sha256=f"{team.pk:064}", size=1, lines=2,
        total=Decimal(27), made_at=MADE_AT, made_by=manager,
    )  # fmt: skip
    shared = {"bill": bill, "amount": Decimal(9), "words": mark}
    BillFinding.objects.create(
        **shared, kind="charged_after_cancellation", card=case.card, case=case, state="charged", handled_at=MADE_AT
    )
    BillFinding.objects.create(**shared, kind="no_use", card=case.card, state="open")
    BillFinding.objects.create(**shared, kind="not_in_register", number=mark[:20], state="disputed", handled_at=MADE_AT)


def _letters(team: Team, manager: User, carrier: Carrier, mark: str) -> None:
    TeamSender.objects.create(team=team, name=mark, address=mark)
    LetterRecipient.objects.create(team=team, carrier=carrier, name=mark, address=mark, province="上海市")
    LetterBundle.objects.create(
        team=team, carrier=carrier, kind="complaint", name=mark, made_by=manager, made_at=MADE_AT
    )


def _notices(team: Team, agent: User, case: Case, mark: str) -> None:
    shared = NotificationChannel.objects.create(
        team=team, kind="webhook", name=mark, encrypted=mark, label=mark, created_at=MADE_AT
    )
    bundle = ReminderGroup.objects.create(team=team, handler=agent, made_at=MADE_AT, gathered_at=MADE_AT)
    reminder = Reminder.objects.create(case=case, bundle=bundle, round=1, kind="overdue", ordinal=1, at=MADE_AT)
    for state in ("sent", "pending", "failed"):
        notice = Notice.objects.create(
            channel=shared, made_at=MADE_AT, next_try_at=at("2029-01-01T10:00"), state=state, subject=mark, body=mark,
            finished_at=None if state == "pending" else MADE_AT,
        )  # fmt: skip
        NoticeReminder.objects.create(notice=notice, bundle=bundle)
        if state == "sent":
            ReminderDelivery.objects.create(
                reminder=reminder, notice=notice, channel=shared, channel_kind=shared.kind, at=MADE_AT
            )
