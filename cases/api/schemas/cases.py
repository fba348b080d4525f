"""Cases: filters, what is entered, what is returned."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from pydantic import Field

from cases import operations as ops
from cases import selectors, wording
from cases.api.schemas.cards import CardFactsIn
from cases.api.schemas.common import (
    CarrierNameOut,
    PersonOut,
    format_number,
    serialize_carrier_name,
    serialize_person,
)
from cases.api.schemas.fields import (
    CarrierSlug,
    DateTime,
    Day,
    Id,
    ItemCode,
    NumbersParam,
    PhoneNumber,
    SchemaIn,
    SchemaOut,
    SearchText,
    Yuan,
    bounded_text,
    enum_of,
)
from cases.api.schemas.pages import DEFAULT_LIMIT, MAX_LIMIT, PageParams
from cases.domain.business_days import WorkingCalendar
from cases.domain.case_standing import StandingKind, Step
from cases.domain.refunds import RefundDueBasis
from cases.domain.settlement import OpenMatter
from cases.domain.status import Status
from cases.models import Carrier, Case, Charge, Escalation, Refund, User
from cases.models.choices import ChargeKind, EscalationKind, Reason, RefundWay, RequestChannel, ReturnReason
from cases.operations import Action, NewCase, Submit
from cases.operations.next_reminder import snoozed_until, standing_of
from cases.selectors.settlement import open_matters_of

ChannelValue = Annotated[str, enum_of(RequestChannel.values)]
StandingName = Literal[
    "overdue",
    "due_today",
    "promised_today",
    "to_verify",
    "returned",
    "refund_open",
    "refund_overdue",
    "waiting",
    "draft",
    "no_receipt",
    "money_open",
    "settled",
]
SortName = Literal["newest", "reply_by", "submitted", "number"]


CardName = Annotated[str, bounded_text(80), Field(description="The whole name as the card has it, in capitals or not.")]


class CaseCriteria(SchemaIn):
    """The filters of the case list."""

    q: SearchText = ""
    standing: StandingName | None = None
    status: Status | None = None
    carrier: CarrierSlug | None = None
    reason: Reason | None = None
    department: CardName = ""
    user: CardName = ""
    batch: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    handler: Annotated[int, Field(ge=1, le=2**63 - 1, description="The assignee (see /members).")] | None = None
    sort: SortName = "newest"
    numbers: NumbersParam = "masked"

    def typed_texts(self) -> list[str]:
        """What people type, and might be a number."""
        return [self.q, self.department, self.user]

    def filter_values(self, carrier: Carrier | None) -> dict[str, Any]:
        """The filters for `filter_cases` and `order_of`; `carrier`: the one that `self.carrier` names."""
        return self.model_dump() | {"carrier": carrier}


class CaseFilter(PageParams, CaseCriteria):
    """Filters and page."""


class CaseSearch(CaseFilter):
    """The filters of the list, in the body so that `q` may be a full number."""

    batch: Id | None = None
    handler: Annotated[Id, Field(description="The assignee (see /members).")] | None = None
    limit: Annotated[int, Field(strict=True, ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT


class NewCaseIn(CardFactsIn):
    """A request to cancel a card: a draft or, with `submitted_at`, already submitted."""

    number: PhoneNumber
    carrier: CarrierSlug
    reason: Reason = Reason.COST
    channel: RequestChannel = RequestChannel.HOTLINE
    submitted_at: DateTime | None = None
    reference: Annotated[str, bounded_text(60), Field(description="Carrier reference number (受理单号).")] = ""
    ready: Annotated[list[ItemCode], Field(max_length=20, description="Checklist items that are done.")] = []
    words: Annotated[str, bounded_text(2000)] = ""
    handler: Annotated[Id | None, Field(description="The assignee (see /members); by default the token's owner.")] = (
        None
    )

    def new_case(self, carrier: Carrier, handler: User) -> NewCase:
        """The case to open; carrier and handler are looked up by the endpoint."""
        return NewCase(
            self.number,
            carrier,
            self.reason.value,
            self.channel.value,
            facts=self.facts(),
            handler=handler,
            words=self.words,
            ready=tuple(self.ready),
            submit=Submit(self.submitted_at, self.reference) if self.submitted_at else None,
        )


class StandingOut(SchemaOut):
    """The current state of a case; computed on each request, never stored."""

    kind: StandingKind
    step: Step = Field(description="The next step.")
    late_days: int = Field(description="Working days overdue.")
    days_left: int = Field(description="Working days left.")
    headline: str = Field(examples=["超期 3 个工作日"])
    next_step: str


class CaseSummaryOut(SchemaOut):
    reference: str = Field(examples=["XK-7QF2M4ZP"])
    number: str = Field(description="Masked, unless `numbers=full`.", examples=["138****8000"])
    card: int
    user: str = Field(description="Who has the card (使用人).")
    department: str
    carrier: CarrierNameOut
    status: Annotated[str, enum_of(Status)]
    reason: Annotated[str, enum_of(Reason.values)]
    channel: ChannelValue
    handler: PersonOut | None
    batch: int | None
    carrier_reference: str = Field(description="Carrier reference number (受理单号).")
    created_at: DateTime
    submitted_at: DateTime | None
    acknowledge_by: DateTime | None
    review_by: DateTime | None
    window_opens: DateTime | None
    reply_by: DateTime | None = Field(description="The reply deadline; null unless the carrier owes a reply.")
    promised_on: Day | None
    takes_effect_on: Day | None = Field(description="It is cancelled then, and can be revoked until then (预销户).")
    provisional: bool = Field(description="The deadlines may change when the next holiday schedule is published.")
    acknowledged_at: DateTime | None
    last_reply_at: DateTime | None
    last_follow_up_at: DateTime | None
    reported_done_at: DateTime | None
    returned_at: DateTime | None
    return_reason: Annotated[str, enum_of(ReturnReason.values, or_empty=True)]
    confirmed_at: DateTime | None
    refund_due_on: Day | None = Field(description="The last day on which the open refund is in time.")
    closed_at: DateTime | None
    snoozed_until: Day | None = Field(description="Reminders come again from that day on. Null once it is over.")
    was_late: bool
    logged_by_mistake: bool = Field(description="Lists and statistics leave it out; its page and record stay.")
    kept: bool
    erase_on: Day | None
    erased_at: DateTime | None
    settled: bool | None = Field(description="Null unless it is confirmed.")
    open_matters: list[OpenMatter] = Field(description="What keeps a confirmed case from being settled.")
    standing: StandingOut


class ChecklistItemOut(SchemaOut):
    """One item of the checklist."""

    code: str
    label: str
    required: bool
    state: str = Field(description="Empty while the item is open.")


class EscalationOut(SchemaOut):
    kind: Annotated[str, enum_of(EscalationKind.values)]
    lodged_at: DateTime
    answer_by: DateTime
    reference: str
    decided_at: DateTime | None
    answered_at: DateTime | None
    satisfied: bool | None
    nothing_owed: bool = Field(description="Not answered, and the money that it is about is not owed any more.")


class ChargeOut(SchemaOut):
    id: int
    what: Annotated[str, enum_of(ChargeKind.values)]
    amount: Yuan
    day: Day
    words: str
    refunded_on: Day | None
    written_off_on: Day | None = Field(description="From that day on nobody claims it any more.")


class RefundOut(SchemaOut):
    """A balance that the carrier owes back. At most one of a case is open (`closed_on` null)."""

    amount: Yuan | None = Field(description="Null: not known.")
    way: Annotated[str, enum_of(RefundWay.values)]
    account_ending: str
    due_on: Day
    first_due_on: Day = Field(description="Due before the carrier named a later day; else the same as `due_on`.")
    due_basis: Annotated[str, enum_of([basis.value for basis in RefundDueBasis])]
    received: Yuan
    outstanding: Yuan | None = Field(description="Null while the amount is not known.")
    closed_on: Day | None
    written_off: bool
    words: str


class CaseOut(CaseSummaryOut):
    """One case, with the actions now available."""

    version: int = Field(description="The first part of the ETag; increases with each change of state.")
    actions: list[Action] = Field(description="Actions now available to the token's owner.")
    checklist: list[ChecklistItemOut]
    escalations: list[EscalationOut]
    charges: list[ChargeOut]
    refunds: list[RefundOut]


#: Fields that are columns of the case under the same name.
_PLAIN_FIELDS = [
    name
    for name in CaseSummaryOut.model_fields
    if name
    not in {
        *("number", "card", "user", "department", "carrier", "handler", "batch", "snoozed_until", "kept", "standing"),
        *("settled", "open_matters"),
    }
]


def _case_summary_fields(
    case: Case, now: datetime, calendar: WorkingCalendar, matters: Sequence[OpenMatter] | None, *, full: bool
) -> dict[str, Any]:
    """`matters`: what is open of a confirmed case, None for another."""
    standing = standing_of(case, now, calendar)
    return {name: getattr(case, name) for name in _PLAIN_FIELDS} | {
        "number": format_number(case.card, full=full),
        "card": case.card_id,
        "user": case.card.user,
        "department": case.card.department,
        "carrier": serialize_carrier_name(case.carrier),
        "handler": serialize_person(case.handler),
        "batch": case.batch_id,
        "snoozed_until": snoozed_until(case, now),
        "kept": case.retain,
        "settled": None if matters is None else not matters,
        "open_matters": list(matters or ()),
        "standing": StandingOut(
            kind=standing.kind,
            step=standing.step,
            late_days=standing.late_days,
            days_left=standing.days_left,
            headline=wording.headline(standing),
            next_step=wording.next_step(standing, case),
        ),
    }


def serialize_case_summaries(cases: Sequence[Case], now: datetime, *, full: bool) -> list[CaseSummaryOut]:
    """The cases of a page; the number of queries does not depend on how many there are."""
    prefetch_related_objects(list(cases), "escalations")
    calendar, matters = selectors.working_calendar(), open_matters_of(cases)
    return [
        CaseSummaryOut.model_construct(**_case_summary_fields(case, now, calendar, matters.get(case.pk), full=full))
        for case in cases
    ]


def serialize_case(case: Case, now: datetime, *, role: str | None, full: bool = False) -> CaseOut:
    """A case with what somebody in this role in its team may do with it (None: nothing)."""
    escalations = list(case.escalations.all())
    return CaseOut.model_construct(
        **_case_summary_fields(
            case, now, selectors.working_calendar(), open_matters_of([case]).get(case.pk), full=full
        ),
        version=case.version,
        actions=ops.allowed_actions(case, escalations, role),
        checklist=[
            ChecklistItemOut(code=line.item.code, label=_(line.item.label), required=line.required, state=line.state)
            for line in ops.checklist_of(case)
        ],
        escalations=[_serialize_escalation(escalation) for escalation in escalations],
        charges=[serialize_charge(charge) for charge in case.charges.all()],
        refunds=[serialize_refund(refund) for refund in case.refunds.all()],
    )


def _serialize_escalation(escalation: Escalation) -> EscalationOut:
    return EscalationOut.model_construct(**{name: getattr(escalation, name) for name in EscalationOut.model_fields})


def serialize_refund(refund: Refund) -> RefundOut:
    return RefundOut.model_construct(**{name: getattr(refund, name) for name in RefundOut.model_fields})


def serialize_charge(charge: Charge) -> ChargeOut:
    return ChargeOut.model_construct(
        id=charge.pk,
        what=charge.kind,
        amount=charge.amount,
        day=charge.day,
        words=charge.words,
        refunded_on=charge.refunded_on,
        written_off_on=charge.written_off_on,
    )
