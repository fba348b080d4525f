"""A case: one request to cancel one card, from the first note to the proof."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import clock
from cases.domain.deadlines import Basis, Terms
from cases.domain.escalation import AppealSubject
from cases.domain.hash_chain import GENESIS
from cases.domain.status import OPEN_STATUSES, STATUSES_WITH_CARRIER, Status
from cases.models.batches import Batch
from cases.models.cards import Card
from cases.models.carriers import Carrier
from cases.models.choices import (
    STATUS_CHOICES,
    EscalationKind,
    Finding,
    Method,
    Reason,
    RequestChannel,
    ReturnReason,
)
from cases.models.lookups import Folded
from cases.models.people import Team, User

# No 0/O, 1/I/L: a reference is read out on the phone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_DEFAULT = Terms()


def new_reference() -> str:
    """'XK-' and eight random characters: unguessable enough, and every page checks access besides."""
    return "XK-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))


class Case(models.Model):
    """Where a request stands. Only `cases.operations` writes here; the deadlines are those of the current round.

    `reply_by` is set exactly while the carrier owes an answer: so 'overdue' is `reply_by <= now` and nothing else.
    """

    reference = models.CharField(_("case reference"), max_length=12, unique=True, default=new_reference)
    # Without an index of its own: others begin with it.
    team = models.ForeignKey(Team, models.PROTECT, related_name="cases", verbose_name=_("team"), db_index=False)
    card = models.ForeignKey(Card, models.PROTECT, related_name="cases", verbose_name=_("card"))
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="cases", verbose_name=_("carrier"))
    handler = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="handled_cases", verbose_name=_("assignee")
    )
    status = models.CharField(_("status"), max_length=12, choices=STATUS_CHOICES, default=Status.DRAFT)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    channel = models.CharField(_("request channel"), max_length=8, choices=RequestChannel.choices)
    # The batch in which it was submitted together with others.
    batch = models.ForeignKey(
        Batch, models.SET_NULL, null=True, blank=True, related_name="cases", verbose_name=_("batch"), db_index=False
    )
    carrier_reference = models.CharField(_("carrier reference number (受理单号)"), max_length=60, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    # The current submission, and the carrier's terms as they were then.
    submission = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    acknowledge_hours = models.PositiveSmallIntegerField(default=_DEFAULT.acknowledge_hours)
    review_days = models.PositiveSmallIntegerField(default=_DEFAULT.review_days)
    window_days = models.PositiveSmallIntegerField(default=_DEFAULT.window_days)
    reply_days = models.PositiveSmallIntegerField(default=_DEFAULT.reply_days)
    acknowledge_by = models.DateTimeField(_("acknowledge by"), null=True, blank=True)
    review_by = models.DateTimeField(_("review by"), null=True, blank=True)
    window_opens = models.DateTimeField(_("first call from"), null=True, blank=True)
    first_reply_by = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)

    # The current waiting round.
    round = models.PositiveSmallIntegerField(default=0)
    basis = models.CharField(max_length=12, blank=True, choices=[(b.value, b.value) for b in Basis])
    reply_by = models.DateTimeField(_("reply due"), null=True, blank=True)
    promised_on = models.DateField(_("promised date"), null=True, blank=True)
    takes_effect_on = models.DateField(_("takes effect on"), null=True, blank=True)
    provisional = models.BooleanField(_("provisional"), default=False)

    last_reply_at = models.DateTimeField(_("last reply"), null=True, blank=True)
    last_follow_up_at = models.DateTimeField(_("last follow-up"), null=True, blank=True)
    reported_done_at = models.DateTimeField(_("reported done"), null=True, blank=True)
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True)
    return_reason = models.CharField(_("return reason"), max_length=10, choices=ReturnReason.choices, blank=True)
    # Without an index: nothing is looked for by it, and each would be written anew with every change.
    verification = models.ForeignKey(
        "Verification",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verification"),
        db_index=False,
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # Somebody looked at the bill that came after the confirmation.
    bill_checked_at = models.DateTimeField(_("bill checked"), null=True, blank=True)
    # By when its open refund is due (empty: none is open), and the entry that set that day.
    refund_due_on = models.DateField(_("refund due"), null=True, blank=True)
    refund_no = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # Kept permanently, whatever the team has chosen; from when its papers and words may be erased; when they were.
    retain = models.BooleanField(_("kept indefinitely"), default=False, db_column="kept")
    erase_on = models.DateField(_("to be erased on"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    was_late = models.BooleanField(_("was overdue"), default=False)
    # Withdrawn because it should never have been logged: lists and statistics leave it out, its page and record stay.
    logged_by_mistake = models.BooleanField(_("logged by mistake"), default=False, db_default=False)

    # Since when a message of the carrier that was proposed for this case waits for a person.
    message_at = models.DateTimeField(_("unhandled SMS since"), null=True, blank=True)

    # When somebody snoozed the reminders, and the first day on which they come again.
    snoozed_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    # A hint for the sweep, which computes again under its lock. What fell at or before `reminded_until` was sent, or
    # was settled by somebody before.
    next_reminder_at = models.DateTimeField(_("next reminder"), null=True, blank=True)
    reminded_until = models.DateTimeField(null=True, blank=True)

    # Counts changes of status, round and deadlines: it detects two people at once.
    version = models.PositiveIntegerField(default=0)
    # The record's head and length, so that a cut tail shows.
    entry_count = models.PositiveIntegerField(default=0)
    entry_head = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(
                fields=["card"], condition=Q(status__in=[s.value for s in OPEN_STATUSES]), name="one_open_case_per_card"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.CONFIRMED.value) | Q(verification__isnull=False, confirmed_at__isnull=False),
                name="confirmed_is_verified",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[s.value for s in STATUSES_WITH_CARRIER])
                | Q(
                    submitted_at__isnull=False,
                    acknowledge_by__isnull=False,
                    review_by__isnull=False,
                    window_opens__isnull=False,
                    first_reply_by__isnull=False,
                )
                & (Q(reply_by__isnull=False) | Q(reported_done_at__isnull=False)),
                name="submitted_has_deadlines",
            ),
            models.CheckConstraint(
                condition=Q(reply_by__isnull=True)
                | Q(status__in=[s.value for s in STATUSES_WITH_CARRIER], reported_done_at__isnull=True),
                name="deadline_only_while_waiting",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=False) | ~Q(status=Status.RETURNED.value),
                name="returned_has_a_moment",
            ),
        ]
        indexes = [
            # The work list and the case list: a team's overdue, due today, waiting, by deadline; and their counts.
            models.Index(
                fields=["team", "reply_by", "id"], condition=Q(reply_by__isnull=False), name="case_team_deadline"
            ),
            # The admin's overdue list and counts, over all teams.
            models.Index(fields=["reply_by", "id"], condition=Q(reply_by__isnull=False), name="case_deadline"),
            # The work list: what the carrier says is done.
            models.Index(
                fields=["team", "reported_done_at", "id"],
                condition=Q(reported_done_at__isnull=False, closed_at__isnull=True),
                name="case_team_verify",
            ),
            # The work list: what the carrier returned.
            models.Index(
                fields=["team", "returned_at", "id"],
                condition=Q(returned_at__isnull=False, closed_at__isnull=True),
                name="case_team_returned",
            ),
            # The work list: where an SMS of the carrier waits.
            models.Index(
                fields=["team", "message_at", "id"], condition=Q(message_at__isnull=False), name="case_team_message"
            ),
            # The sweep of reminders: what is due, and whose it is, without a look at the case.
            models.Index(
                fields=["next_reminder_at", "team", "handler"],
                condition=Q(next_reminder_at__isnull=False),
                name="case_next_reminder",
            ),
            # The work list and the case list: refunds that are open, by the day on which they are due.
            models.Index(
                fields=["team", "refund_due_on", "id"],
                condition=Q(refund_due_on__isnull=False),
                name="case_team_refund",
            ),
            # The daily erasures.
            models.Index(fields=["erase_on"], condition=Q(erase_on__isnull=False), name="case_erase_on"),
            # The case list narrowed by status, by carrier, by reason; each newest first.
            models.Index(fields=["team", "status", "-id"], name="case_team_status"),
            models.Index(fields=["team", "carrier", "-id"], name="case_team_carrier"),
            models.Index(fields=["team", "reason", "-id"], name="case_team_reason"),
            # A batch's cases, and how they stand.
            models.Index(fields=["batch", "status"], condition=Q(batch__isnull=False), name="case_batch"),
            # The case list as it opens: newest first.
            models.Index(fields=["team", "-id"], name="case_team_newest"),
            # The case list by the day of submission.
            models.Index(fields=["team", "submitted_at", "id"], name="case_team_submitted"),
            # The admin's filter by the day of submission.
            models.Index(fields=["-submitted_at"], name="case_submitted"),
            # The admin's list by status, by what was late, and what is provisional, over all teams; newest first.
            models.Index(fields=["status", "-id"], name="case_status"),
            models.Index(fields=["-id"], condition=Q(was_late=True), name="case_was_late"),
            models.Index(fields=["-id"], condition=Q(logged_by_mistake=True), name="case_by_mistake"),
            models.Index(
                fields=["reply_by"], condition=Q(provisional=True, reply_by__isnull=False), name="case_provisional"
            ),
            # The search by the carrier's reference, of a team and of all.
            models.Index(Folded("carrier_reference"), "team", name="case_carrier_reference"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def state(self) -> Status:
        return Status(self.status)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATUSES

    @property
    def appeal_subject(self) -> AppealSubject:
        """What an appeal would be about: once the number is cancelled, charges alone."""
        return AppealSubject.CHARGES if self.state is Status.CONFIRMED else AppealSubject.OTHER

    @property
    def is_waiting(self) -> bool:
        """The carrier owes an answer."""
        return self.reply_by is not None

    def terms(self) -> Terms:
        """The carrier's terms at submission."""
        return Terms(
            acknowledge_hours=self.acknowledge_hours,
            review_days=self.review_days,
            window_days=self.window_days,
            reply_days=self.reply_days,
        )


