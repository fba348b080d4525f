"""What the tests' phones send. Every message is synthetic."""

import hashlib
import hmac
import json
from typing import Any

from django.test import Client

from cases.models import Forwarder, Team
from cases.operations.forwarders import add_forwarder, secrets_of
from tests.web.html_client import Page

TEXT = "【中国移动】您的号码138****8000销户申请已受理，受理单号SL4711。"


class Phone:
    """A phone that is set up: `post` sends fields as JSON, signed if it signs."""

    def __init__(self, team: Team, kind: str = "json", *, signed: bool = False) -> None:
        self.made = add_forwarder(team, kind, name="前台的手机", signed=signed)
        self.secret, self.key = secrets_of(self.made)
        self.path = f"/in/{self.secret}/"
        self.client = Client()

    @property
    def row(self) -> Forwarder:
        return Forwarder.objects.get(pk=self.made.pk)

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """Kept, repeated, codes, strangers, refused."""
        row = self.row
        return row.kept, row.repeated, row.codes, row.strangers, row.refused

    def post(self, *, key: str | None = None, **fields: Any) -> Page:
        fields = {"sender": "10086", "text": TEXT} | fields
        return self.send(json.dumps(fields).encode(), key=key)

    def send(self, body: bytes, content_type: str = "application/json", *, key: str | None = None) -> Page:
        key = self.key if key is None else key
        headers = {"X-Signature": hmac.new(key.encode(), body, hashlib.sha256).hexdigest()} if key else {}
        return Page(self.client.post(self.path, body, content_type=content_type, headers=headers))
