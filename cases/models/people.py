"""Who uses the product: accounts, teams, and who belongs to which."""

from datetime import time

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import clock
from cases.domain.notification_hours import NotificationHours
from cases.domain.roles import Role
from cases.models.choices import ROLE_CHOICES, FullNumbers, Language


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Lower case throughout: nobody has two mailboxes that differ by case alone."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))


class User(AbstractBaseUser, PermissionsMixin):
    """An account; it signs in by e-mail. Quiet hours are Shanghai time."""

    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=80)
    language = models.CharField(_("language"), max_length=8, choices=Language.choices, default=Language.CHINESE)
    remind_from = models.TimeField(_("reminders from"), default=time(9))
    remind_until = models.TimeField(_("reminders until"), default=time(21))
    remind_on_days_off = models.BooleanField(_("reminders on days off too"), default=False)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=clock.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(remind_from__lt=models.F("remind_until")),
                name="user_quiet_hours_in_order",
                violation_error_message=_("Reminder hours must begin before they end."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or (self.email if self.is_active else str(_("deleted account")))

    def clean(self) -> None:
        super().clean()
        self.email = UserManager.normalize_email(self.email)

    def get_short_name(self) -> str:
        return self.name

    def notification_hours(self) -> NotificationHours:
        """When this person takes reminders."""
        return NotificationHours(start=self.remind_from, end=self.remind_until, days_off=self.remind_on_days_off)


class Team(models.Model):
    """Whoever shares cards and cases: a company's telecom administrators, or one person."""

    name = models.CharField(_("name"), max_length=80)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    # Months after its closing for which a case keeps its papers and words; empty: without end.
    keep_months = models.PositiveSmallIntegerField(_("retention after closing (months)"), null=True, blank=True)
    # Whether those who work in it see numbers in full on lists and cases.
    full_numbers = models.CharField(
        _("full numbers"),
        max_length=9,
        choices=FullNumbers.choices,
        default=FullNumbers.SWITCH,
        db_default=FullNumbers.SWITCH,
    )
    # From that day on the team is deleted with all that it has; until then a manager can take that back.
    delete_on = models.DateField(_("to be deleted on"), null=True, blank=True)
    members = models.ManyToManyField(User, through="Membership", related_name="teams")

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships", verbose_name=_("team"))
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=8, choices=ROLE_CHOICES, default=Role.AGENT)
    # What of the work list they look at until they choose otherwise: {"mine": "yes", "department": …, "carrier": …}.
    work_filter = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), editable=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership_per_person")]

    def __str__(self) -> str:
        return f"{self.user} · {self.team}"


class Invitation(models.Model):
    """An invitation to join a team; looked up by the digest of its secret, which pages show once and nothing stores."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations", verbose_name=_("team"))
    role = models.CharField(_("role"), max_length=8, choices=ROLE_CHOICES, default=Role.AGENT)
    # Whose alone it is; empty: whoever holds the link.
    email = models.EmailField(_("email"), blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("invited by"))
    made_at = models.DateTimeField(_("invited"), editable=False)
    expires_at = models.DateTimeField(_("valid until"), editable=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.email or '…'} · {self.team}"
