"""What the registry of actions is made of: an action, what it asks, and where it is offered."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, TypeAlias

from cases.domain.case_standing import Step
from cases.domain.json_values import JsonObject
from cases.domain.roles import Right
from cases.domain.status import Status
from cases.models import Case, Escalation, User
from cases.operations.engine.verb import Verb

if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import StrOrPromise, StrPromise

#: What a verb gets for an input; a moment is a datetime, which is a date, too.
InputValue: TypeAlias = date | str | bool | Decimal | User | None


class Action(StrEnum):
    """The actions on a case, as named in URLs, in the order in which pages offer them."""

    SUBMIT = "submit"
    REPLY = "reply"
    FOLLOW_UP = "follow-up"
    VERIFY = "verify"
    CONFIRM = "confirm"
    COMPLAIN = "complain"
    COMPLAINT_ANSWER = "complaint-answer"
    APPEAL = "appeal"
    APPEAL_DECISION = "appeal-decision"
    APPEAL_ANSWER = "appeal-answer"
    SNOOZE = "snooze"
    HAND_OVER = "hand-over"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    CHECKLIST = "checklist"
    RECEIPTS = "receipts"
    CHARGE = "charge"
    BILL = "bill"
    EXPECT_REFUND = "expect-refund"
    PROMISE_REFUND = "promise-refund"
    RECEIVE_REFUND = "receive-refund"
    WRITE_OFF_REFUND = "write-off-refund"
    KEEP = "keep"
    ERASE = "erase"

    @property
    def class_name(self) -> str:
        """As the classes made for it are called: `ComplaintAnswer`."""
        return self.name.title().replace("_", "")


class InputKind(StrEnum):
    """What a page and the API make of an input, and what the verb gets."""

    MOMENT = "moment"  # an aware datetime; a page shows it in Shanghai time
    DAY = "day"  # a date in Shanghai
    WORDS = "words"  # text of several lines
    LINE = "line"  # text of one line
    CHOICE = "choice"  # a value of `choices`
    YES_NO = "yes_no"  # a bool that has to be chosen
    FLAG = "flag"  # a bool, False unless ticked
    CONSENT = "consent"  # without this tick nothing is done; the verb does not get it
    MEMBER = "member"  # a User who can look after a case, or None
    AMOUNT = "amount"  # yuan, a Decimal


@dataclass(frozen=True)
class Input:
    """One thing that an action asks: a field of its form and of its schema in the API.

    Optional unless `required`; one that `defaults_to_now` may be left out of the API, and a page shows the present. A
    DAY, MEMBER or AMOUNT that is optional may be null. `initial_from` names the attribute of the case that a page shows
    at first, `argument` that of the verb where it has another name. `description` is for the API's document.
    """

    name: str
    kind: InputKind
    label: "StrOrPromise"
    help_text: "StrOrPromise" = ""
    required: bool = False
    max_length: int = 4000
    choices: type[Enum] | None = None
    labels: Mapping[str, "StrOrPromise"] = field(default_factory=dict)
    radio: bool = False
    default: str | None = None
    initial: str | None = None
    initial_from: str = ""
    defaults_to_now: bool = False
    argument: str = ""
    description: str = ""


@dataclass(frozen=True)
class Bulk:
    """An action that is offered for many cases at once, at this `place`; the rest is for the API's document."""

    place: int
    summary: str
    example: JsonObject | None = None


@dataclass(frozen=True)
class AdminOffer:
    """An action that operators may do for any team; `name` stands in the admin's addresses."""

    place: int
    name: str
    title: "StrPromise"


def _always(case: Case, escalations: Sequence[Escalation]) -> bool:
    return True


@dataclass(frozen=True)
class ActionSpec:
    """An action: what it is called, who may do it, when, what it asks, and where it is offered.

    `statuses` and `when` say for which cases it makes sense; the verb itself refuses the rest. `inputs` are the fields
    of its form and its schema; where they are empty, the page and the API each have a form of their own for it. `make`
    builds the verb of the inputs where the verb's class does not take them as they are. `first_at`: the next steps at
    which it stands as a button beside them, and its place among these. `summary`, `description` and `example` are for
    the API's document; without a summary it has no endpoint by this table.
    """

    key: Action
    verb: type[Verb]
    title: "StrOrPromise"
    statuses: Collection[Status]
    when: Callable[[Case, Sequence[Escalation]], bool] = _always
    inputs: tuple[Input, ...] = ()
    make: Callable[..., Verb] | None = None
    first_at: Mapping[Step, int] = field(default_factory=dict)
    has_page: bool = True
    bulk: Bulk | None = None
    admin: AdminOffer | None = None
    summary: str = ""
    description: str = ""
    example: JsonObject = field(default_factory=dict)

    @property
    def right(self) -> Right:
        """What a person's role in the case's team must allow."""
        assert self.verb.right is not None
        return self.verb.right

    @property
    def needs_members(self) -> bool:
        """Whether it asks for somebody of the team."""
        return any(item.kind is InputKind.MEMBER for item in self.inputs)

    def is_possible(self, case: Case, escalations: Sequence[Escalation]) -> bool:
        """Whether it makes sense for the case as it stands, whoever asks."""
        return not case.erased_at and case.state in self.statuses and self.when(case, escalations)

    def make_verb(self, values: Mapping[str, InputValue]) -> Verb:
        """The verb that the values of the inputs, by their names, mean."""
        arguments = {
            item.argument or item.name: values[item.name] for item in self.inputs if item.kind is not InputKind.CONSENT
        }
        return (self.make or self.verb)(**arguments)
