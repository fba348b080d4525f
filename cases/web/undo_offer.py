"""The message that something was recorded, which offers to undo it (`parts/flash_messages.html`)."""

from uuid import UUID

from django.contrib import messages
from django.urls import reverse

from cases.domain.corrections import offers
from cases.models import Case, TimelineEntry
from cases.operations.act_undo import can_undo_act
from cases.operations.corrections import correctable_entry
from cases.web.access import TeamRequest


def add_recorded_message(request: TeamRequest, case: Case, submit_token: UUID | None, text: str) -> None:
    """Say that the form with this token was recorded on a case, and offer to undo the entry that it made."""
    messages.success(request, text, extra_tags=_undo_url(request, case, submit_token))


def add_act_message(request: TeamRequest, submit_token: UUID | None, text: str) -> None:
    """Say that an act over many cases was recorded, and offer to undo all of it."""
    is_offered = can_undo_act(submit_token, request.user, request.now)
    messages.success(request, text, extra_tags=reverse("act_undo", args=[submit_token]) if is_offered else "")


def recorded_entry(request: TeamRequest, case: Case, submit_token: UUID | None) -> TimelineEntry | None:
    """The entry that a form with this token has made on a case, if it has made one."""
    entries = case.entries.filter(click=submit_token, recorded_by=request.user).select_related("content")
    return entries.order_by("sequence").last() if submit_token else None


def _undo_url(request: TeamRequest, case: Case, submit_token: UUID | None) -> str:
    entry = recorded_entry(request, case, submit_token)
    if entry is None:
        return ""
    offered = offers(correctable_entry(entry), actor_id=request.user.pk, is_manager=False, now=request.now)
    return reverse("entry_undo", args=[case.reference, entry.sequence]) if "undo" in offered else ""
