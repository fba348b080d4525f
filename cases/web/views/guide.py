"""The guide, for everybody: what a telemarketing card is, how it is cancelled, how long that takes."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases import selectors
from cases.domain.business_days import local
from cases.domain.checklist import ITEMS, ItemGroup
from cases.domain.reminders import COMPLAIN_LATE_DAY
from cases.models import Carrier
from cases.web.deadline_preview import days_to_try, preview
from cases.web.forms.base import this_minute
from cases.web.guide import CHAPTERS, Chapter
from cases.web.guide_example import LATE, example
from cases.wording import call_scripts


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """What it is about, and the way through it."""
    return render(request, "cases/guide/index.html", {"chapters": CHAPTERS})


@require_safe
def guide_chapter(request: HttpRequest, slug: str) -> HttpResponse:
    """One chapter; that on waiting computes the deadlines of any day that is asked for."""
    chapter = next((chapter for chapter in CHAPTERS if chapter.slug == slug), None)
    if chapter is None:
        raise Http404
    context = {"chapters": CHAPTERS, "chapter": chapter, "next": _after(chapter), **_needed(request, slug)}
    part = request.headers.get("HX-Target") == "simulated"
    return render(request, "cases/parts/preview.html" if part else f"cases/guide/{slug}.html", context)


@require_safe
def guide_example(request: HttpRequest) -> HttpResponse:
    """A made-up case on a day of the reader's choice; what is no day is the day on which it is late."""
    try:
        today = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        today = LATE
    return render(request, "cases/guide/example.html", example(today, selectors.working_calendar()))


def _after(chapter: Chapter) -> Chapter | None:
    place = CHAPTERS.index(chapter) + 1
    return CHAPTERS[place] if place < len(CHAPTERS) else None


def _needed(request: HttpRequest, slug: str) -> dict[str, Any]:
    if slug == "papers":
        groups = [[item for item in ITEMS if item.group is group] for group in ItemGroup]
        return {"groups": groups, "carriers": Carrier.objects.prefetch_related("facts")}
    if slug == "scripts":
        return {"examples": call_scripts.examples()}
    if slug == "delays":
        return {"complain_day": COMPLAIN_LATE_DAY}
    return _simulated(request) if slug == "waiting" else {}


def _simulated(request: HttpRequest) -> dict[str, Any]:
    """Deadlines of a submission at the moment that was picked, of the past or to come; now, when none was."""
    typed = request.GET.get("submitted_at") or this_minute()
    now = timezone.now()
    tries = days_to_try(local(now).date(), selectors.working_calendar())
    return {"picked": typed, "tries": tries, **preview(typed, None, now, simulated=True)}
