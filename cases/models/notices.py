"""What the product has to tell whom: reminders of cases, the notices that carry them, the channels they go by."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import clock
from cases.models.cases import Case
from cases.models.choices import REMINDER_CHOICES, ChannelKind, NoticeState
from cases.models.people import Team, User


class ReminderGroup(models.Model):
    """Reminders that one transaction of the sweep wrote for one owner: a team, and who handles its cases."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    handler = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    gathered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_bundle"
        verbose_name = _("bundle of reminders")
        verbose_name_plural = _("bundles of reminders")
        indexes = [
            # What no notice carries yet.
            models.Index(fields=["team"], condition=Q(gathered_at__isnull=True), name="bundle_ungathered"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Reminder(models.Model):
    """That a case called for attention at a moment. Written by the sweep, once for each occasion.

    It is settled by being told only (`ReminderDelivery`). One that was not called for any more when its message was
    to leave, or whose message would have gone to the wrong person, is released: it is in no group until the sweep
    finds it called for again (`cases.operations.untold_reminders`).
    """

    # Without an index of its own: that of `reminder_once` begins with it.
    case = models.ForeignKey(Case, models.CASCADE, related_name="reminders", db_index=False)
    bundle = models.ForeignKey(ReminderGroup, models.CASCADE, null=True, related_name="reminders")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=20, choices=REMINDER_CHOICES)
    ordinal = models.PositiveSmallIntegerField()
    # The day on which a snooze ended: what it kept quiet is told again then. The moment at which it was said that a
    # message waits. Otherwise empty.
    occasion = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField(_("due"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            # A deadline computed again never doubles; a new one (another round) is never swallowed.
            models.UniqueConstraint(fields=["case", "round", "kind", "ordinal", "occasion"], name="reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.ordinal}"


class NotificationChannel(models.Model):
    """A way to a person, or to a team as a whole."""

    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="channels")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="channels")
    kind = models.CharField(_("kind"), max_length=12, choices=ChannelKind.choices)
    name = models.CharField(pgettext_lazy("of a channel", "name"), max_length=60, blank=True)
    # The address with its keys, encrypted (`cases.models.encryption`), and what of it may be shown.
    encrypted = models.TextField(db_column="sealed", blank=True, editable=False)
    label = models.CharField(_("address"), db_column="shown", max_length=120, blank=True, editable=False)
    is_on = models.BooleanField(_("turned on"), default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    last_failure_at = models.DateTimeField(_("last failure"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        db_table = "cases_channel"
        verbose_name = _("reminder channel")
        verbose_name_plural = _("reminder channels")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, team__isnull=True) | Q(user__isnull=True, team__isnull=False),
                name="channel_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(kind="email", user__isnull=False), name="one_mailbox_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.get_kind_display()} · {self.user or self.team}"

    @property
    def title(self) -> str:
        """What pages call it: 'Email', 'Bark (iPhone) · on call'."""
        return " · ".join(filter(None, [self.get_kind_display(), self.name]))

    @property
    def failing(self) -> bool:
        """The last that was tried failed."""
        failure_at, success_at = self.last_failure_at, self.last_success_at
        return failure_at is not None and (success_at is None or success_at < failure_at)

    @property
    def language(self) -> str:
        """Of what is sent over it: the person's; a team's is the installation's."""
        return self.user.language if self.user else settings.LANGUAGE_CODE


class Notice(models.Model):
    """One message to one channel: all reminders of a sweep for its owner."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(NotificationChannel, models.CASCADE, related_name="notices")
    made_at = models.DateTimeField(_("created"))
    state = models.CharField(_("state"), max_length=9, choices=NoticeState.choices, default=NoticeState.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    # Who is sending it now, and until when that is believed.
    token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("sent, failed or cancelled"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("reminder message")
        verbose_name_plural = _("reminder messages")
        ordering = ["-made_at"]
        indexes = [
            # What waits to be sent.
            models.Index(fields=["next_try_at"], condition=Q(state="pending"), name="notice_pending"),
            # A channel's latest.
            models.Index(fields=["channel", "-made_at"], name="notice_of_channel"),
            # What /healthz and the admin count.
            models.Index(fields=["-finished_at"], condition=Q(state="failed"), name="notice_failed"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class NoticeReminder(models.Model):
    """A bundle of reminders in a notice."""

    # Without an index of its own: that of the constraint begins with it.
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="lines", db_index=False)
    bundle = models.ForeignKey(ReminderGroup, models.CASCADE, related_name="lines")

    class Meta:
        db_table = "cases_noticeline"
        verbose_name = _("part of a reminder message")
        verbose_name_plural = _("parts of reminder messages")
        constraints = [models.UniqueConstraint(fields=["notice", "bundle"], name="bundle_once_per_notice")]

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.bundle_id}"


class ReminderDelivery(models.Model):
    """That a reminder was told over a channel: written with the mark that its notice was sent.

    It outlives its channel: what is told once is not told again. The person is named by their account, so that closing
    the account erases the address here too; without a person it was told to the team of the case.
    """

    # Without an index of its own: that of the constraint begins with it.
    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="deliveries", db_index=False)
    notice = models.ForeignKey(Notice, models.SET_NULL, null=True, related_name="deliveries")
    channel = models.ForeignKey(NotificationChannel, models.SET_NULL, null=True, related_name="+")
    channel_kind = models.CharField(max_length=12)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("delivered reminder")
        verbose_name_plural = _("delivered reminders")
        constraints = [models.UniqueConstraint(fields=["reminder", "channel"], name="told_once_per_channel")]

    def __str__(self) -> str:
        return f"{self.reminder_id}: {self.channel_kind}"
