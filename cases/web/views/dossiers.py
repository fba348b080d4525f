"""The check of a case's record, dossiers, and the public page that verifies one."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from cases import selectors, wording
from cases.documents import exports
from cases.documents.dossier import DossierOptions
from cases.documents.exports import MAX_CASES
from cases.domain.errors import CaseError
from cases.domain.roles import Right, ViewerMasked
from cases.formats import dossier_manifest
from cases.formats.timestamps import read_certificates
from cases.models import Case
from cases.models.keyrings import signing_key
from cases.operations.integrity import check_integrity
from cases.web.access import TeamRequest, allow_get_post, get_case, has_right, team_required
from cases.web.forms.dossier import BulkDossierForm, DossierCheckForm, DossierForm
from cases.web.forms.filters import CaseFilterForm
from cases.web.full_numbers import case_context
from cases.web.middleware.body_limit import content_length
from cases.web.rate_limits import client_network, enforce_rate_limit
from cases.wording.dossiers import dossier_of

#: What a form's fields and the envelope of an upload may add to the file.
_FORM_OVERHEAD = 64 * 1024
#: Of a manifest, and of the record of one case, in a dossier that is checked here: what may be read into memory.
_MAX_MEMBER_BYTES = 4 * 1024 * 1024


@require_safe
@team_required
def case_record(request: TeamRequest, reference: str) -> HttpResponse:
    """Whether the record of this case is intact, entry by entry and file by file."""
    case = get_case(request, reference)
    report = check_integrity(case)
    flaws, notes = ([wording.flaw_message(flaw) for flaw in flaws] for flaws in (report.flaws, report.notes))
    context = {**case_context(request, case), "case": case, "report": report, "flaws": flaws, "notes": notes}
    return render(request, "cases/case_record.html", context)


@allow_get_post
@team_required
def case_dossier(request: TeamRequest, reference: str) -> HttpResponseBase:
    """Everything about a case, as one signed file."""
    case = get_case(request, reference, Right.READ)
    form = DossierForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _download(request, [case], form.choices(), case.reference)
        except CaseError as error:
            form.add_case_error(error)
    if not has_right(request, Right.EXPORT, case.team_id):
        form.offer_masked_only(receipts=True)
    title = _("Dossier of case %(reference)s") % {"reference": case.reference}
    context = {**case_context(request, case), "form": form, "case": case, "title": title}
    return render(request, "cases/dossier_new.html", context)


@allow_get_post
@team_required
def dossier_new(request: TeamRequest) -> HttpResponseBase:
    """A dossier of several cases: those of the list, or those whose references are given."""
    title, has_more = _("Dossier of several cases"), False
    if request.method == "POST":
        form = BulkDossierForm(request.POST)
        if form.is_valid():
            requested_references = form.cleaned_data["references"]
            cases = {
                case.reference: case
                for case in selectors.cases_of(*request.teams).filter(reference__in=requested_references)
            }
            missing = [reference for reference in requested_references if reference not in cases]
            try:
                if not missing:
                    name = f"{len(requested_references)}-cases"
                    return _download(
                        request, [cases[reference] for reference in requested_references], form.choices(), name
                    )
                message = _("Case not found: %(references)s.") % {"references": wording.join_names(missing)}
                form.add_error("references", message)
            except CaseError as error:
                form.add_case_error(error)
    else:
        filtered_cases = CaseFilterForm(request.GET).filter_cases(
            selectors.cases_of(request.team), request.now, request.team
        )
        references = list(filtered_cases.values_list("reference", flat=True)[: MAX_CASES + 1])
        form = BulkDossierForm(initial={"references": "\n".join(references[:MAX_CASES])})
        has_more = len(references) > MAX_CASES
        title = dossier_of(len(references), MAX_CASES) if references else title
    if not any(has_right(request, Right.EXPORT, team.pk) for team in request.teams):
        form.offer_masked_only(receipts=False)
    context = {"form": form, "case": None, "title": title, "has_more": has_more, "most": MAX_CASES}
    return render(request, "cases/dossier_new.html", context)


def _download(request: TeamRequest, cases: Sequence[Case], choices: DossierOptions, name: str) -> HttpResponseBase:
    try:
        return exports.dossier_response(cases, name, options=choices, by=request.user, now=request.now)
    except ViewerMasked as error:  # their form does not offer it
        raise PermissionDenied(wording.error_message(error)) from error


@csrf_exempt  # it changes nothing, and the size is looked at before the body is read
@allow_get_post
def dossier_check(request: HttpRequest) -> HttpResponse:
    """Public: this installation's key, what it proves, and the verification of a dossier. Nothing is stored."""
    report, status = None, 200
    form = DossierCheckForm()
    if request.method == "POST":
        if content_length(request) > settings.DOSSIER_MAX_BYTES + _FORM_OVERHEAD:
            form, status = DossierCheckForm({}), 413
            form.errors.clear()
            form.add_size_error()
        else:
            form = DossierCheckForm(request.POST, request.FILES)
            report = _check_dossier(request, form) if form.is_valid() else None
    key = signing_key().public_key()
    context = {
        "form": form,
        "report": report,
        "made_at": _format_moment(report.made_at) if report and report.made_at else "",
        "flaws": [wording.flaw_message(flaw) for flaw in report.flaws] if report else [],
        "anchor_texts": _anchor_texts(report) if report else [],
        "pem": dossier_manifest.public_pem(key),
        "fingerprint": dossier_manifest.fingerprint(key),
    }
    return render(request, "cases/dossier_check.html", context, status=status)


def _check_dossier(request: HttpRequest, form: DossierCheckForm) -> dossier_manifest.DossierReport | None:
    pem = form.cleaned_data["key"]
    try:
        enforce_rate_limit("proof", client_network(request))
        key = dossier_manifest.read_key(pem) if pem.strip() else signing_key().public_key()
    except CaseError as error:
        form.add_case_error(error)
        return None
    trusted = read_certificates(settings.TIMESTAMP_CERTIFICATES)
    return dossier_manifest.verify_dossier(form.cleaned_data["dossier"].file, key, _MAX_MEMBER_BYTES, trusted)


def _anchor_texts(report: dossier_manifest.DossierReport) -> list[str]:
    """Of each case what an anchor proves, or that there is none."""
    anchored_cases = {case.reference: case for case in report.anchors}
    return [
        wording.anchored_case(anchored_cases[case.reference])
        if case.reference in anchored_cases
        else wording.case_without_anchor(case.reference)
        for case in report.cases
    ]


def _format_moment(iso: str) -> str:
    with wording.years_always_shown():
        return wording.moment_in_text(datetime.fromisoformat(iso))


@require_safe
def dossier_key(request: HttpRequest) -> HttpResponse:
    """The public key as a file."""
    response = HttpResponse(
        dossier_manifest.public_pem(signing_key().public_key()), content_type="application/x-pem-file"
    )
    response["Content-Disposition"] = 'attachment; filename="xiaoka-key.pem"'
    return response
