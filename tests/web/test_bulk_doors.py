"""Nobody takes out more than their role allows, by whatever door: one table over pages, API and admin."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from cases import operations as ops
from cases.domain.roles import Role
from cases.models import (
    Batch,
    Bill,
    BillFinding,
    Carrier,
    CarrierMessage,
    Letter,
    LetterBundle,
    Membership,
    Receipt,
    Team,
    User,
)
from cases.models.receipt_store import receipt_store
from cases.operations import card_import
from cases.operations.calendar_address import create_calendar_address
from cases.operations.tokens import create_token
from tests.helpers import CaseDriver, make_user, with_second_factor
from tests.moments import NOW
from tests.web import scenarios
from tests.web.access_matrix import PRODUCT
from tests.web.bulk_doors import NO_NUMBERS, NO_NUMBERS_BELOW, SENDS, TABLE

pytestmark = pytest.mark.forged

WHO = ("anonymous", "other", "viewer", "agent", "manager", "operator")
#: The numbers of the two cases, and a third in the failed row of an import; as they may stand in an answer.
NUMBERS = re.compile(rb"138 ?0000 ?000[56]|138 ?0000 ?0099")
RECEIPT = b"synthetic receipt: what nobody else should read"


@pytest.fixture
def things(new_driver: scenarios.Make, team: Team, manager: User, mobile: Carrier) -> dict[str, Any]:
    """One of everything that an address of the table names: two cases with receipts, all of one team."""
    driver: CaseDriver = scenarios.overdue(new_driver)
    other = scenarios.promise_broken(new_driver)
    batch = Batch.objects.create(team=team, carrier=mobile, channel="letter", submitted_at=NOW, made_by=manager)
    for each in (driver, other):
        each.do(ops.FollowUp(NOW, way="call", words="号码 13800000005 仍在审核", agent="13800000005"), NOW)
        ops.attach_receipts(each.case, ops.ReceiptUpload("other", [("a.txt", RECEIPT)]), by=manager, now=NOW)
        each.case.refresh_from_db()
        each.case.batch = batch
        each.case.save()
    case = driver.case
    ops.save_letter_draft(case, ops.LetterEdit("complaint", {}, "号码 13800000005", None), by=manager, now=NOW)
    letter = Letter.objects.create(case=case, kind="appeal", made_at=NOW, changed_at=NOW, made_by=manager)
    letter.final_at, letter.receipt = NOW, Receipt.objects.filter(case=case).get()
    letter.save()
    bundle = LetterBundle.objects.create(
        team=team, carrier=mobile, kind="appeal", name="x.pdf", made_by=manager, made_at=NOW
    )
    Letter.objects.filter(pk=letter.pk).update(bundle=bundle)
    message = CarrierMessage.objects.create(
        team=team, source="pasted", sender="10086", text="【测试】号码13800000005请到营业厅办理", received_at=NOW,
        stored_at=NOW, digest="0" * 64, state="proposed", meaning="ambiguous", case=case, card=case.card,
    )  # fmt: skip
    data = "号码,运营商,机主\n13800000099,移动,甲\n13800000099,移动,乙\n".encode()
    table = card_import.upload(team, "a.csv", data, by=manager, now=NOW)
    card_import.dry_run(table, by=manager, now=NOW)
    preview = card_import.upload(team, "b.csv", "号码\n13800000099\n".encode(), by=manager, now=NOW)
    card_import.dry_run(preview, by=manager, now=NOW)
    card_import.start(table, by=manager, now=NOW)
    list(card_import.run_chunks(table.pk, NOW))
    bill = Bill.objects.create(
        team=team, carrier=mobile, month=NOW.date(), name="x", sha256=receipt_store.write(team.pk, data), size=1,
        lines=1, total=1, made_at=NOW, made_by=manager,
    )  # fmt: skip
    BillFinding.objects.create(bill=bill, kind="never_billed", card=case.card, case=case)
    return {
        "bill": bill.pk,
        "case": case.reference,
        "other_case": other.case.reference,
        "case_key": case.pk,
        "card": case.card_id,
        "batch": batch.pk,
        "bundle": bundle.pk,
        "receipt": Receipt.objects.filter(case=case).get().pk,
        "letter": letter.pk,
        "message": message.pk,
        "import": table.pk,
        "preview": preview.pk,
        "team": team.pk,
        "slug": mobile.slug,
        "calendar": create_calendar_address(manager),
    }


@pytest.fixture
def people(manager: User, agent: User, viewer: User, stranger: User) -> dict[str, tuple[Client, str]]:
    """Each at a browser, and with a token of all scopes; the anonymous one has neither."""
    operator = make_user("staff@example.com", Team.objects.create(name="维护"), Role.MANAGER)
    operator.is_staff = operator.is_superuser = True
    operator.save()
    with_second_factor(operator)
    clients = {}
    for who, user in zip(WHO, (None, stranger, viewer, agent, manager, operator), strict=True):
        client, secret = Client(raise_request_exception=False), ""
        if user:
            client.force_login(user)
            membership = Membership.objects.get(user=user)
            secret = create_token(membership, name="x", scopes=["read", "write", "numbers"], days=30, now=NOW)[1]
        clients[who] = client, secret
    return clients


def filled(value: Any, things: dict[str, Any]) -> Any:
    return value.format(**things) if isinstance(value, str) else value


def outcome(client: Client, secret: str, row: str, things: dict[str, Any]) -> str:
    """What comes out by a door, in a word of the table. Whatever it changed is taken back."""
    method, address, *variant = row.split(" ")
    body = {name: filled(value, things) for name, value in SENDS.get(row, {}).items()}
    path, options = "/" + filled(address, things), {}
    asking = Client(raise_request_exception=False)
    if address.startswith("api/"):
        options = {"headers": {"Authorization": f"Bearer {secret}"} if secret else {}}
        options |= {"content_type": "application/json"} if method == "POST" else {}
    else:
        asking.cookies = client.cookies.copy()
    cache.clear()
    with transaction.atomic():
        if variant == ["switched", "on"]:
            asking.post(f"/teams/{things['team']}/numbers/switch/", {"show": "yes"})
        response = getattr(asking, method.lower())(path, body if method == "POST" else None, **options)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return word_for(response, content)


def word_for(response: Any, content: bytes) -> str:
    if response.status_code in (301, 302):
        to = response.headers["Location"].partition("?")[0]
        return {"/sign-in/": "sign-in", "/admin/login/": "sign-in", "/me/confirm/": "confirm"}.get(to, "200")
    if response.status_code != 200:
        return str(response.status_code)
    if response.headers["Content-Type"] == "application/pdf":
        return "pdf"
    everything = b"\n".join(unpacked(content))
    words = ["full"] if NUMBERS.search(everything) else []
    words += ["receipts"] if RECEIPT in everything else []
    return "+".join(words) or "masked"


def unpacked(content: bytes) -> Iterator[bytes]:
    """The bytes, and those within an archive, which an Excel file is too."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from unpacked(archive.read(name))


