"""What proves something: the check of a case's record."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import words
from cases.operations.audit import audit
from cases.web.access import TeamRequest, get_case, team_required


@require_safe
@team_required
def case_record(request: TeamRequest, reference: str) -> HttpResponse:
    """Does the record of this case still hold, entry by entry and file by file?"""
    case = get_case(request, reference)
    found = audit(case)
    flaws = [words.flaw(flaw) for flaw in found.flaws]
    return render(request, "cases/case_record.html", {"case": case, "found": found, "flaws": flaws})
