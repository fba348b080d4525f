"""Emails about accounts by a real mail server: retried, told once, encrypted on the way, and only to who is trusted."""

import ssl
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import translation

from cases.models import AccountMail, User
from cases.operations.account_mails import Letter, delete_old_mails, queue_account_mail
from cases.reminders.account_mail_delivery import any_account_mail_due, deliver_account_mails
from cases.wording.stored_sentences import stored_text
from tests.helpers import run_concurrently
from tests.moments import at
from tests.reminders.mailserver import MailServer, mail_server

MORNING = at("2026-10-14T09:00")
LINK = "https://xiaoka.example/password/synthetic-secret/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_smtp(server: MailServer, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tracker.mail_backend.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.SITE_URL = "https://xiaoka.example"
    settings.DEFAULT_FROM_EMAIL = "销卡 <office@company.example>"


def queued(to: str = "li.na@example.com", **options: Any) -> AccountMail:
    letter = Letter(to, "销卡：重置密码", f"{LINK}\n")
    return queue_account_mail("password_reset_key", letter, now=MORNING, lifetime=timedelta(days=3), **options)


def delivered(after: timedelta = timedelta()) -> dict[str, int]:
    return dict(deliver_account_mails(MORNING + after))


def test_it_arrives_with_its_headers_and_its_text_is_forgotten(server: MailServer) -> None:
    mail = queued()
    assert delivered() == {"sent": 1}
    (message,) = server.taken
    assert str(message["To"]) == "li.na@example.com"
    assert str(message["Subject"]) == "销卡：重置密码"
    assert str(message["Message-ID"]) == f"<notice-{mail.pk}@xiaoka.example>"
    assert message["From"].addresses[0].addr_spec == "office@company.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert LINK in message.get_content()
    mail.refresh_from_db()
    assert (mail.state, mail.encrypted, mail.finished_at) == ("sent", "", MORNING)
    assert delivered(timedelta(days=1)) == {}


def test_a_refused_address_is_tried_again_and_delays_nobody(server: MailServer) -> None:
    refused, taken = queued("b@example.com"), queued("a@example.com")
    server.refuse["b@example.com"] = "450 4.2.0 Greylisted, come back later"
    assert delivered() == {"sent": 1, "failed": 1}
    for mail in (refused, taken):
        mail.refresh_from_db()
    assert (refused.state, refused.attempts, refused.next_try_at) == ("pending", 1, MORNING + timedelta(minutes=1))
    assert "Greylisted" in refused.error
    assert LINK not in refused.error
    assert taken.state == "sent"
    assert delivered(timedelta(seconds=59)) == {}
    server.refuse.clear()
    assert delivered(timedelta(minutes=1)) == {"sent": 1}
    assert server.readers == ["a@example.com", "b@example.com"]


def test_an_address_that_always_fails_ends_as_failed_with_nothing_kept(server: MailServer) -> None:
    mail, other = queued("b@example.com"), queued("a@example.com")
    server.refuse["b@example.com"] = "550 5.1.1 No such mailbox"
    moment = MORNING
    for _ in range(20):
        deliver_account_mails(moment)
        mail.refresh_from_db()
        moment = max(moment, mail.next_try_at)
    assert server.asked == {"a@example.com": 1, "b@example.com": 7}
    assert (mail.state, mail.encrypted) == ("failed", "")
    assert "No such mailbox" in mail.error
    other.refresh_from_db()
    assert other.state == "sent"


def test_a_link_that_opens_nothing_any_more_is_not_sent(server: MailServer) -> None:
    mail = queued()
    assert delivered(timedelta(days=3)) == {"failed": 1}
    mail.refresh_from_db()
    assert (mail.state, mail.encrypted, server.taken) == ("failed", "", [])