@pytest.mark.parametrize("who", WHO)
def test_everybody_takes_out_what_the_table_says(
    who: str, people: dict[str, tuple[Client, str]], things: dict[str, Any]
) -> None:
    wrong = []
    for row, outcomes in TABLE.items():
        words = outcomes.split()
        expected = words[0] if len(words) == 1 else words[WHO.index(who)]
        got = outcome(*people[who], row, things)
        if got != expected:
            wrong.append(f"{row}: {got}, not {expected}")
    assert not wrong, "\n".join(wrong)


def test_what_is_no_door_lets_nothing_out(people: dict[str, tuple[Client, str]], things: dict[str, Any]) -> None:
    doors = {filled(row.split(" ")[1], things).partition("?")[0] for row in TABLE}
    addresses = {address for address, row in PRODUCT.items() if row.get != "405"}
    addresses |= {f"cases/{{case}}/{action}/" for action in ops.Action}
    walked, leaking = 0, []
    for address in sorted(addresses):
        try:
            path = filled(address, things)
        except KeyError:  # a thing that there is none of here
            continue
        if path not in doors and "?" not in path:
            walked += 1
            if (got := outcome(*people["manager"], f"GET {path}", things)) in ("full", "receipts", "full+receipts"):
                leaking.append(f"{address}: {got}")
    assert not leaking, "\n".join(leaking)
    assert walked > 50


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        else:
            yield here.replace("^", "")


def test_every_route_is_a_door_of_the_table_or_has_a_reason_why_it_is_none(things: dict[str, Any]) -> None:
    doors = {resolve("/" + filled(row.split(" ")[1], things).partition("?")[0]).route.replace("^", "") for row in TABLE}
    reasoned = {route for listed in NO_NUMBERS.values() for route in listed}
    known = set(routes(get_resolver().url_patterns))
    unknown = {route for route in known - doors - reasoned if not route.startswith(NO_NUMBERS_BELOW)}
    assert not unknown, (
        f"Nothing says what leaves by {sorted(unknown)}: add an address to tests/web/bulk_doors.py with what each "
        "role takes out there, or to NO_NUMBERS by the reason why it lets out no numbers and no receipts."
    )
    assert not (reasoned - known), f"No such route any more: {sorted(reasoned - known)}"
    assert not (reasoned & doors), f"Both a door and none: {sorted(reasoned & doors)}"
