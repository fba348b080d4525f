"""Every address of the project, every method, as each of six people: what each gets is what the table says."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from cases import operations as ops
from cases.domain.roles import Role
from cases.models import (
    AccountMail,
    AppealBody,
    Batch,
    Bill,
    Branch,
    CalendarOverride,
    CardColumn,
    CardImport,
    CardView,
    Carrier,
    CarrierMessage,
    Charge,
    ImportFailure,
    LanguageModel,
    Letter,
    LetterBundle,
    Membership,
    Notice,
    NotificationChannel,
    PublishedYear,
    Receipt,
    Team,
    User,
)
from cases.models.choices import ChannelKind, ForwarderKind
from cases.models.encryption import encrypt_values
from cases.operations import teams
from cases.operations.accounts import first_account_token
from cases.operations.calendar_address import create_calendar_address
from cases.operations.forwarders import add_forwarder, secrets_of
from cases.operations.tokens import create_token
from tests.helpers import CaseDriver, make_user, on, with_second_factor
from tests.moments import NOW
from tests.web import scenarios
from tests.web.access_matrix import ADMIN, PRODUCT, TABLE, Row

PEOPLE = ("nobody", "outsider", "viewer", "agent", "manager", "staff")
UNUSUAL = ("PUT", "PATCH", "DELETE", "OPTIONS")
NOT_IN = {"sign-in", "403", "404", "405"}


@pytest.fixture
def things(new_driver: scenarios.Make, team: Team, manager: User, agent: User, mobile: Carrier) -> dict[str, Any]:
    """One of everything that an address can name, all of the one team."""
    driver: CaseDriver = scenarios.overdue(new_driver)
    case, now = driver.case, NOW
    ops.attach_receipts(case, ops.ReceiptUpload("other", [("a.txt", b"hello")]), by=manager, now=now)
    shared = NotificationChannel.objects.create(
        team=team, kind=ChannelKind.WEBHOOK, encrypted=encrypt_values({"url": "https://127.0.0.1/"})
    )
    mine = NotificationChannel.objects.create(
        user=manager, kind=ChannelKind.WEBHOOK, encrypted=encrypt_values({"url": "https://127.0.0.1/"})
    )
    letter = Letter.objects.create(case=case, kind="complaint", made_at=now, changed_at=now, made_by=manager)
    letter.final_at, letter.receipt = now, Receipt.objects.get()
    letter.save()
    message = CarrierMessage.objects.create(
        team=team,
        source="pasted",
        sender="10086",
        text="【测试】请到营业厅办理",
        received_at=now,
        stored_at=now,
        digest="0" * 64,
        state="unmatched",
        meaning="ambiguous",
    )
    passkey = Authenticator.objects.create(
        user=make_user("key@example.com", team), type=Authenticator.Type.WEBAUTHN, data={"name": "x", "credential": {}}
    )
    table = CardImport(team=team, made_by=manager, made_at=now, name="x", titles=["号码"], columns={"0": "number"})
    table.store_sheets([{"name": None, "rows": [["号码"], ["bad"]], "merges": [], "hidden": False}])
    table.sheets, table.last_row = [[None, 2]], 2
    table.save()
    ImportFailure.objects.create(card_import=table, row=2, why="x")
    forwarder = add_forwarder(team, ForwarderKind.JSON, name="x", signed=False)
    invitation, secret = teams.invite(team, role=Role.AGENT, email="", by=manager, now=now)
    return {
        "case": case.reference,
        "import": table.pk,
        "bill": Bill.objects.create(
            team=team,
            carrier=mobile,
            month=on("2026-09-01"),
            name="x",
            sha256="0" * 64,
            size=1,
            lines=1,
            total=1,
            made_at=now,
            made_by=manager,
        ).pk,
        "bundle": LetterBundle.objects.create(
            team=team, carrier=mobile, kind="complaint", name="x", made_by=manager, made_at=now
        ).pk,
        "batch": Batch.objects.create(
            team=team, carrier=mobile, channel="letter", submitted_at=now, made_by=manager
        ).pk,
        "case_key": case.pk,
        "card": case.card_id,
        "carrier": mobile.pk,
        "receipt": Receipt.objects.get().pk,
        "charge": Charge.objects.create(case=case, kind="fee", amount=8, day=on("2026-10-01"), recorded_at=now).pk,
        "letter": letter.pk,
        "message": message.pk,
        "team": team.pk,
        "member": Membership.objects.get(user=agent).pk,
        "user": agent.pk,
        "channel": shared.pk,
        "my_channel": mine.pk,
        "token": create_token(Membership.objects.get(user=manager), name="x", scopes=[], days=30, now=now)[0].pk,
        "forwarder": forwarder.pk,
        "language_model": LanguageModel.objects.create(team=team, model="x", label="x", encrypted="x").pk,
        "inbound": secrets_of(forwarder)[0],
        "invitation": invitation.pk,
        "column": CardColumn.objects.create(team=team, key="c1", title="分机").pk,
        "view": CardView.objects.create(team=team, owner=manager, name="x").pk,
        "case_view": CardView.objects.create(team=team, owner=manager, name="x", shows=CardView.CASES).pk,
        "secret": secret,
        "calendar": create_calendar_address(manager),
        "welcome": first_account_token(),
        "passkey": passkey.pk,
        "notice": Notice.objects.create(channel=mine, made_at=now, next_try_at=now).pk,
        "account_mail": AccountMail.objects.create(kind="x", made_at=now, next_try_at=now, expires_at=now).pk,
        "reset": reset_key(agent),
        "group": Group.objects.create(name="x").pk,
        "slug": mobile.slug,
        "branch": Branch.objects.create(team=team, carrier=mobile, name="x").pk,
        "body": AppealBody.objects.create(province="全国", name="x").pk,
        "day": CalendarOverride.objects.create(date=on("2026-11-02"), working=False, name="x").pk,
        "year": PublishedYear.objects.create(year=2027).pk,
        "content_type": ContentType.objects.get_for_model(Team).pk,
    }


@pytest.fixture
def people(manager: User, agent: User, viewer: User, stranger: User) -> dict[str, Client]:
    """Signed in, but for nobody."""
    boss = make_user("staff@example.com", Team.objects.create(name="维护"), Role.MANAGER)
    boss.is_staff = boss.is_superuser = True
    boss.save()
    with_second_factor(boss)
    users = (None, stranger, viewer, agent, manager, boss)
    clients = {}
    for name, user in zip(PEOPLE, users, strict=True):
        clients[name] = Client(raise_request_exception=False)
        if user:
            clients[name].force_login(user)
    return clients


def reset_key(user: User) -> str:
    return f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        else:
            yield here


def filled(text: str, things: dict[str, Any]) -> str:
    return "/" + text.format(**things)


def test_every_address_has_a_row(things: dict[str, Any]) -> None:
    declared = {resolve(filled(address, things).partition("?")[0]).route.replace("^", "") for address in TABLE}
    names = {route.replace("^", "") for route in routes(get_resolver().url_patterns)}
    # What programs ask for has a table of its own: tests/api/access_matrix.py.
    missing = {route for route in names if not route.startswith("api/v1/")} - declared
    assert not missing, (
        f"No row says who gets what behind {sorted(missing)}: add an address of each to PRODUCT or REGISTERS in "
        "tests/web/access_matrix.py, with the kind of row that fits."
    )


def answer(client: Client, method: str, address: str, sends: dict[str, Any]) -> str:
    """What somebody gets, in a word. Whatever it changed is taken back."""
    asked = Client(raise_request_exception=False)
    cache.clear()  # how often somebody may try is not asked here
    asked.cookies, asked.handler = client.cookies.copy(), client.handler  # which has its middleware loaded
    with transaction.atomic():
        response = asked.generic(method, address) if method != "POST" else asked.post(address, sends)
        for _part in getattr(response, "streaming_content", ()):
            pass  # a file is closed at its end
        transaction.set_rollback(True)
    if response.status_code in (301, 302):
        to = response.headers["Location"].partition("?")[0]
        return {"/sign-in/": "sign-in", "/admin/login/": "sign-in", "/me/confirm/": "confirm"}.get(to, "ok")
    return "ok" if response.status_code < 400 else str(response.status_code)


def expected(row: Row, method: str, who: str) -> str:
    words = (row.post if method == "POST" else row.get).split()
    return words[0] if len(words) == 1 else words[PEOPLE.index(who)]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("table", [PRODUCT, ADMIN], ids=["product", "admin"])
def test_everybody_gets_what_the_table_says(
    table: dict[str, Row], who: str, people: dict[str, Client], things: dict[str, Any]
) -> None:
    wrong = []
    for place, row in table.items():
        address = filled(place, things)
        sends = {name: str(value).format(**things) for name, value in row.sends.items()}
        for method in ("GET", "HEAD", "POST", *UNUSUAL):
            got = answer(people[who], method, address, sends)
            if method in UNUSUAL:
                good = got in NOT_IN or row.others in ("ok", got) or (row.others == who == "staff" and got == "ok")
            elif row.others == "staff" and who == "staff":
                good = got in ("ok", "403", "404", "405")  # what staff may do within the admin is tests/admin's
            else:
                wanted = expected(row, method, who)
                good = got == wanted or (got == "confirm" and wanted == "ok")
            if not good:
                wrong.append(f"{method} {place}: {got}, not {expected(row, method, who)}")
    assert not wrong, "\n".join(wrong)
