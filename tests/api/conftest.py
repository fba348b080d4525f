"""Programs with their tokens, on Friday 2026-10-16 at 10:00 in Shanghai; they read English unless a test says so."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from cases.domain.roles import Scope
from cases.models import Carrier, Membership, Team, User
from cases.operations.tokens import create_token
from tests.helpers import at
from tests.moments import NOW


@pytest.fixture(autouse=True)
def clock(receipts_folder: Path) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    cache.clear()


@dataclass
class Program:
    """A program with a token; what it gets is read as JSON, and `last` is the whole answer."""

    secret: str
    language: str = "en"
    last: Any = None

    def __call__(self, method: str, path: str, body: Any = None, expect: int = 200, **headers: str) -> Any:
        sent: dict[str, Any] = {}
        if body is not None:
            sent = {"data": body if isinstance(body, bytes) else json.dumps(body), "content_type": "application/json"}
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers = {"Authorization": f"Bearer {self.secret}", "Accept-Language": self.language, **headers}
        self.last = Client(raise_request_exception=False).generic(method, f"/api/v1/{path}", headers=headers, **sent)
        assert self.last.status_code == expect, (self.last.status_code, self.last.content.decode()[:2000])
        return json.loads(self.last.content or "null") if "json" in self.last.get("Content-Type", "") else None

    def get(self, path: str, expect: int = 200, **headers: str) -> Any:
        return self("GET", path, None, expect, **headers)

    def post(self, path: str, body: Any = None, expect: int = 200, **headers: str) -> Any:
        return self("POST", path, {} if body is None else body, expect, **headers)

    @property
    def etag(self) -> str:
        return str(self.last["ETag"])


Made = Callable[..., Program]


@pytest.fixture
def program_of(db: None) -> Made:
    def made(user: User, team: Team, scopes: str = "read write numbers", days: int = 30) -> Program:
        membership = Membership.objects.get(user=user, team=team)
        chosen = [Scope(scope) for scope in scopes.split()]
        return Program(create_token(membership, name="sync", scopes=chosen, days=days, now=at("2026-10-16T09:00"))[1])

    return made


@pytest.fixture
def program(program_of: Made, manager: User, team: Team, mobile: Carrier) -> Program:
    """Of the team's manager, with all scopes."""
    return program_of(manager, team)
