"""What each verb is sent: a schema that knows its fields and makes the verb; the verb knows the rules."""

from datetime import datetime
from enum import Enum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StrictInt, create_model

from cases import operations as ops
from cases.api.lookups import get_handler
from cases.api.request import ApiRequest
from cases.api.schemas.fields import Amount, Bool, DateTime, Day, Id, ItemCode, SchemaIn, bounded_text
from cases.domain.business_days import local
from cases.domain.number_count import MOST_NUMBERS
from cases.models.choices import Finding, FollowUpWay, Method, ReturnReason
from cases.operations import ACTIONS, Action, ActionSpec, Verb
from cases.operations.actions import Input, InputKind

Words = Annotated[str, bounded_text(4000)]
ShortText = Annotated[str, bounded_text(60)]
NumberCount = Annotated[
    StrictInt | None, Field(ge=0, le=MOST_NUMBERS, description="Only with `method` `count`; null: not known.")
]


class ActionIn(SchemaIn):
    """The body of a request that performs an action on a case."""

    def verb(self, request: ApiRequest) -> Verb:
        raise NotImplementedError(type(self).__name__)


class HappenedAtIn(ActionIn):
    """Something that happened at a given time; by default, now."""

    happened_at: DateTime | None = None

    def at(self, request: ApiRequest) -> datetime:
        return self.happened_at or request.now


class SubmitIn(HappenedAtIn):
    """Marks the request as submitted. With `already` false: 409 while required checklist items are open."""

    reference: Annotated[str, bounded_text(60), Field(description="Carrier reference number (受理单号).")] = ""
    words: Words = ""
    already: Bool = True
    ready: Annotated[list[ItemCode], Field(max_length=20)] = []
    waived: Annotated[dict[ItemCode, Annotated[str, bounded_text(500, 1)]], Field(max_length=20)] = {}

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Submit(
            self.at(request), self.reference, self.words, self.already, tuple(self.ready), dict(self.waived)
        )


class ReplyIn(HappenedAtIn):
    """Records a carrier reply. `promised` needs `promised_on`, `returned` needs `reason`; `takes_effect` (预销户) needs
    `effective_on` if the carrier has no usual day.
    """

    kind: Literal["acknowledged", "under_review", "promised", "takes_effect", "returned", "reported_done"]
    promised_on: Day | None = None
    accept_far: Annotated[Bool, Field(description="Accepts a promise more than 15 working days ahead.")] = False
    effective_on: Annotated[Day | None, Field(description="The day on which the cancellation takes effect.")] = None
    roaming: Annotated[Bool, Field(description="Roaming was used: without a day named, it takes a month more.")] = False
    reason: Annotated[ReturnReason | None, Field(description="What the carrier wants.")] = None
    owed: Annotated[Amount | None, Field(description="Yuan that the carrier wants paid first; of `returned`.")] = None
    words: Words = ""
    agent: ShortText = ""
    reference: ShortText = ""
    way: Annotated[
        FollowUpWay | None,
        Field(description="How the user asked for it; null if the carrier replied without being asked."),
    ] = None

    def verb(self, request: ApiRequest) -> Verb:
        reply_fields = dict(self) | {
            "reason": self.reason.value if self.reason else "",
            "way": self.way.value if self.way else "",
            "at": self.at(request),
        }
        del reply_fields["kind"], reply_fields["happened_at"]
        return ops.make_reply(self.kind, **reply_fields)


class FollowUpIn(HappenedAtIn):
    """Records a call, visit or chat without a reply. It does not change any deadline."""

    way: FollowUpWay = FollowUpWay.CALL
    words: Words = ""
    agent: ShortText = ""
    reference: ShortText = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.FollowUp(self.at(request), self.way.value, self.words, self.agent, self.reference)


class VerifyIn(HappenedAtIn):
    """Records whether the number was found cancelled; `confirm` then closes the case as cancelled."""

    method: Annotated[
        Method,
        Field(
            description="The way, not the result: `hotline` a hotline enquiry, `account` the status of the carrier "
            "account, `call` a test call, `count` 一证通查: how many numbers the ID document has."
        ),
    ]
    finding: Finding
    words: Words = ""
    confirm: Bool = False
    count_before: NumberCount = None
    count_after: NumberCount = None

    def verb(self, request: ApiRequest) -> Verb:
        return ops.Verify(
            self.at(request),
            self.method.value,
            self.finding.value,
            self.words,
            self.confirm,
            self.count_before,
            self.count_after,
        )


