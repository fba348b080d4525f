"""The public guide: what a telemarketing card is, how it is cancelled, how long that takes."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import clock, selectors
from cases.domain.business_days import local
from cases.domain.checklist import ITEMS, ItemGroup
from cases.domain.escalation import COMPLAIN_LATE_DAY
from cases.models import Carrier
from cases.web.deadline_preview import example_moments, preview_context
from cases.web.forms.base import this_minute
from cases.web.guide import CHAPTERS, Chapter
from cases.web.guide_example import LATE_DAY, example_context
from cases.wording import call_scripts


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Introduction and table of contents."""
    return render(request, "cases/guide/index.html", {"chapters": CHAPTERS})


@require_safe
def guide_chapter(request: HttpRequest, slug: str) -> HttpResponse:
    """One chapter; that on waiting computes the deadlines of any moment."""
    chapter = next((chapter for chapter in CHAPTERS if chapter.slug == slug), None)
    if chapter is None:
        raise Http404
    context = {
        "chapters": CHAPTERS,
        "chapter": chapter,
        "next_chapter": _next_chapter(chapter),
        **_chapter_context(request, slug),
    }
    is_partial = request.headers.get("HX-Target") == "simulated"
    return render(request, "cases/parts/deadline_preview.html" if is_partial else f"cases/guide/{slug}.html", context)


@require_safe
def guide_example(request: HttpRequest) -> HttpResponse:
    """A made-up case on a day of the reader's choice; an invalid day is the one on which it becomes late."""
    try:
        today = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        today = LATE_DAY
    return render(request, "cases/guide/example.html", example_context(today, selectors.working_calendar()))


def _next_chapter(chapter: Chapter) -> Chapter | None:
    index = CHAPTERS.index(chapter) + 1
    return CHAPTERS[index] if index < len(CHAPTERS) else None


def _chapter_context(request: HttpRequest, slug: str) -> dict[str, Any]:
    if slug == "papers":
        groups = [[item for item in ITEMS if item.group is group] for group in ItemGroup]
        return {"groups": groups, "carriers": Carrier.objects.prefetch_related("facts")}
    if slug == "scripts":
        return {"examples": call_scripts.script_examples()}
    if slug == "delays":
        return {"complain_day": COMPLAIN_LATE_DAY}
    return _simulation_context(request) if slug == "waiting" else {}


def _simulation_context(request: HttpRequest) -> dict[str, Any]:
    """The deadlines of a submission at the moment in the query, past or future; at now without one."""
    raw_value = request.GET.get("submitted_at") or this_minute()
    now = clock.now()
    moments = example_moments(local(now).date(), selectors.working_calendar())
    return {"moment": raw_value, "example_moments": moments, **preview_context(raw_value, None, now, simulated=True)}
