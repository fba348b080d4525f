"""Bills brought in and compared, and what is done with each finding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.db import transaction

from cases.domain.bill_comparison import Comparison, month_bounds
from cases.domain.business_days import local
from cases.domain.errors import CaseError, ReasonMissing, gettext_noop
from cases.domain.escalation import complaint_answer_by
from cases.domain.file_types import clean_file_name
from cases.domain.roles import Right
from cases.formats.bills import types
from cases.formats.bills.reader import NoBill
from cases.formats.bills.tables import has_columns
from cases.models import Bill, BillFinding, Card, Carrier, Case, Team, User
from cases.models.choices import AuditKind, ChargeKind, FindingKind, FindingState, Reason, RequestChannel
from cases.models.receipt_store import receipt_store
from cases.operations.audit_log import record_audit_entry
from cases.operations.bill_reading import BillFile, ComparedBill, compare_sheets, read_sheets
from cases.operations.card_cells import cell_value, change_cell
from cases.operations.cards import CardFacts, register_card
from cases.operations.charges import CheckBill, NewCharge
from cases.operations.engine.perform import perform_one
from cases.operations.engine.rights import ActorRoles
from cases.operations.money_owed import note_bill_disputed
from cases.operations.open_cases import NewCase, open_case
from cases.operations.verification import Reopen
from cases.selectors import working_calendar
from cases.selectors.bills import cases_of_numbers


class FindingHandled(CaseError):
    code = "finding_handled"
    message = gettext_noop("This finding was handled meanwhile. Reload the page to see how.")


class BillInUse(CaseError):
    code = "bill_in_use"
    message = gettext_noop("Findings of this bill were handled. It stays as what they rest on.")


class NotForFinding(CaseError):
    code = "not_for_finding"
    message = gettext_noop("This cannot be done with this finding.")


#: A bill of which somebody has to say what its columns are.
_UNREAD = ComparedBill(types.Bill([], 0, Decimal(), is_total_printed=False), Comparison([], []))


def bring_in(team: Team, file: BillFile, *, by: User, now: datetime) -> tuple[Bill, bool]:
    """Store a bill with its findings; returns it, and whether it is new: the same file again changes nothing.

    A table in which no bill is recognized is stored, too (`Bill.is_read`), for a person to say what its columns are.
    Raises TableRefused, BillOfAnotherMonth, NoBill for what is no table, DiskFull, and OtherTeam or ViewerReadOnly.
    """
    ActorRoles.of(by).check(Right.WORK, team.pk)
    sheets = read_sheets(file.data)
    try:
        compared = compare_sheets(team, file, sheets)
    except NoBill:
        if not any(has_columns(sheet) for sheet in sheets):
            raise
        compared = _UNREAD
    sha256 = receipt_store.write(team.pk, file.data)
    with transaction.atomic():
        bill, is_new = Bill.objects.get_or_create(
            team=team,
            month=file.month.replace(day=1),
            sha256=sha256,
            defaults={
                **bill_facts(compared),
                "is_read": compared is not _UNREAD,
                "name": clean_file_name(file.name),
                "size": len(file.data),
                "made_at": now,
                "made_by": by,
            },
        )
        if is_new:
            store_findings(bill, compared)
            about = f"{bill.month:%Y-%m}, {bill.lines} lines"
            record_audit_entry(AuditKind.IMPORTED, by=by, now=now, team=team, about=about)
    return bill, is_new


def bill_facts(compared: ComparedBill) -> dict[str, Any]:
    """What a bill's row says of what was read."""
    read = compared.bill
    return {
        "carrier": Carrier.objects.filter(slug=read.carrier).first() if read.carrier else None,
        "lines": read.lines,
        "total": read.total,
        "is_total_printed": read.is_total_printed,
        "skipped": [[line.row, line.reason.msgid, dict(line.reason.params)] for line in compared.skipped()],
    }


def store_findings(bill: Bill, compared: ComparedBill) -> None:
    """Store what a bill and the register do not agree on."""
    findings = compared.comparison.findings
    cards, cases = cases_of_numbers(bill.team, [finding.number for finding in findings])
    lines = {line.number: line for line in compared.bill.numbers}
    BillFinding.objects.bulk_create(
        [
            BillFinding(
                bill=bill,
                kind=finding.kind.value,
                card=cards.get(finding.number),
                case=cases.get(finding.number),
                number="" if finding.number in cards else finding.number,
                amount=finding.amount,
                plan_fee=line.plan_fee if line else None,
                has_use=line.has_use if line else None,
                rows=list(finding.rows),
            )
            for finding in findings
            for line in [lines.get(finding.number)]
        ],
        batch_size=500,
    )


def remove_bill(bill: Bill, *, by: User, now: datetime) -> None:
    """Take out a bill of which no finding was handled; its file stays in the receipt store until that is swept.

    Raises BillInUse, OtherTeam, ViewerReadOnly.
    """
    ActorRoles.of(by).check(Right.WORK, bill.team_id)
    with transaction.atomic():
        locked = Bill.objects.select_for_update(of=("self",)).get(pk=bill.pk)
        if locked.findings.exclude(state=FindingState.OPEN).exists():
            raise BillInUse()
        about = f"{locked.month:%Y-%m}, {locked.lines} lines"
        record_audit_entry(AuditKind.IMPORT_UNDONE, by=by, now=now, team=bill.team, about=about)
        locked.delete()


# What is done with a finding


@dataclass(frozen=True)
class FindingAct:
    """Something that is done with one finding of certain kinds; `state` is what the finding becomes."""

    state: ClassVar[FindingState]
    kinds: ClassVar[Sequence[str]]

    def perform(self, finding: BillFinding, *, by: User, now: datetime) -> Mapping[str, Any]:
        """Do it; returns what of the finding changes besides."""
        raise NotImplementedError(type(self).__name__)


