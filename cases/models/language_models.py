"""The language model that a team lets read what its own readers leave open."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.people import Team


class LanguageModel(models.Model):
    """A team's OpenAI-compatible endpoint, off until a manager turns it on (docs/language-models.md)."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="language_model", verbose_name=_("team"))
    # The base URL and the key, encrypted (`cases.models.encryption`), and what of the URL may be shown.
    encrypted = models.TextField(editable=False)
    label = models.CharField(_("address"), max_length=120, editable=False)
    model = models.CharField(_("model"), max_length=100)
    has_key = models.BooleanField(_("with a key"), default=False)
    daily_limit = models.PositiveSmallIntegerField(_("requests a day at most"), default=100)
    is_on = models.BooleanField(_("turned on"), default=False)
    # What was stored before is never sent.
    on_since = models.DateTimeField(_("on since"), null=True, blank=True)
    # The day in Shanghai on which requests were counted last, and how many.
    counted_on = models.DateField(null=True, blank=True, editable=False)
    request_count = models.PositiveIntegerField(_("requests on that day"), default=0)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    last_failure_at = models.DateTimeField(_("last failure"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("language model")
        verbose_name_plural = _("language models")

    def __str__(self) -> str:
        return f"{self.model} · {self.team}"

    @property
    def is_failing(self) -> bool:
        """The last request failed."""
        failure_at, success_at = self.last_failure_at, self.last_success_at
        return failure_at is not None and (success_at is None or success_at < failure_at)
