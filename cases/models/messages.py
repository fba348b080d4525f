"""What carriers write, and the phones that send it on."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases import clock
from cases.models.cards import Card
from cases.models.cases import Case
from cases.models.choices import MEANING_CHOICES, ForwarderKind, MessageDecision, MessageSource, MessageState
from cases.models.people import Team, User


class Forwarder(models.Model):
    """A phone that sends its SMS here, by a secret address of its own.

    Looked up by the digest of the address's secret; secret and signing key are stored encrypted, for the team's pages
    to show again. The counters count messages that were not stored: nothing else is stored of those.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="forwarders", verbose_name=_("team"))
    kind = models.CharField(_("kind"), max_length=12, choices=ForwarderKind.choices)
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    encrypted = models.TextField(db_column="sealed", editable=False)
    is_on = models.BooleanField(_("turned on"), default=True)
    # What arrives at a card whose case is open is never dropped, whatever it says.
    cards = models.ManyToManyField(Card, blank=True, related_name="forwarders", verbose_name=_("cards in this phone"))
    created_at = models.DateTimeField(default=clock.now, editable=False)
    last_seen_at = models.DateTimeField(_("last received"), null=True, blank=True)
    # The moments of the last arrivals, newest first (ISO 8601), from which 'silent for longer than usual' is computed.
    arrivals = models.JSONField(default=list, editable=False)
    kept = models.PositiveIntegerField(_("saved"), default=0)
    repeated = models.PositiveIntegerField(_("duplicates"), default=0)
    codes = models.PositiveIntegerField(_("verification codes (discarded)"), default=0)
    strangers = models.PositiveIntegerField(_("unrelated (discarded)"), default=0)
    refused = models.PositiveIntegerField(_("rejected"), default=0)
    last_refusal = models.CharField(_("last rejection"), max_length=200, blank=True)
    last_refusal_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("SMS forwarding phone")
        verbose_name_plural = _("SMS forwarding phones")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def arrival_times(self) -> list[datetime]:
        """The moments of the last arrivals, newest first."""
        return [datetime.fromisoformat(moment) for moment in self.arrivals]


class CarrierMessage(models.Model):
    """A message of a carrier, stored before it is read. What it says is a reading; what became of it, a state."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="messages", verbose_name=_("team"))
    forwarder = models.ForeignKey(
        Forwarder,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("SMS forwarding phone"),
    )
    source = models.CharField(_("source"), max_length=9, choices=MessageSource.choices)
    sender = models.CharField(_("sender"), max_length=40, blank=True)
    # The number at which it arrived, as national digits, where the forwarder tells it.
    receiver = models.CharField(_("received at"), max_length=20, blank=True, default="", db_default="")
    text = models.TextField(_("text"))
    received_at = models.DateTimeField(_("received"))
    stored_at = models.DateTimeField(_("stored"))
    # The same message twice has one digest and is stored once.
    digest = models.CharField(max_length=64, editable=False)
    # The first part of a long SMS, to which this part was joined: its text is the whole one.
    part_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts", editable=False)
    # Signed, but sent on more than an hour after it was received: never acted on without a person.
    late = models.BooleanField(_("received with delay"), default=False)

    state = models.CharField(_("state"), max_length=9, choices=MessageState.choices, default=MessageState.NEW.value)
    meaning = models.CharField(_("meaning"), max_length=12, choices=MEANING_CHOICES, blank=True)
    # What was picked out: number, reference, promised, amount, and the words that decided.
    reading = models.JSONField(default=dict, blank=True)
    card = models.ForeignKey(Card, models.PROTECT, null=True, blank=True, related_name="messages")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="messages")
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    handled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )
    # What a person made of the reading, and the meaning that they gave it; for this installation's own figures.
    decision = models.CharField(
        _("decision"),
        max_length=9,
        choices=MessageDecision.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    decided_meaning = models.CharField(
        _("meaning decided"),
        max_length=12,
        choices=MEANING_CHOICES,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    # Requests to the team's language model about this message, counted before they are sent, and the last one.
    model_requests = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    model_asked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        db_table = "cases_message"
        verbose_name = _("SMS")
        verbose_name_plural = _("SMS")
        ordering = ["-received_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["team", "digest"], name="message_once")]
        indexes = [
            # The inbox: what waits for a person, newest first.
            models.Index(
                fields=["team", "-received_at"],
                condition=Q(state__in=["proposed", "unmatched"]),
                name="message_waiting",
            ),
            # The job that reads what was stored.
            models.Index(fields=["id"], condition=Q(state="new"), name="message_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.received_at:%Y-%m-%d %H:%M}"

    @property
    def sender_label(self) -> str:
        """The sender, or that nobody knows it."""
        return self.sender or str(_("unknown sender"))
