"""What marks one-time things as used up: the welcome link, and the codes of authenticator apps."""

from allauth.mfa.models import Authenticator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.people import User


class FirstAccount(models.Model):
    """Which account the welcome link made. One row at most: of many that open the link at once, one can add it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    user = models.OneToOneField(User, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("first account")
        verbose_name_plural = _("first accounts")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_first_account")]

    def __str__(self) -> str:
        return str(self.user)


class UsedCode(models.Model):
    """Up to which step of time (RFC 6238, 30 seconds each since 1970) the codes of an authenticator app are used up."""

    authenticator = models.OneToOneField(Authenticator, models.CASCADE, primary_key=True, related_name="+")
    step = models.BigIntegerField()

    class Meta:
        verbose_name = _("used verification code")
        verbose_name_plural = _("used verification codes")

    def __str__(self) -> str:
        return f"{self.authenticator_id}: {self.step}"
