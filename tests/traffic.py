"""A person who logs cases over HTTP while servers are killed and started again."""

import http.client
import re
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings

from tests.processes import request_status


class WebServer(Protocol):
    """A web server, whoever started it."""

    port: int


@dataclass
class TrafficClient(threading.Thread):
    """Somebody who logs one case after another, over whichever web server answers, until `stopped` is set.

    A form that got no answer is sent again as it was, one-time number and all, as a browser does when its reader
    presses 'again'. `session`: of whoever is signed in; `carrier`: its key. `logged`: the numbers, with the reference
    that each was answered with; `followed`: the references of the cases on which a call was recorded. `wrong`: answers
    that no form should get.
    """

    session: str
    carrier: int
    webs: Sequence[WebServer]
    first_number: int
    logged: dict[str, str] = field(default_factory=dict)
    followed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    resent: int = 0
    __hash__ = threading.Thread.__hash__

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.token = secrets.token_hex(16)
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={self.token}"
        self.headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        self.stopped = threading.Event()

    def run(self) -> None:
        for number in range(self.first_number, self.first_number + 1_000_000):
            if self.stopped.is_set() or self.wrong:
                return
            reference = self.log(str(number))
            if reference and number % 3 == 0:
                self.follow(reference)

    def log(self, number: str) -> str:
        facts = {"number": number, "carrier": str(self.carrier), "reason": "cost", "channel": "hotline"}
        to = self.send("/cases/new/", **facts, submitted_at="2025-05-06T10:00", press="submit")
        if found := re.fullmatch(r"/cases/(XK-\w+)/", to):
            self.logged[number] = found[1]
            return found[1]
        self.wrong.append(f"/cases/new/ led to {to!r}")
        return ""

    def follow(self, reference: str) -> None:
        self.send(f"/cases/{reference}/follow-up/", way="call", happened_at="2025-06-06T10:00", words="又打了一次")
        self.followed.append(reference)

    def send(self, path: str, **fields: str) -> str:
        """Send a form until it is answered; returns where the answer leads."""
        body = urlencode({**fields, "click": str(uuid4()), "csrfmiddlewaretoken": self.token})
        for attempt in range(10_000):
            web = self.webs[(attempt + self.first_number) % len(self.webs)]
            try:
                status, to = request_status(web.port, "POST", path, body, **self.headers)
            except (OSError, http.client.HTTPException):
                self.resent += 1
                time.sleep(0.05)
                continue
            if status != 302:
                self.wrong.append(f"{path} answered {status}")
            return to
        raise AssertionError(f"no web server answers {path}")