class ChecklistIn(ActionIn):
    """Marks a checklist item as done, waived (reason in `words`), or, with an empty state, not done."""

    code: ItemCode
    state: Literal["done", "waived", ""] = "done"
    words: Annotated[str, bounded_text(500)] = ""

    def verb(self, request: ApiRequest) -> Verb:
        return ops.MarkItem(self.code, self.state, self.words)


class RefundIn(ActionIn):
    """Records the refund of a charge, or that it is written off: not claimed any more, for a reason (`words`)."""

    on: Day
    words: Words = ""
    written_off: Bool = False


class InputsIn(ActionIn):
    """The inputs of a registered action (`_inputs_schema`)."""

    spec: ClassVar[ActionSpec]

    def verb(self, request: ApiRequest) -> Verb:
        return self.spec.make_verb({item.name: self._value(item, request) for item in self.spec.inputs})

    def _value(self, item: Input, request: ApiRequest) -> Any:
        value = getattr(self, item.name)
        if item.kind is InputKind.MEMBER:
            return get_handler(request, value)
        if value is None and item.defaults_to_now:
            return request.now if item.kind is InputKind.MOMENT else local(request.now).date()
        return value.value if isinstance(value, Enum) else value


def _inputs_schema(spec: ActionSpec) -> type[InputsIn]:
    """The schema of an action that needs no other than its inputs."""
    fields: dict[str, Any] = {item.name: _field_of(item) for item in spec.inputs}
    schema = create_model(f"{spec.key.class_name}In", __base__=InputsIn, __doc__=spec.description, **fields)
    schema.spec = spec
    return schema


def _field_of(item: Input) -> tuple[Any, Any]:
    """The type of an input, and what stands for it where it is left out (`...`: it must be sent)."""
    match item.kind:
        case InputKind.MOMENT | InputKind.DAY:
            moment = DateTime if item.kind is InputKind.MOMENT else Day
            return (moment, ...) if item.required else (moment | None, None if item.defaults_to_now else ...)
        case InputKind.WORDS | InputKind.LINE:
            text = Annotated[str, bounded_text(item.max_length, int(item.required))]
            return text, ... if item.required else ""
        case InputKind.CHOICE:
            assert item.choices is not None
            return item.choices, ... if item.default is None else item.choices(item.default)
        case InputKind.YES_NO:
            return Annotated[Bool, Field(description=item.description or None)], ...
        case InputKind.FLAG:
            return Bool, False
        case InputKind.CONSENT:
            return Literal[True], ...
        case InputKind.MEMBER:
            return Id | None, ...
        case InputKind.AMOUNT:
            return (Amount if item.required else Amount | None), ...


_ChargeIn = _inputs_schema(ACTIONS[Action.CHARGE])


class BillIn(HappenedAtIn):
    """Records a check of the bill after the cancellation, with a charge if there was one."""

    charge: _ChargeIn | None = None  # type: ignore[valid-type]  # made of the action's inputs
    words: Words = ""

    def verb(self, request: ApiRequest) -> Verb:
        charge = self.charge.verb(request).charge if self.charge else None
        return ops.CheckBill(self.at(request), charge, self.words)


#: What needs more than the inputs of its entry in the registry, and what shares its schema.
_CUSTOM_SCHEMAS: dict[Action, type[ActionIn]] = {
    Action.SUBMIT: SubmitIn,
    Action.REPLY: ReplyIn,
    Action.FOLLOW_UP: FollowUpIn,
    Action.VERIFY: VerifyIn,
    Action.CHECKLIST: ChecklistIn,
    Action.CHARGE: _ChargeIn,
    Action.BILL: BillIn,
}
#: What every action is sent; receipts are files and have an endpoint of their own.
SCHEMAS: dict[Action, type[ActionIn]] = {
    action: _CUSTOM_SCHEMAS.get(action) or _inputs_schema(spec) for action, spec in ACTIONS.items() if spec.summary
}
