"""Emails about accounts that wait to be sent: links to a new password, to a confirmed address, invitations, notes."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.choices import NoticeState
from cases.models.people import Invitation, User


class AccountMail(models.Model):
    """One email about an account. Its address, subject and text are encrypted, and deleted once it was sent or given
    up: they hold links that open accounts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # What it is about, as allauth names its templates ('password_reset_key'); 'invitation'.
    kind = models.CharField(_("kind"), max_length=60)
    # Whose account it is about; empty where the address has none.
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", verbose_name=_("user"))
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, related_name="mails")
    encrypted = models.TextField(blank=True, editable=False)
    made_at = models.DateTimeField(_("created"))
    # From then on its link opens nothing, and it is not sent any more.
    expires_at = models.DateTimeField(_("valid until"))
    state = models.CharField(_("state"), max_length=9, choices=NoticeState.choices, default=NoticeState.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    # Who is sending it now, and until when that is believed.
    token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("sent, failed or cancelled"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("email about an account")
        verbose_name_plural = _("emails about accounts")
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state="pending") | Q(encrypted=""), name="account_mail_is_forgotten"),
        ]
        indexes = [
            # What waits to be sent.
            models.Index(fields=["next_try_at"], condition=Q(state="pending"), name="account_mail_pending"),
            # What /healthz and the admin count.
            models.Index(fields=["-finished_at"], condition=Q(state="failed"), name="account_mail_failed"),
            # The nightly removal.
            models.Index(fields=["made_at"], name="account_mail_made"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
