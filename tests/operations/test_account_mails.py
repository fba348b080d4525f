"""Emails about accounts are written down, and forgotten long after they went."""

from datetime import timedelta

import pytest

from cases.models import AccountMail, Invitation, Team, User
from cases.models.encryption import decrypt_values
from cases.operations.account_mails import Letter, delete_old_mails, queue_account_mail
from tests.helpers import at

pytestmark = pytest.mark.django_db
NOW = at("2026-10-16T10:00")
LETTER = Letter("li.na@example.com", "销卡：邀请", "https://xiaoka.example/x")


def test_what_is_written_down(team: Team, manager: User) -> None:
    invitation = Invitation.objects.create(
        team=team, email="x@example.com", digest="x", made_by=manager, made_at=NOW, expires_at=at("2026-10-30T10:00")
    )
    mail = queue_account_mail(
        "k" * 61, LETTER, now=NOW, lifetime=timedelta(days=3), user=manager, invitation=invitation
    )
    mail.refresh_from_db()
    assert (mail.kind, mail.user, mail.invitation, mail.state, mail.attempts) == (
        "k" * 60, manager, invitation, "pending", 0,
    )  # fmt: skip
    assert (mail.made_at, mail.next_try_at, mail.expires_at) == (NOW, NOW, at("2026-10-19T10:00"))
    assert "xiaoka" not in mail.encrypted
    assert decrypt_values(mail.encrypted) == {
        "to": "li.na@example.com", "subject": "销卡：邀请", "text": "https://xiaoka.example/x",
    }  # fmt: skip


def test_after_thirty_days_what_went_is_forgotten_and_what_waits_is_not(db: None) -> None:
    edge = at("2026-09-16T10:00")
    for kind, made_at, is_sent in (
        ("old", edge - timedelta(microseconds=1), True),
        ("waits", edge - timedelta(days=1), False),
        ("young", edge, True),
    ):
        mail = queue_account_mail(kind, LETTER, now=made_at, lifetime=timedelta(days=90))
        if is_sent:
            AccountMail.objects.filter(pk=mail.pk).update(state="sent", encrypted="")
    delete_old_mails(NOW)
    assert set(AccountMail.objects.values_list("kind", flat=True)) == {"waits", "young"}