def handle_finding(finding: BillFinding, act: FindingAct, *, by: User, now: datetime) -> BillFinding:
    """Do something with an open finding, in one transaction; two people at once do it once.

    Raises FindingHandled, NotForFinding, and what the act raises.
    """
    ActorRoles.of(by).check(Right.WORK, finding.bill.team_id)
    with transaction.atomic():
        locked = BillFinding.objects.select_for_update(of=("self",)).select_related("bill__team", "card", "case")
        current = locked.get(pk=finding.pk)
        is_settled_later = current.state == FindingState.DISPUTED and act.state != FindingState.DISPUTED
        if current.state != FindingState.OPEN and not is_settled_later:
            raise FindingHandled()
        if current.kind not in act.kinds:
            raise NotForFinding()
        state_before = current.state
        changes = {**act.perform(current, by=by, now=now), "state": act.state, "handled_at": now, "handled_by": by}
        for name, value in changes.items():
            setattr(current, name, value)
        current.save(update_fields=list(changes))
        if current.case and FindingState.DISPUTED in (state_before, act.state):
            note_bill_disputed(current.case, now)
    return current


@dataclass(frozen=True)
class ChargeOnCase(FindingAct):
    """What was charged becomes a charge of the case, which its refund then settles."""

    words: str = ""
    state: ClassVar[FindingState] = FindingState.CHARGED
    kinds: ClassVar[Sequence[str]] = (FindingKind.CHARGED_AFTER_CANCELLATION,)

    def perform(self, finding: BillFinding, *, by: User, now: datetime) -> Mapping[str, Any]:
        if finding.case is None or finding.amount is None:
            raise NotForFinding()
        last = month_bounds(finding.bill.month.year, finding.bill.month.month)[1]
        charge = NewCharge(finding.amount, min(last, local(now).date()), ChargeKind.FEE, self.words)
        perform_one(CheckBill(now, charge, self.words), finding.case, by=by, now=now)
        return {"words": self.words}


@dataclass(frozen=True)
class ReopenCase(FindingAct):
    """The number is alive: the case goes on."""

    words: str
    state: ClassVar[FindingState] = FindingState.REOPENED
    kinds: ClassVar[Sequence[str]] = (FindingKind.CHARGED_AFTER_CANCELLATION,)

    def perform(self, finding: BillFinding, *, by: User, now: datetime) -> Mapping[str, Any]:
        if finding.case is None:
            raise NotForFinding()
        perform_one(Reopen(self.words), finding.case, by=by, now=now)
        return {"words": self.words}


@dataclass(frozen=True)
class Dispute(FindingAct):
    """The carrier was asked to put it right; as with a complaint it has 15 days to answer."""

    words: str = ""
    state: ClassVar[FindingState] = FindingState.DISPUTED
    kinds: ClassVar[Sequence[str]] = tuple(FindingKind.values)

    def perform(self, finding: BillFinding, *, by: User, now: datetime) -> Mapping[str, Any]:
        return {"words": self.words, "answer_by": complaint_answer_by(now, working_calendar())}


@dataclass(frozen=True)
class CorrectRegister(FindingAct):
    """The bill is right: the register gets its fee, or the card that it lacks (`carrier` where the bill has none)."""

    carrier: Carrier | None = None
    words: str = ""
    state: ClassVar[FindingState] = FindingState.CORRECTED
    kinds: ClassVar[Sequence[str]] = (FindingKind.FEE_DIFFERS, FindingKind.NOT_IN_REGISTER)

    def perform(self, finding: BillFinding, *, by: User, now: datetime) -> Mapping[str, Any]:
        if finding.plan_fee is not None and finding.card:
            shown = cell_value(finding.card, "monthly_fee")
            change_cell(finding.card, "monthly_fee", str(finding.plan_fee), shown=shown, by=by, now=now)
            return {"words": self.words}
        return {"words": self.words, "card": _register(finding, self.carrier, by=by, now=now), "number": ""}


@dataclass(frozen=True)
class LogCancellation(FindingAct):
    """The number is not needed: a cancellation is logged, as a draft."""

    carrier: Carrier | None = None
    words: str = ""
    state: ClassVar[FindingState] = FindingState.REQUESTED
    kinds: ClassVar[Sequence[str]] = (FindingKind.NO_USE, FindingKind.NOT_IN_REGISTER, FindingKind.NEVER_BILLED)

    def perform(self, finding: BillFinding, *, by: User, now: datetime) -> Mapping[str, Any]:
        card = finding.card or _register(finding, self.carrier, by=by, now=now)
        new_case = NewCase(
            card.number, card.carrier, reason=Reason.COST, channel=RequestChannel.HOTLINE, words=self.words
        )
        case: Case = open_case(finding.bill.team, new_case, by=by, now=now)
        return {"words": self.words, "card": card, "case": case, "number": ""}


@dataclass(frozen=True)
class AllRight(FindingAct):
    """Nothing is wrong, for a reason that is kept; raises ReasonMissing."""

    words: str
    state: ClassVar[FindingState] = FindingState.ALL_RIGHT
    kinds: ClassVar[Sequence[str]] = tuple(FindingKind.values)

    def perform(self, finding: BillFinding, *, by: User, now: datetime) -> Mapping[str, Any]:
        if not self.words.strip():
            raise ReasonMissing()
        return {"words": self.words}


def _register(finding: BillFinding, carrier: Carrier | None, *, by: User, now: datetime) -> Card:
    carrier = carrier or finding.bill.carrier
    if carrier is None or not finding.number.isdigit():
        raise NotForFinding()
    facts = CardFacts(monthly_fee=finding.plan_fee)
    return register_card(finding.bill.team, finding.number, carrier, facts, by=by, now=now)
