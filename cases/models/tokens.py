"""By what a program acts for a person in a team; and the first answers to what it sent: nothing is done twice."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.people import Membership


class ApiToken(models.Model):
    """Looked up by the digest of its secret, which pages show once and nothing stores. Deleted with the membership."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    # What it may, at most: `cases.domain.roles.Scope`, with spaces between.
    scopes = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class IdempotencyRecord(models.Model):
    """What was sent with an Idempotency-Key, and the answer to it; none while it is being worked on."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=200)
    # Of what was sent: method, address and body.
    fingerprint = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    # Headers and body, encrypted: an answer may name people and numbers.
    encrypted = models.TextField(db_column="sealed", blank=True)

    class Meta:
        db_table = "cases_firstanswer"
        verbose_name = _("idempotency record")
        verbose_name_plural = _("idempotency records")
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="one_answer_per_key"),
            models.CheckConstraint(condition=Q(status__isnull=True) | ~Q(encrypted=""), name="answer_has_a_body"),
        ]
        indexes = [
            models.Index(fields=["begun_at"], name="answer_begun"),  # the nightly removal
        ]

    def __str__(self) -> str:
        return self.key