class WaitingRound(models.Model):
    """A stretch in which the carrier owes an answer (domain.md, 'Waiting rounds, replies, promises')."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(pgettext_lazy("first, second …", "number"))
    submission = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=12, choices=[(b.value, b.value) for b in Basis])
    started_at = models.DateTimeField()
    reply_by = models.DateTimeField()
    # The day that the carrier named: of a promise, or on which the cancellation takes effect.
    named_day = models.DateField(null=True, blank=True, db_column="promised_on")
    ended_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("waiting round")
        verbose_name_plural = _("waiting rounds")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="round_number"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="one_running_round_per_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} #{self.number}"


class Verification(models.Model):
    """One check whether the number is really cancelled."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="verifications")
    submission = models.PositiveSmallIntegerField()
    method = models.CharField(_("method"), max_length=8, choices=Method.choices)
    finding = models.CharField(_("finding"), max_length=12, choices=Finding.choices)
    happened_at = models.DateTimeField(_("time"))
    recorded_at = models.DateTimeField()
    # The entry that recorded it: what the row is called in the record. Below zero where that is not known any more.
    sequence = models.IntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_method_display()} · {self.get_finding_display()}"


class Escalation(models.Model):
    """A complaint to the carrier, or an appeal (申诉) to the appeal body; one of each may run at a time."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="escalations")
    submission = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=9, choices=EscalationKind.choices)
    # For an appeal: when its papers arrived, from which its deadlines run.
    lodged_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    reference = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    satisfied = models.BooleanField(null=True, blank=True)
    # Of one that runs: the money that it is about is not owed any more. A hint, set with every change of the case and
    # of its bills (`operations.money_owed`): nobody is reminded of it, and it stands in no list.
    nothing_owed = models.BooleanField(default=False, db_default=False)
    sequence = models.IntegerField(default=0, db_default=0)  # as of Verification

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(answered_at__isnull=True), name="one_running_escalation"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("lodged_at")),
                name="escalation_answer_after_lodging",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
