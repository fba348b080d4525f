"""Sign-ins are noted for the managers, those that failed too; of strangers nothing is kept."""

from cases.models import AuditEntry, User
from tests.web.html_client import Person


def noted() -> list[tuple[str, str]]:
    return [(entry.kind, entry.by.email if entry.by else "") for entry in AuditEntry.objects.order_by("id")]


def test_a_sign_in_is_noted_and_a_failed_one_too(anybody: Person, manager: User) -> None:
    anybody.fill("/sign-in/", login="LI.NA@example.com", password="wrong")
    anybody.fill("/sign-in/", login="nobody@example.com", password="wrong")
    assert noted() == [("sign_in_failed", "li.na@example.com")]
    anybody.fill("/sign-in/", login="li.na@example.com", password="correct horse")
    assert noted()[1:] == [("signed_in", "li.na@example.com")]
