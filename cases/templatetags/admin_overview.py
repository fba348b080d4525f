"""The admin's index: what needs attention now, each count linked to its list."""

from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from cases import clock, queue, selectors, wording
from cases.domain.business_days import ONE_DAY, local
from cases.models import CarrierMessage, Case, NotificationChannel
from cases.models.choices import MessageState, NoticeState
from cases.operations.anchors import anchor_health
from cases.reminders import pipeline
from cases.selectors.search import MAX_KEYS

register = template.Library()

_CAP = MAX_KEYS


@register.inclusion_tag("admin/overview.html", takes_context=True)
def admin_overview(context: template.Context) -> dict[str, Any]:
    """The counts of overdue cases, those due today and to verify; the state of worker and reminders."""
    user, now = context["request"].user, clock.now()
    tiles = []
    if user.has_perm("cases.view_case") or user.has_perm("cases.change_case"):
        cases = Case.objects.all()
        tiles = [
            _standing_tile("overdue", _("Overdue"), selectors.overdue(cases, now)),
            _standing_tile("due_today", _("Due today"), selectors.due_today(cases, now)),
            _standing_tile("to_verify", _("To verify"), selectors.to_verify(cases)),
        ]
    if user.has_perm("cases.view_carriermessage"):
        unmatched = selectors.unmatched_messages(CarrierMessage.objects.all())
        count, link = (
            selectors.capped_count(unmatched, _CAP),
            f"{reverse('admin:cases_carriermessage_changelist')}?state__exact=",
        )
        tiles.append(_tile("unmatched", _("SMS without a case"), count, f"{link}{MessageState.UNMATCHED}"))
    worker_silence, sweep_silence = queue.time_since_worker_beat(now), queue.time_since_sweep(now)
    anchors = anchor_health(now)
    last_sent_at = NotificationChannel.objects.aggregate(at=Max("last_success_at"))["at"]
    return {
        "tiles": tiles,
        "worker_seen": wording.moment_in_text(now - worker_silence) if worker_silence is not None else "",
        "is_worker_silent": worker_silence is None or worker_silence > queue.WORKER_SILENT,
        "silent_workers": [
            {"name": name, "seen": wording.moment_in_text(now - silence)}
            for name, silence in queue.silent_workers(now).items()
        ],
        "last_sweep": wording.moment_in_text(now - sweep_silence) if sweep_silence is not None else "",
        "is_sweep_late": sweep_silence is None or sweep_silence > queue.SWEEP_SILENT,
        "last_sent": wording.moment_in_text(last_sent_at) if last_sent_at else "",
        "failed_count": pipeline.count_recently_failed(now),
        "failed_url": _failed_url(user, "notice"),
        "failed_mail_count": pipeline.recently_failed_account_mails(now).count(),
        "failed_mails_url": _failed_url(user, "accountmail"),
        "failed_anchors": anchors.failed,
        "anchor_flaws": anchors.flaws,
        "no_anchor_since": wording.moment_in_text(anchors.silent_since) if anchors.silent_since else "",
        "failures_url": reverse("admin:django_q_failure_changelist") if user.has_perm("django_q.view_failure") else "",
    }


@register.inclusion_tag("admin/submitted_months.html")
def submitted_months(changelist: ChangeList) -> dict[str, Any]:
    """The last twelve months, as filters by the day of submission. Django's own date hierarchy would scan all cases for
    the months that occur."""
    day, months = local(clock.now()).date(), []
    for _month in range(12):
        query = {"submitted_at__year": day.year, "submitted_at__month": day.month}
        months.append((f"{day:%Y-%m}", changelist.get_query_string(query)))
        day = day.replace(day=1) - ONE_DAY
    year_and_month = changelist.params.get("submitted_at__year"), changelist.params.get("submitted_at__month")
    return {
        "months": months,
        "selected_month": "-".join(str(part).zfill(2) for part in year_and_month if part),
        "all_url": changelist.get_query_string(remove=["submitted_at__"]),
    }


def _failed_url(user: Any, model: str) -> str:
    """The URL of the list of what failed of a model of messages; empty for users without the permission."""
    if not user.has_perm(f"cases.view_{model}"):
        return ""
    return f"{reverse(f'admin:cases_{model}_changelist')}?state__exact={NoticeState.FAILED}"


def _standing_tile(standing: str, label: str, cases: selectors.Cases) -> dict[str, str]:
    link = f"{reverse('admin:cases_case_changelist')}?standing={standing}"
    return _tile(standing, label, selectors.capped_count(cases, _CAP), link)


def _tile(kind: str, label: str, count: int, link: str) -> dict[str, str]:
    return {"kind": kind, "label": label, "link": link, "count": str(count) if count < _CAP else f"{_CAP - 1}+"}
