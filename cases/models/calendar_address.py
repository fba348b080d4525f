"""The secret address under which a person's calendar program fetches their dates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import clock
from cases.models.people import User


class CalendarAddress(models.Model):
    """Looked up by the digest of its secret, which is stored encrypted, for its owner's page to show again."""

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_address")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    encrypted = models.TextField(db_column="sealed", editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return str(self.user)
