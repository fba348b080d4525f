"""Cases and cards as the API tells of them: schemas, and how they are filled."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from pydantic import Field

from cases import operations as ops
from cases import selectors, wording
from cases.api.schemas.fields import Day, Moment, Told, Yuan, one_of
from cases.domain import phones
from cases.domain.business_days import WorkingCalendar
from cases.domain.case_standing import StandingKind, Step
from cases.domain.deadlines import ExplainedDay
from cases.domain.status import Status
from cases.models import Card, Carrier, Case, Charge, Escalation, User
from cases.models.choices import ChargeKind, EscalationKind, Purpose, Reason, RequestChannel, ReturnReason
from cases.operations import Action
from cases.operations.next_reminder import stand

StatusWord = Annotated[str, one_of(Status)]
ReasonWord = Annotated[str, one_of(Reason.values)]
ChannelWord = Annotated[str, one_of(RequestChannel.values)]
ReturnWord = Annotated[str, one_of(ReturnReason.values, or_empty=True)]
EscalationWord = Annotated[str, one_of(EscalationKind.values)]
ChargeWord = Annotated[str, one_of(ChargeKind.values)]
PurposeWord = Annotated[str, one_of(Purpose.values, or_empty=True)]


class CarrierName(Told):
    slug: str = Field(examples=["china-mobile"])
    name: str = Field(description="In the language of the answer.", examples=["中国移动"])


class Person(Told):
    id: int
    name: str


class Standing(Told):
    """Where a case stands now; computed from the clock, never stored."""

    kind: StandingKind
    step: Step = Field(description="The one thing to do next.")
    late_days: int = Field(description="Working days late.")
    days_left: int = Field(description="Working days still to come.")
    headline: str = Field(examples=["超期 3 个工作日"])
    next_step: str


class CaseRow(Told):
    reference: str = Field(examples=["XK-7QF2M4ZP"])
    number: str = Field(description="Masked, unless `numbers=full` was asked for.", examples=["138****8000"])
    card: int
    carrier: CarrierName
    status: StatusWord
    reason: ReasonWord
    channel: ChannelWord
    handler: Person | None
    batch: int | None
    carrier_reference: str = Field(description="受理单号")
    created_at: Moment
    submitted_at: Moment | None
    acknowledge_by: Moment | None
    review_by: Moment | None
    window_opens: Moment | None
    reply_by: Moment | None = Field(description="Set exactly while the carrier owes an answer.")
    promised_on: Day | None
    provisional: bool = Field(description="A schedule of holidays still to be published may move the deadlines.")
    acknowledged_at: Moment | None
    last_reply_at: Moment | None
    last_follow_up_at: Moment | None
    reported_done_at: Moment | None
    returned_at: Moment | None
    return_reason: ReturnWord
    confirmed_at: Moment | None
    closed_at: Moment | None
    snoozed_until: Day | None
    was_late: bool
    kept: bool
    erase_on: Day | None
    erased_at: Moment | None
    standing: Standing


class Item(Told):
    """One line of the checklist."""

    code: str
    label: str
    required: bool
    state: str = Field(description="Empty while it is open.")


class EscalationTold(Told):
    kind: EscalationWord
    lodged_at: Moment
    answer_by: Moment
    reference: str
    decided_at: Moment | None
    answered_at: Moment | None
    satisfied: bool | None


class ChargeTold(Told):
    id: int
    what: ChargeWord
    amount: Yuan
    day: Day
    words: str
    refunded_on: Day | None


class CaseTold(CaseRow):
    """One case, with what can be done with it now."""

    version: int = Field(description="What an ETag begins with; counts changes of state.")
    actions: list[Action] = Field(description="What this token's person can do with it now.")
    checklist: list[Item]
    escalations: list[EscalationTold]
    charges: list[ChargeTold]


class CasePage(Told):
    items: list[CaseRow]
    next: str | None = Field(description="The cursor of the next page; the Link header has its whole address.")


class CardTold(Told):
    id: int
    number: str = Field(examples=["138****8000"])
    carrier: CarrierName
    holder: str
    purpose: PurposeWord
    plan: str
    monthly_fee: Yuan | None
    contract_end: Day | None
    created_at: Moment
    cases: int
    open_case: str | None


class CardPage(Told):
    items: list[CardTold]
    next: str | None


class DayTold(Told):
    """One day of a count."""

    date: Day
    counted: bool
    number: int | None = Field(description="Which working day of the count it is.")
    reason: str = Field(examples=["公共假期：国庆节"])


def carrier_name(carrier: Carrier) -> CarrierName:
    return CarrierName(slug=carrier.slug, name=str(carrier))


def person(user: User | None) -> Person | None:
    return Person(id=user.pk, name=str(user)) if user else None


def number_of(card: Card, *, full: bool) -> str:
    return card.number if full and not card.is_erased else phones.mask_number(card.number)


#: What a case tells of itself under its own names.
_PLAIN = [
    name for name in CaseRow.model_fields if name not in {"number", "card", "carrier", "handler", "batch", "standing"}
]


def _row(case: Case, now: datetime, calendar: WorkingCalendar, *, full: bool) -> dict[str, Any]:
    its = stand(case, now, calendar)
    return {name: getattr(case, name) for name in _PLAIN} | {
        "number": number_of(case.card, full=full),
        "card": case.card_id,
        "carrier": carrier_name(case.carrier),
        "handler": person(case.handler),
        "batch": case.batch_id,
        "standing": Standing(
            kind=its.kind,
            step=its.step,
            late_days=its.late_days,
            days_left=its.days_left,
            headline=wording.headline(its),
            next_step=wording.next_step(its, case),
        ),
    }


def case_rows(cases: Sequence[Case], now: datetime, *, full: bool) -> list[CaseRow]:
    """The cases of a page, in a number of queries that does not grow with them."""
    prefetch_related_objects(list(cases), "escalations")
    calendar = selectors.working_calendar()
    return [CaseRow.model_construct(**_row(case, now, calendar, full=full)) for case in cases]


def case_told(case: Case, now: datetime, *, may_work: bool, may_manage: bool, full: bool = False) -> CaseTold:
    escalations = list(case.escalations.all())
    actions = ops.possible(case, escalations) if may_work else []
    return CaseTold.model_construct(
        **_row(case, now, selectors.working_calendar(), full=full),
        version=case.version,
        actions=[action for action in actions if may_manage or action not in ops.FOR_MANAGERS],
        checklist=[
            Item(code=line.item.code, label=_(line.item.label), required=line.required, state=line.state)
            for line in ops.checklist_of(case)
        ],
        escalations=[_escalation(one) for one in escalations],
        charges=[charge_told(charge) for charge in case.charges.all()],
    )


def _escalation(one: Escalation) -> EscalationTold:
    return EscalationTold.model_construct(**{name: getattr(one, name) for name in EscalationTold.model_fields})


def charge_told(charge: Charge) -> ChargeTold:
    return ChargeTold.model_construct(
        id=charge.pk,
        what=charge.kind,
        amount=charge.amount,
        day=charge.day,
        words=charge.words,
        refunded_on=charge.refunded_on,
    )


def card_told(card: Card, *, full: bool) -> CardTold:
    """`card` with how many cases it has (`case_count`) and the open one (`open_reference`)."""
    return CardTold.model_construct(
        id=card.pk,
        number=number_of(card, full=full),
        carrier=carrier_name(card.carrier),
        holder=card.holder,
        purpose=card.purpose,
        plan=card.plan,
        monthly_fee=card.monthly_fee,
        contract_end=card.contract_end,
        created_at=card.created_at,
        cases=card.case_count,  # type: ignore[attr-defined]
        open_case=card.open_reference,  # type: ignore[attr-defined]
    )


def days_told(days: Iterable[ExplainedDay]) -> list[DayTold]:
    return [
        DayTold.model_construct(
            date=each.day.date, counted=each.is_counted, number=each.number, reason=wording.day_reason(each)
        )
        for each in days
    ]
