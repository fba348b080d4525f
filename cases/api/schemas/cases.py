"""Cases and cards as the API tells of them: schemas, and how they are filled."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from pydantic import Field

from cases import operations as ops
from cases import selectors, wording
from cases.api.schemas.fields import DateTime, Day, SchemaOut, Yuan, enum_of
from cases.domain import phones
from cases.domain.business_days import WorkingCalendar
from cases.domain.case_standing import StandingKind, Step
from cases.domain.deadlines import ExplainedDay
from cases.domain.status import Status
from cases.models import Card, Carrier, Case, Charge, Escalation, User
from cases.models.choices import ChargeKind, EscalationKind, Purpose, Reason, RequestChannel, ReturnReason
from cases.operations import Action
from cases.operations.next_reminder import standing_of

StatusValue = Annotated[str, enum_of(Status)]
ReasonValue = Annotated[str, enum_of(Reason.values)]
ChannelValue = Annotated[str, enum_of(RequestChannel.values)]
ReturnReasonValue = Annotated[str, enum_of(ReturnReason.values, or_empty=True)]
EscalationKindValue = Annotated[str, enum_of(EscalationKind.values)]
ChargeKindValue = Annotated[str, enum_of(ChargeKind.values)]
PurposeValue = Annotated[str, enum_of(Purpose.values, or_empty=True)]


class CarrierNameOut(SchemaOut):
    slug: str = Field(examples=["china-mobile"])
    name: str = Field(description="In the language of the answer.", examples=["中国移动"])


class PersonOut(SchemaOut):
    id: int
    name: str


class StandingOut(SchemaOut):
    """Where a case stands now; computed from the clock, never stored."""

    kind: StandingKind
    step: Step = Field(description="The one thing to do next.")
    late_days: int = Field(description="Working days late.")
    days_left: int = Field(description="Working days still to come.")
    headline: str = Field(examples=["超期 3 个工作日"])
    next_step: str


class CaseSummaryOut(SchemaOut):
    reference: str = Field(examples=["XK-7QF2M4ZP"])
    number: str = Field(description="Masked, unless `numbers=full` was asked for.", examples=["138****8000"])
    card: int
    carrier: CarrierNameOut
    status: StatusValue
    reason: ReasonValue
    channel: ChannelValue
    handler: PersonOut | None
    batch: int | None
    carrier_reference: str = Field(description="受理单号")
    created_at: DateTime
    submitted_at: DateTime | None
    acknowledge_by: DateTime | None
    review_by: DateTime | None
    window_opens: DateTime | None
    reply_by: DateTime | None = Field(description="Set exactly while the carrier owes an answer.")
    promised_on: Day | None
    provisional: bool = Field(description="A schedule of holidays still to be published may move the deadlines.")
    acknowledged_at: DateTime | None
    last_reply_at: DateTime | None
    last_follow_up_at: DateTime | None
    reported_done_at: DateTime | None
    returned_at: DateTime | None
    return_reason: ReturnReasonValue
    confirmed_at: DateTime | None
    closed_at: DateTime | None
    snoozed_until: Day | None
    was_late: bool
    kept: bool
    erase_on: Day | None
    erased_at: DateTime | None
    standing: StandingOut


class ChecklistItemOut(SchemaOut):
    """One line of the checklist."""

    code: str
    label: str
    required: bool
    state: str = Field(description="Empty while it is open.")


class EscalationOut(SchemaOut):
    kind: EscalationKindValue
    lodged_at: DateTime
    answer_by: DateTime
    reference: str
    decided_at: DateTime | None
    answered_at: DateTime | None
    satisfied: bool | None


class ChargeOut(SchemaOut):
    id: int
    what: ChargeKindValue
    amount: Yuan
    day: Day
    words: str
    refunded_on: Day | None


class CaseOut(CaseSummaryOut):
    """One case, with what can be done with it now."""

    version: int = Field(description="What an ETag begins with; counts changes of state.")
    actions: list[Action] = Field(description="What this token's person can do with it now.")
    checklist: list[ChecklistItemOut]
    escalations: list[EscalationOut]
    charges: list[ChargeOut]


class CasePage(SchemaOut):
    items: list[CaseSummaryOut]
    next: str | None = Field(description="The cursor of the next page; the Link header has its whole address.")


class CardOut(SchemaOut):
    id: int
    number: str = Field(examples=["138****8000"])
    carrier: CarrierNameOut
    holder: str
    purpose: PurposeValue
    plan: str
    monthly_fee: Yuan | None
    contract_end: Day | None
    created_at: DateTime
    cases: int
    open_case: str | None


class CardPage(SchemaOut):
    items: list[CardOut]
    next: str | None


class DayOut(SchemaOut):
    """One day of a count."""

    date: Day
    counted: bool
    number: int | None = Field(description="Which working day of the count it is.")
    reason: str = Field(examples=["公共假期：国庆节"])


def serialize_carrier_name(carrier: Carrier) -> CarrierNameOut:
    return CarrierNameOut(slug=carrier.slug, name=str(carrier))


def serialize_person(user: User | None) -> PersonOut | None:
    return PersonOut(id=user.pk, name=str(user)) if user else None


def format_number(card: Card, *, full: bool) -> str:
    return card.number if full and not card.is_erased else phones.mask_number(card.number)


#: What a case tells of itself under its own names.
_PLAIN_FIELDS = [
    name
    for name in CaseSummaryOut.model_fields
    if name not in {"number", "card", "carrier", "handler", "batch", "standing"}
]


def _case_summary_fields(case: Case, now: datetime, calendar: WorkingCalendar, *, full: bool) -> dict[str, Any]:
    standing = standing_of(case, now, calendar)
    return {name: getattr(case, name) for name in _PLAIN_FIELDS} | {
        "number": format_number(case.card, full=full),
        "card": case.card_id,
        "carrier": serialize_carrier_name(case.carrier),
        "handler": serialize_person(case.handler),
        "batch": case.batch_id,
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
    """The cases of a page, in a number of queries that does not grow with them."""
    prefetch_related_objects(list(cases), "escalations")
    calendar = selectors.working_calendar()
    return [CaseSummaryOut.model_construct(**_case_summary_fields(case, now, calendar, full=full)) for case in cases]


def serialize_case(case: Case, now: datetime, *, role: str | None, full: bool = False) -> CaseOut:
    """A case with what somebody in this role in its team may do with it (None: nothing)."""
    escalations = list(case.escalations.all())
    return CaseOut.model_construct(
        **_case_summary_fields(case, now, selectors.working_calendar(), full=full),
        version=case.version,
        actions=ops.allowed_actions(case, escalations, role),
        checklist=[
            ChecklistItemOut(code=line.item.code, label=_(line.item.label), required=line.required, state=line.state)
            for line in ops.checklist_of(case)
        ],
        escalations=[_serialize_escalation(escalation) for escalation in escalations],
        charges=[serialize_charge(charge) for charge in case.charges.all()],
    )


def _serialize_escalation(escalation: Escalation) -> EscalationOut:
    return EscalationOut.model_construct(**{name: getattr(escalation, name) for name in EscalationOut.model_fields})


def serialize_charge(charge: Charge) -> ChargeOut:
    return ChargeOut.model_construct(
        id=charge.pk,
        what=charge.kind,
        amount=charge.amount,
        day=charge.day,
        words=charge.words,
        refunded_on=charge.refunded_on,
    )


def serialize_card(card: Card, *, full: bool) -> CardOut:
    """`card` with how many cases it has (`case_count`) and the open one (`open_reference`)."""
    return CardOut.model_construct(
        id=card.pk,
        number=format_number(card, full=full),
        carrier=serialize_carrier_name(card.carrier),
        holder=card.holder,
        purpose=card.purpose,
        plan=card.plan,
        monthly_fee=card.monthly_fee,
        contract_end=card.contract_end,
        created_at=card.created_at,
        cases=card.case_count,  # type: ignore[attr-defined]
        open_case=card.open_reference,  # type: ignore[attr-defined]
    )


def serialize_days(days: Iterable[ExplainedDay]) -> list[DayOut]:
    return [
        DayOut.model_construct(
            date=explained_day.day.date,
            counted=explained_day.is_counted,
            number=explained_day.number,
            reason=wording.day_reason(explained_day),
        )
        for explained_day in days
    ]