def test_a_sender_that_died_is_taken_over_with_the_same_message(server: MailServer) -> None:
    mail = queued()
    AccountMail.objects.update(leased_until=MORNING + timedelta(minutes=2), attempts=1)
    assert delivered(timedelta(minutes=1)) == {}
    assert delivered(timedelta(minutes=2)) == {"sent": 1}
    assert str(server.taken[0]["Message-ID"]) == f"<notice-{mail.pk}@xiaoka.example>"


def test_one_that_kills_each_sender_ends(server: MailServer) -> None:
    queued()
    AccountMail.objects.update(attempts=7)
    assert delivered() == {"failed": 1}
    assert AccountMail.objects.get().state == "failed"
    assert server.taken == []


@pytest.mark.django_db(transaction=True)
def test_sixteen_senders_send_it_once(server: MailServer) -> None:
    queued()
    queued("a@example.com")
    outcomes: Counter[str] = sum(run_concurrently(*[lambda: deliver_account_mails(MORNING)] * 16), Counter())
    assert outcomes["sent"] == 2
    assert server.readers == ["a@example.com", "li.na@example.com"]


def test_what_is_old_is_deleted_and_what_waits_is_not(manager: User, server: MailServer) -> None:
    queued(user=manager)
    queued("a@example.com")
    server.refuse["a@example.com"] = "450 4.2.0 Later"
    delivered()
    delete_old_mails(MORNING + timedelta(days=30))
    assert AccountMail.objects.count() == 2
    delete_old_mails(MORNING + timedelta(days=30, seconds=1))
    assert list(AccountMail.objects.values_list("state", flat=True)) == ["pending"]
    assert any_account_mail_due(MORNING + timedelta(minutes=1))


# Encrypted on the way


def _certificate(folder: Path, name: str, *, signed_by: Any = None) -> tuple[Any, Any]:
    """A key and a certificate, of a CA or signed by one; both as PEM files in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, issuer_key = (signed_by[0].subject, signed_by[1]) if signed_by else (subject, key)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=not signed_by, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
            if signed_by
            else x509.KeyUsage(True, False, False, False, False, True, True, False, False),
            critical=not signed_by,
        )
    )
    certificate = builder.sign(issuer_key, hashes.SHA256())
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, key


@pytest.fixture(params=["smtps", "starttls"])
def encrypted_server(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[MailServer]:
    """A company's own mail server with a certificate of its own authority: TLS from the start, or by STARTTLS."""
    authority = _certificate(tmp_path, "authority")
    _certificate(tmp_path, "server", signed_by=authority)
    _certificate(tmp_path, "stranger")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    from_the_start = request.param == "smtps"
    with mail_server(context, from_the_start=from_the_start) as server:
        settings.EMAIL_PORT = server.port
        settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = from_the_start, not from_the_start
        yield server


def test_a_company_server_is_trusted_by_its_authority(
    encrypted_server: MailServer, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_CA = (tmp_path / "authority.pem").read_text()
    queued()
    assert delivered() == {"sent": 1}
    assert [LINK in message.get_content() for message in encrypted_server.taken] == [True]


@pytest.mark.parametrize("trusted", [None, "stranger.pem"])
def test_a_server_that_nobody_trusts_gets_nothing_and_that_is_told(
    encrypted_server: MailServer, settings: Any, tmp_path: Path, trusted: str | None
) -> None:
    settings.EMAIL_CA = (tmp_path / trusted).read_text() if trusted else ""
    mail = queued()
    assert delivered() == {"failed": 1}
    mail.refresh_from_db()
    assert (mail.state, mail.next_try_at) == ("pending", MORNING + timedelta(minutes=1))
    with translation.override("zh-hans"):
        assert stored_text(mail.error).startswith("邮件服务器的证书不受信任（")
    assert "EMAIL_CA_FILE" in mail.error
    assert encrypted_server.taken == []
    settings.EMAIL_CA = (tmp_path / "authority.pem").read_text()
    assert delivered(timedelta(minutes=1)) == {"sent": 1}
