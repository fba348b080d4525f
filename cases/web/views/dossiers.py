"""What proves something: the check of a case's record, dossiers, and the page on which anybody checks one."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from cases import selectors, wording
from cases.documents import exports
from cases.documents.dossier import Choices
from cases.documents.exports import MOST_CASES
from cases.domain.errors import CaseError
from cases.domain.roles import Right
from cases.formats import dossier_manifest
from cases.models import Case
from cases.models.keyrings import signing_key
from cases.operations.integrity import check_integrity
from cases.web.access import TeamRequest, form_page, get_case, team_required
from cases.web.forms.dossier import CheckForm, DossierForm, ManyDossierForm
from cases.web.forms.filters import CaseFilterForm
from cases.web.rate_limits import check

#: What a form's fields and the envelope of an upload may add to the file.
_AROUND = 64 * 1024
#: Of a manifest, and of the record of one case, in a dossier that is checked here: what may be read into memory.
_LONGEST = 4 * 1024 * 1024


@require_safe
@team_required
def case_record(request: TeamRequest, reference: str) -> HttpResponse:
    """Does the record of this case still hold, entry by entry and file by file?"""
    case = get_case(request, reference)
    found = check_integrity(case)
    flaws = [wording.flaw(flaw) for flaw in found.flaws]
    return render(request, "cases/case_record.html", {"case": case, "found": found, "flaws": flaws})


@form_page
@team_required
def case_dossier(request: TeamRequest, reference: str) -> HttpResponseBase:
    """Everything there is about a case, as one signed file."""
    case = get_case(request, reference, Right.READ)
    form = DossierForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _download(request, [case], form.choices(), case.reference)
        except CaseError as error:
            form.refuse(error)
    return render(request, "cases/dossier_new.html", {"form": form, "case": case})


@form_page
@team_required
def dossier_new(request: TeamRequest) -> HttpResponseBase:
    """The same about many: those that the list showed, or those that somebody names."""
    if request.method == "POST":
        form = ManyDossierForm(request.POST)
        if form.is_valid():
            wanted = form.cleaned_data["references"]
            cases = {c.reference: c for c in selectors.cases_of(*request.teams).filter(reference__in=wanted)}
            missing = [reference for reference in wanted if reference not in cases]
            try:
                if not missing:
                    name = f"{len(wanted)}-cases"
                    return _download(request, [cases[reference] for reference in wanted], form.choices(), name)
                message = _("There is no case %(references)s.") % {"references": wording.listed(missing)}
                form.add_error("references", message)
            except CaseError as error:
                form.refuse(error)
    else:
        listed = CaseFilterForm(request.GET).narrow(selectors.cases_of(request.team), request.now, request.team)
        references = listed.values_list("reference", flat=True)[:MOST_CASES]
        form = ManyDossierForm(initial={"references": "\n".join(references)})
    return render(request, "cases/dossier_new.html", {"form": form, "case": None})


def _download(request: TeamRequest, cases: Sequence[Case], choices: Choices, name: str) -> HttpResponseBase:
    return exports.dossier(cases, name, choices=choices, by=request.user, now=request.now)


@csrf_exempt  # it changes nothing, and the size is looked at before the body is read
@form_page
def proof(request: HttpRequest) -> HttpResponse:
    """For everybody: this installation's public key, what it proves, and a check of a dossier. Nothing is kept."""
    report, status = None, 200
    form = CheckForm()
    if request.method == "POST":
        length = request.headers.get("Content-Length", "")
        if length.isascii() and length.isdigit() and int(length) > settings.DOSSIER_MAX_BYTES + _AROUND:
            form, status = CheckForm({}), 413
            form.errors.clear()
            form.refuse_size()
        else:
            form = CheckForm(request.POST, request.FILES)
            report = _checked(request, form) if form.is_valid() else None
    key = signing_key().public_key()
    context = {
        "form": form,
        "report": report,
        "made": _moment(report.made_at) if report and report.made_at else "",
        "flaws": [wording.flaw(flaw) for flaw in report.flaws] if report else [],
        "pem": dossier_manifest.public_pem(key),
        "fingerprint": dossier_manifest.fingerprint(key),
    }
    return render(request, "cases/proof.html", context, status=status)


def _checked(request: HttpRequest, form: CheckForm) -> dossier_manifest.DossierReport | None:
    pem = form.cleaned_data["key"]
    try:
        check(request, "proof")
        key = dossier_manifest.read_key(pem) if pem.strip() else signing_key().public_key()
    except CaseError as error:
        form.refuse(error)
        return None
    return dossier_manifest.verify_dossier(form.cleaned_data["dossier"].file, key, _LONGEST)


def _moment(iso: str) -> str:
    with wording.with_years():
        return wording.moment(datetime.fromisoformat(iso))


@require_safe
def proof_key(request: HttpRequest) -> HttpResponse:
    """The public key as a file."""
    response = HttpResponse(
        dossier_manifest.public_pem(signing_key().public_key()), content_type="application/x-pem-file"
    )
    response["Content-Disposition"] = 'attachment; filename="xiaoka-key.pem"'
    return response
