"""The emails about accounts that pages have sent: in the reader's language, with links to this site alone."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases import clock
from cases.models import Invitation, User
from cases.operations.account_mails import Letter, queue_account_mail

#: How long an email is worth sending that says that something was changed.
_NOTE_LIFETIME = timedelta(days=3)


def link_to(path: str) -> str:
    """A path of this site, or an address whose path is one, as a link for an email: under SITE_URL, whatever host the
    request named. A request may name another, and who follows its link gives the secret in it away."""
    return f"{settings.SITE_URL}{urlsplit(path)._replace(scheme='', netloc='').geturl()}"


def links_of_this_site(context: dict[str, Any]) -> dict[str, Any]:
    """What allauth gives an email's template, with every address under SITE_URL."""
    return {
        name: link_to(value) if name.endswith("_url") and isinstance(value, str) else value
        for name, value in context.items()
    }


def site_host() -> str:
    """The name of the site's host, as the subjects of emails carry it."""
    return urlsplit(settings.SITE_URL).hostname or ""


def subject_with_site(subject: str) -> str:
    """'Xiaoka (xiaoka.example.com): Reset your password'."""
    return _("Xiaoka (%(host)s): %(subject)s") % {"host": site_host(), "subject": subject}


def queue_letter(kind: str, letter: Letter, user: User | None) -> None:
    """Have an email of allauth's sent; `user`: whose account it is about, if there is one."""
    queue_account_mail(kind, letter, now=clock.now(), lifetime=_NOTE_LIFETIME, user=user)


def mail_invitation(invitation: Invitation, link: str, language: str) -> None:
    """Have the link sent to the invited address."""
    with override(language):
        text = _(
            "%(name)s has invited you to join the team “%(team)s” on Xiaoka, where you keep track of SIM card "
            "cancellations together.\n\n"
            "Open this link within 7 days. It works only once:\n"
            "%(link)s\n\n"
            "If you do not know the sender, ignore this email.\n"
        ) % {"name": invitation.made_by, "team": invitation.team, "link": link}
        subject = subject_with_site(_("invitation to join a team"))
    queue_account_mail(
        "invitation",
        Letter(invitation.email, subject, text),
        now=clock.now(),
        lifetime=invitation.expires_at - clock.now(),
        invitation=invitation,
    )
