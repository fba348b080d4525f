"""Carriers' bills: brought in, compared with the register, their findings handled."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cases import wording
from cases.documents.import_rows import message_text
from cases.domain.errors import CaseError
from cases.domain.full_numbers import NumberList
from cases.domain.roles import Right
from cases.formats.tables.readings import Message
from cases.formats.tables.refusals import MAX_TABLE_BYTES, TableTooLarge
from cases.models import Bill, BillFinding
from cases.models.choices import FindingKind, FindingState
from cases.operations.bill_reading import BillFile
from cases.operations.bills import bring_in, handle_finding, remove_bill
from cases.selectors.bills import bills_of, earlier_months, findings_of
from cases.web.access import TeamRequest, agent_required, allow_get_post, get_bill, get_case, has_right, team_required
from cases.web.forms.bills import BillForm, FindingForm
from cases.web.full_numbers import list_context
from cases.web.middleware.storage_status import note_error


@dataclass(frozen=True)
class FindingRow:
    """A finding as the page shows it; `months` names earlier months that show the same."""

    finding: BillFinding
    months: str
    is_overdue: bool


@dataclass(frozen=True)
class FindingSection:
    kind: str
    title: str
    help_text: str
    rows: list[FindingRow]
    open_count: int
    form: FindingForm | None


@require_safe
@team_required
def bill_list(request: TeamRequest) -> HttpResponse:
    """The team's bills, the newest month first, each with what is left to do."""
    return render(request, "cases/bill_list.html", {"bills": bills_of(request.team)})


@allow_get_post
@agent_required
def bill_new(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Bring in a bill; nothing but the bill and its findings is stored."""
    is_posted = request.method == "POST"
    form = BillForm(request.POST if is_posted else None, request.FILES if is_posted else None)
    if form.is_valid():
        upload, pasted = form.cleaned_data["upload"], form.cleaned_data["pasted"]
        try:
            if upload and upload.size > MAX_TABLE_BYTES:  # before it is read into memory
                raise TableTooLarge()
            data = upload.read() if upload else pasted.encode()
            file = BillFile(upload.name if upload else _("pasted rows"), data, form.cleaned_data["month"])
            bill, is_new = bring_in(request.team, file, by=request.user, now=request.now)
        except CaseError as error:
            note_error(error)
            form.add_error("upload" if upload else "pasted", wording.error_message(error))
        else:
            if not is_new:
                messages.info(request, _("This bill was imported before. Nothing was changed."))
            return redirect("bill_detail" if bill.is_read else "bill_columns", bill.pk)
    return render(request, "cases/bill_new.html", {"form": form})


@require_safe
@team_required
def bill_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """One bill: what it says, and what it and the register do not agree on."""
    return _bill_page(request, get_bill(request, pk), {}, [])


def _bill_page(
    request: TeamRequest, bill: Bill, forms: dict[str, FindingForm], refusals: list[tuple[BillFinding, str]]
) -> HttpResponse:
    findings = findings_of(bill)
    months = earlier_months(bill, findings)
    may_work = has_right(request, Right.WORK, bill.team_id)
    sections = []
    for kind in FindingKind.values:
        rows = [
            FindingRow(
                finding,
                wording.join_names(map(wording.format_month, months.get(finding.pk, []))),
                bool(finding.answer_by and finding.state == FindingState.DISPUTED and finding.answer_by < request.now),
            )
            for finding in findings
            if finding.kind == kind
        ]
        if rows:
            open_count = sum(row.finding.state in (FindingState.OPEN, FindingState.DISPUTED) for row in rows)
            form = forms.get(kind) or FindingForm(kind=kind, asks_for_carrier=bill.carrier is None)
            sections.append(
                FindingSection(
                    kind, str(FindingKind(kind).label), _help_text(kind), rows, open_count, form if may_work else None
                )
            )
    context = {
        "bill": bill,
        "sections": sections,
        "refusals": refusals,
        "open_count": sum(row.finding.state == FindingState.OPEN for section in sections for row in section.rows),
        "skipped": [(row, message_text(Message(msgid, params))) for row, msgid, params in bill.skipped],
        "may_remove": may_work and all(finding.state == FindingState.OPEN for finding in findings),
        "may_work": may_work,
        **list_context(request, NumberList.BILL, findings, bill.team, bill.pk),
    }
    return render(request, "cases/bill_detail.html", context)


def _help_text(kind: str) -> str:
    return {
        FindingKind.CHARGED_AFTER_CANCELLATION: _(
            "These numbers were confirmed as cancelled before this month. Ask for a refund, and check whether the "
            "number is in use."
        ),
        FindingKind.NOT_IN_REGISTER: _("None of your cards has these numbers."),
        FindingKind.FEE_DIFFERS: _(
            "The plan’s fee on the bill, before discounts, is not the fee of the card. The amount is the difference: "
            "above zero, the bill charges more."
        ),
        FindingKind.NEVER_BILLED: _(
            "Your card list says that these were in use for the whole month. Check whether they were cancelled long "
            "ago, belong to another account, or were entered incorrectly."
        ),
        FindingKind.NO_USE: _("No call, no data, no SMS in this month. Check whether the number is still needed."),
    }[FindingKind(kind)]


@require_POST
@team_required
def bill_findings(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Do something with the findings of one kind that are ticked; what is refused stays, with the reason."""
    bill = get_bill(request, pk, Right.WORK)
    kind = request.POST.get("kind", "")
    if kind not in FindingKind.values:
        return redirect("bill_detail", pk)
    case = get_case(request, request.POST["case"]) if "case" in request.POST else None  # whose page this came from
    form = FindingForm(request.POST, kind=kind, asks_for_carrier=bill.carrier is None)
    chosen = [int(key) for key in request.POST.getlist("finding") if key.isdecimal() and len(key) < 19]
    if form.is_valid() and not chosen:
        form.add_error(None, _("Tick at least one number."))
    if not form.is_valid():
        return _bill_page(request, bill, {kind: form}, [])
    refusals: list[tuple[BillFinding, str]] = []
    done = 0
    for finding in bill.findings.filter(pk__in=chosen, kind=kind).select_related("bill", "card"):
        try:
            handle_finding(finding, form.act_of(), by=request.user, now=request.now)
            done += 1
        except CaseError as error:
            refusals.append((finding, wording.error_message(error)))
    if done:
        text = ngettext("%(count)s finding handled.", "%(count)s findings handled.", done)
        messages.success(request, text % {"count": done})
    if refusals:
        return _bill_page(request, get_bill(request, pk), {kind: form}, refusals)
    return redirect("case_detail", case.reference) if case else redirect("bill_detail", pk)


@require_POST
@team_required
def bill_remove(request: TeamRequest, pk: int) -> HttpResponseRedirect:
    """Take out a bill of which nothing was handled."""
    bill = get_bill(request, pk, Right.WORK)
    try:
        remove_bill(bill, by=request.user, now=request.now)
    except CaseError as error:
        messages.error(request, wording.error_message(error))
        return redirect("bill_detail", pk)
    messages.success(request, _("The bill was removed."))
    return redirect("bill_list")
