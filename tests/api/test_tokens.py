"""Tokens: made and shown once, within their person's role, dying with the membership; how often they may ask."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings

from cases.models import ApiToken, AuditEntry, Membership, Team, User
from cases.operations import erasure_list, teams, tokens
from cases.operations.replay_erasures import replay_erasures
from tests.api.conftest import Made, Program
from tests.helpers import at
from tests.moments import NOW


def test_who_it_acts_for(program: Program) -> None:
    assert program.get("me") == {
        "person": "Li Na",
        "team": "销售一部",
        "role": "manager",
        "token": {
            "name": "sync",
            "scopes": ["read", "write", "numbers"],
            "expires_at": "2026-11-15T09:00:00+08:00",
            "last_used_at": None,
        },
    }


def test_nothing_of_the_secret_is_kept(program: Program) -> None:
    (token,) = ApiToken.objects.all()
    assert len(program.secret) == len("xiaoka_") + 43  # 32 bytes in Base64
    assert program.secret not in str(vars(token))
    assert len(token.digest) == 64


@pytest.mark.parametrize(
    "header", ["", "Basic eDp5", "Bearer", "Bearer ", "Bearer nonsense", "Bearer \ud800", "xiaoka"]
)
def test_without_a_good_token_there_is_nothing(program: Program, header: str) -> None:
    refused = program.get("me", 401, Authorization=header)
    assert refused["code"] in ("no_token", "token_not_good")
    assert program.last["WWW-Authenticate"].startswith('Bearer realm="xiaoka"')
    assert program.last["Content-Type"] == "application/problem+json"


def test_no_cookie_signs_in(program: Program, manager: User, client: Any) -> None:
    client.force_login(manager)
    assert client.get("/api/v1/me").status_code == 401


def test_it_expires(program: Program, clock: time_machine.Traveller) -> None:
    clock.move_to(at("2026-11-15T08:59"))
    program.get("me")
    clock.move_to(at("2026-11-15T09:00"))
    assert program.get("me", 401)["code"] == "token_not_good"


def test_it_dies_with_the_membership(program_of: Made, agent: User, manager: User, team: Team) -> None:
    program = program_of(agent, team)
    program.get("me")
    teams.remove_member(Membership.objects.get(user=agent), new_handler=None, by=manager, now=NOW)
    assert program.get("me", 401)["code"] == "token_not_good"
    assert not ApiToken.objects.exists()
    Membership.objects.create(user=agent, team=team)
    program.get("me", 401)


def test_an_account_that_is_off_opens_nothing(program: Program, manager: User) -> None:
    manager.is_active = False
    manager.save()
    program.get("me", 401)


def test_it_may_no_more_than_its_person(program_of: Made, agent: User, manager: User, team: Team) -> None:
    program = program_of(agent, team)
    member = Membership.objects.get(user=agent)
    teams.change_role(member, "viewer", by=manager, now=NOW)
    assert program.get("me")["role"] == "viewer"
    assert program.post("cards", {}, 403)["code"] == "only_viewer"


def test_it_may_no_more_than_its_scopes(program_of: Made, manager: User, team: Team) -> None:
    program = program_of(manager, team, "read")
    refused = program.post("cards", {}, 403)
    assert refused["detail"] == "This token does not have the scope “write”."


def test_its_last_use_is_written_once_a_minute(program: Program, clock: time_machine.Traveller) -> None:
    def used() -> Any:
        return ApiToken.objects.get().last_used_at

    program.get("me")
    assert used() == NOW
    clock.move_to(NOW + timedelta(seconds=59))
    program.get("me")
    assert used() == NOW
    clock.move_to(NOW + timedelta(seconds=60))
    program.get("me")
    assert used() == NOW + timedelta(seconds=60)


def test_revoking_is_noted(program: Program, manager: User, agent: User) -> None:
    tokens.revoke_token(ApiToken.objects.get(), by=manager, now=NOW)
    program.get("me", 401)
    noted = list(AuditEntry.objects.order_by("pk").values_list("kind", "about"))
    assert noted == [("token_made", "sync · read write numbers"), ("token_revoked", "sync")]


def test_an_older_backup_brings_no_revoked_token_back(program: Program, manager: User, receipts_folder: Path) -> None:
    token = ApiToken.objects.get()
    tokens.revoke_token(ApiToken.objects.get(), by=manager, now=NOW)
    token.save()  # as the restore of a backup from before has it
    program.get("me")
    lines = erasure_list.entries_since(receipts_folder.parent / "erasures.jsonl", NOW)
    assert replay_erasures(lines, NOW) == 1
    program.get("me", 401)


def test_requests_are_counted_by_the_minute(
    program: Program, program_of: Made, manager: User, team: Team, clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(settings, "API_REQUESTS_A_MINUTE", 2)
    clock.move_to(NOW + timedelta(seconds=18))
    program.get("me")
    assert program.last["RateLimit-Policy"] == '"token";q=2;w=60'
    assert program.last["RateLimit"] == '"token";r=1;t=42'
    program.get("nothing", 404)
    assert program.last["RateLimit"] == '"token";r=0;t=42'
    refused = program.get("me", 429)
    assert refused["detail"] == "More than 2 requests in a minute. Continue in 42 s."
    assert (program.last["Retry-After"], program.last["RateLimit"]) == ("42", '"token";r=0;t=42')
    program_of(manager, team).get("me")  # another token has its own count
    clock.move_to(at("2026-10-16T10:01"))
    program.get("me")
