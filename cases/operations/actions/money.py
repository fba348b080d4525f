"""The actions about money: charges, the bill after the cancellation, and the refund of the balance."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.domain.case_standing import Step
from cases.domain.status import STATUSES_WITH_CARRIER, Status
from cases.models.choices import AnswerWay, ChargeKind, RefundWay
from cases.operations.actions import conditions
from cases.operations.actions.inputs import moment_input, words_input
from cases.operations.actions.spec import Action, ActionSpec, Input, InputKind
from cases.operations.charges import CheckBill, NewCharge, RecordCharge
from cases.operations.refunds import ExpectRefund, PromiseRefund, ReceiveRefund, WriteOffRefund


def _charge(amount: Decimal, day: date, what: str, words: str) -> RecordCharge:
    return RecordCharge(NewCharge(amount, day, what, words))


def _promise(promised_on: date, at: datetime, way: str, agent: str, words: str) -> PromiseRefund:
    return PromiseRefund(at, promised_on, "" if way == AnswerWay.UNASKED else way, agent, words)


MONEY_SPECS = (
    ActionSpec(
        Action.CHARGE,
        RecordCharge,
        _("Add a charge"),
        statuses=tuple(status for status in Status if status is not Status.WITHDRAWN),
        inputs=(
            Input("what", InputKind.CHOICE, _("Type of charge"), choices=ChargeKind, default=ChargeKind.FEE),
            Input("amount", InputKind.AMOUNT, _("Amount (yuan)"), required=True),
            Input("day", InputKind.DAY, _("Date of the charge"), defaults_to_now=True),
            Input("words", InputKind.LINE, _("Notes"), max_length=500),
        ),
        make=_charge,
        summary="Add a charge",
        description="The carrier asked for money or took it. `day` is by default today.",
        example={"amount": "19.80", "what": "fee", "day": "2026-10-01"},
    ),
    ActionSpec(
        Action.BILL,
        CheckBill,
        pgettext_lazy("action", "Check the bill"),
        statuses=(Status.CONFIRMED,),
        first_at={Step.CHECK_BILL: 1},
        summary="Check the bill",
        example={"words": "账单无扣费"},
    ),
    ActionSpec(
        Action.EXPECT_REFUND,
        ExpectRefund,
        _("Add an expected refund"),
        statuses=(*STATUSES_WITH_CARRIER, Status.CONFIRMED),
        when=conditions.can_expect_refund,
        inputs=(
            Input("amount", InputKind.AMOUNT, _("Amount (yuan)"), _("Leave blank if you do not know it.")),
            Input(
                "way",
                InputKind.CHOICE,
                _("Refund method"),
                choices=RefundWay,
                default=RefundWay.UNKNOWN,
                initial=RefundWay.UNKNOWN,
            ),
            Input(
                "account_ending",
                InputKind.LINE,
                _("Last 4 digits of the account or number"),
                _("Xiaoka does not store account numbers."),
                max_length=60,
            ),
            Input(
                "due_on",
                InputKind.DAY,
                _("Date the carrier named for the refund"),
                _("Leave blank if it named none: the date follows from its terms, or is 15 working days away."),
            ),
            Input(
                "roaming",
                InputKind.FLAG,
                _("Roaming was used in the month of the request"),
                _("Only if no date was named."),
                description="Roaming was used: by the carrier’s terms the refund comes a month later.",
            ),
            Input("words", InputKind.LINE, _("Notes"), max_length=500),
        ),
        first_at={Step.VERIFY: 3, Step.CHECK_BILL: 2},
        summary="Add an expected refund",
        description="The carrier owes the balance back. `due_on` null: by its terms, or else 15 working days after the "
        "cancellation. Only the last 4 digits or letters of an account are taken.",
        example={"amount": "36.50", "way": "bank_card", "account_ending": "6217", "due_on": None},
    ),
    ActionSpec(
        Action.PROMISE_REFUND,
        PromiseRefund,
        _("Record a new refund date"),
        statuses=tuple(Status),
        when=conditions.has_open_refund,
        inputs=(
            Input("promised_on", InputKind.DAY, _("Date the carrier named for the refund"), required=True),
            Input(
                "way",
                InputKind.CHOICE,
                _("Method"),
                choices=AnswerWay,
                default=AnswerWay.CALL,
                initial=AnswerWay.CALL,
                radio=True,
            ),
            Input(
                "agent", InputKind.LINE, _("Carrier representative"), _("Name or staff number (工号)."), max_length=60
            ),
            moment_input(),
            words_input(),
        ),
        make=_promise,
        first_at={Step.ASK_REFUND: 2},
        summary="Record a new refund date",
        description="The carrier named a new day for the refund; reminders start again after it.",
        example={"promised_on": "2026-11-20", "way": "call", "agent": "工号 1024", "words": "20日前到账"},
    ),
    ActionSpec(
        Action.RECEIVE_REFUND,
        ReceiveRefund,
        _("Record a refund received"),
        statuses=tuple(Status),
        when=conditions.has_open_refund,
        inputs=(
            Input(
                "amount",
                InputKind.AMOUNT,
                _("Amount received (yuan)"),
                _("Leave blank if all that is outstanding came."),
            ),
            Input("day", InputKind.DAY, _("Received on"), defaults_to_now=True, argument="on"),
            Input(
                "is_all",
                InputKind.FLAG,
                _("Nothing more is owed"),
                _("If the amount owed was not known before."),
                description="Of a refund of which the amount was not known: this is all of it.",
            ),
            words_input(),
        ),
        first_at={Step.ASK_REFUND: 1},
        summary="Record a refund received",
        description="Money came back: a part, or all of it. `amount` null: what is outstanding.",
        example={"amount": "36.50", "day": "2026-11-12"},
    ),
    ActionSpec(
        Action.WRITE_OFF_REFUND,
        WriteOffRefund,
        _("Write off the refund"),
        statuses=tuple(Status),
        when=conditions.has_open_refund,
        inputs=(words_input(_("Reason for writing it off"), required=True),),
        summary="Write off the refund",
        description="What is outstanding is not expected any more; a reason is required.",
        example={"words": "余额不足一元"},
    ),
)
