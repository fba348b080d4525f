"""A carrier's message as a page shows it: what was extracted, by which words, its case, and the one button."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cases import selectors, wording
from cases.domain.business_days import WorkingCalendar
from cases.domain.masking import mask_text
from cases.domain.message_decisions import WITHOUT_REPLY
from cases.domain.message_disposition import LATE_AFTER
from cases.domain.message_meaning import MEANING_LABELS, Meaning
from cases.inbox.matching import SuggestionReason
from cases.inbox.process import current_match
from cases.models import Carrier, CarrierMessage, Case, Team
from cases.models.choices import EntryKind, MessageState, ReturnReason
from cases.operations.messages import reply_error
from cases.operations.proposed_refunds import refund_in
from cases.web.forms.messages import MessageForm
from cases.wording.refunds import refund_named_in_text

TONES = {
    MessageState.NEW: "waiting",
    MessageState.PROPOSED: "due",
    MessageState.UNMATCHED: "due",
    MessageState.RECORDED: "done",
    MessageState.SET_ASIDE: "quiet",
    MessageState.PART: "quiet",
}


@dataclass(frozen=True)
class ReadingChoice:
    """One of the readings of an unclear message: a button that records it, or a link to its form where something is
    missing; `dismisses` where it says nothing of the case."""

    meaning: str
    label: str
    button: str = ""
    hidden_values: list[tuple[str, str]] = field(default_factory=list)
    dismisses: bool = False


@dataclass(frozen=True)
class ModelReadingDisplay:
    """What a language model made of an unclear message, in its own words."""

    meaning: str
    reason: str
    model: str


@dataclass(frozen=True)
class MessageDisplay:
    """A message for a template; `form` where it can be recorded, `suggestions` where it fits no case."""

    message: CarrierMessage
    text: str
    tone: str
    extracted: list[tuple[str, str]]
    deciding_words: list[str]
    outcome: str = ""
    form: MessageForm | None = None
    button: str = ""
    obstacle: str = ""
    suggestions: list[tuple[Case, str]] = field(default_factory=list)
    choices: list[ReadingChoice] = field(default_factory=list)
    model_reading: ModelReadingDisplay | None = None
    part_count: int = 1
    refund_text: str = ""

    @property
    def is_waiting(self) -> bool:
        return self.message.state in (MessageState.PROPOSED, MessageState.UNMATCHED)

    @property
    def carrier(self) -> Carrier | None:
        """Of the case that it is about; None without one."""
        return self.message.case.carrier if self.message.case else None

    @property
    def is_moment_unknown(self) -> bool:
        """Late, and yet received when it was stored: its moment could not be read."""
        message = self.message
        return message.late and message.stored_at - message.received_at <= LATE_AFTER

    @property
    def is_beside_case(self) -> bool:
        """It waits on a case, and yet was read as saying nothing of it."""
        is_beside = self.message.meaning in WITHOUT_REPLY and not self.refund_text
        return self.message.state == MessageState.PROPOSED and is_beside

    @property
    def candidate_labels(self) -> list[str]:
        """The two readings of an unclear message in words."""
        return _candidate_labels(self.message)


def display_message(
    message: CarrierMessage,
    calendar: WorkingCalendar,
    *,
    form: MessageForm | None = None,
    in_full: bool = False,
    part_count: int | None = None,
) -> MessageDisplay:
    """One message; numbers are masked unless `in_full`. `part_count`: of how many parts it was put together, looked up
    unless given. In `calendar` the working days are counted within which it promises a refund."""
    case = message.case if message.state == MessageState.PROPOSED else None
    if case and form is None:
        form = MessageForm(message=message, case=case)
    error = reply_error(message, case) if case else None
    mention = refund_in(message, calendar)
    refund_text = refund_named_in_text(mention) if mention else ""
    return MessageDisplay(
        message,
        message.text if in_full else mask_text(message.text),
        TONES[MessageState(message.state)],
        _extracted_fields(message, refund_text, in_full=in_full),
        message.reading.get("words", []),
        _outcome_text(message),
        form,
        _button_label(form, error is not None) if form else "",
        wording.error_message(error) if error else "",
        choices=_reading_choices(message, case) if case and not error else [],
        model_reading=_model_reading(message),
        part_count=selectors.part_counts([message]).get(message.pk, 1) if part_count is None else part_count,
        refund_text=refund_text,
    )


def display_messages(
    messages: Iterable[CarrierMessage], *teams: Team, calendar: WorkingCalendar, in_full: bool = False
) -> list[MessageDisplay]:
    """The messages of a list, with the cases suggested when they were read, in a fixed number of queries."""
    shown_messages = list(messages)
    counts = selectors.part_counts(shown_messages) if shown_messages else {}
    displays = [
        display_message(message, calendar, in_full=in_full, part_count=counts.get(message.pk, 1))
        for message in shown_messages
    ]
    references = {reference for display in displays for reference, _reason in _stored_suggestions(display.message)}
    cases = (
        {case.reference: case for case in selectors.cases_of(*teams).filter(reference__in=references)}
        if references
        else {}
    )
    for display in displays:
        display.suggestions.extend(
            (cases[reference], suggestion_reason(reason))
            for reference, reason in _stored_suggestions(display.message)
            if reference in cases
        )
    return displays


def _stored_suggestions(message: CarrierMessage) -> list[tuple[str, str]]:
    return message.reading.get("suggested", []) if message.state == MessageState.UNMATCHED else []


def suggested_cases(message: CarrierMessage) -> list[tuple[Case, str]]:
    """The cases that it may belong to as they stand now, each with the reason."""
    match = current_match(message)
    if match.case:
        return [(match.case, _("number, carrier and time match"))]
    return [(suggestion.case, suggestion_reason(suggestion.reason)) for suggestion in match.suggestions]


def suggestion_reason(reason: str) -> str:
    """Why a case is suggested and was not matched."""
    return {
        SuggestionReason.SEVERAL: _("one of several matches"),
        SuggestionReason.OTHER_CARRIER: _("number matches, but the sender is another carrier"),
        SuggestionReason.OLDER: _("number matches, but the SMS is older than the request"),
        SuggestionReason.NOT_SUBMITTED: _("number matches, but the request has not been submitted"),
        SuggestionReason.OTHER_NUMBER: _("number and carrier reference belong to different requests"),
        SuggestionReason.SAME_CARRIER: _("the SMS gives no number; this case is waiting for that carrier"),
        SuggestionReason.SAME_PHONE: _("the SMS came to the phone that holds this card"),
    }.get(SuggestionReason(reason), "")


def _extracted_fields(message: CarrierMessage, refund_text: str, *, in_full: bool) -> list[tuple[str, str]]:
    reading: dict[str, Any] = message.reading
    number, promised_on = reading.get("number") or "", reading.get("promised")
    parts = [
        (_("Number"), number if in_full else mask_text(number)),
        (_("Carrier reference number"), reading.get("reference")),
        (_("Promised date"), wording.format_day(date.fromisoformat(promised_on)) if promised_on else ""),
        (_("Amount (yuan)"), "" if refund_text else reading.get("amount")),
        (_("Refund"), refund_text),
    ]
    return [(label, value) for label, value in parts if value]


def _outcome_text(message: CarrierMessage) -> str:
    """What was done with a handled message."""
    if not message.handled_at:
        return ""
    person = str(message.handled_by or _("Xiaoka (automatic)"))
    values = {"who": person, "when": wording.moment_in_text(message.handled_at)}
    if message.state == MessageState.RECORDED:
        return _("Recorded by %(who)s, %(when)s") % values
    return _("Dismissed by %(who)s, %(when)s") % values


def _candidates(message: CarrierMessage) -> list[str]:
    """What an unclear message may say: the two readings, and a language model's."""
    if message.meaning != Meaning.AMBIGUOUS:
        return []
    readings = list(message.reading.get("candidates", []))
    third_reading = message.reading.get("language_model")
    if third_reading:
        readings.append(third_reading["meaning"])
    return [meaning for meaning in dict.fromkeys(readings) if meaning != Meaning.AMBIGUOUS]


def _candidate_labels(message: CarrierMessage) -> list[str]:
    readings = message.reading.get("candidates", []) if message.meaning == Meaning.AMBIGUOUS else []
    return [_(MEANING_LABELS[meaning]) for meaning in dict.fromkeys(readings)]


def _reading_choices(message: CarrierMessage, case: Case) -> list[ReadingChoice]:
    """A choice for each reading of an unclear message that waits on a case; what says nothing of it is one choice."""
    choices: list[ReadingChoice] = []
    for meaning in sorted(_candidates(message), key=lambda meaning: meaning in WITHOUT_REPLY):
        label = _(MEANING_LABELS[meaning])
        if meaning in WITHOUT_REPLY:
            if not any(choice.dismisses for choice in choices):
                choices.append(ReadingChoice(meaning, label, _("Nothing about this case: dismiss"), dismisses=True))
            continue
        form = MessageForm(message=message, case=case, read_as=meaning)
        button = _button_label(form, evidence_only=False)
        if button and form["kind"].value() == EntryKind.RETURNED:
            reason = dict(ReturnReason.choices)[form["reason"].value()]
            button = _("%(button)s (%(reason)s)") % {"button": button, "reason": reason}
        choices.append(ReadingChoice(meaning, label, button, form.hidden_values() if button else []))
    return choices


def _model_reading(message: CarrierMessage) -> ModelReadingDisplay | None:
    third_reading = message.reading.get("language_model")
    if not third_reading:
        return None
    meaning = _(MEANING_LABELS[third_reading["meaning"]])
    return ModelReadingDisplay(meaning, mask_text(third_reading["reason"]), third_reading["model"])


def _button_label(form: MessageForm, evidence_only: bool) -> str:
    """What the one button records; empty where somebody must look first."""
    kind, promised_on = form["kind"].value(), form["promised_on"].value()
    if evidence_only:
        return _("Save as a receipt") if kind == EntryKind.MESSAGE else ""
    if kind == EntryKind.PROMISED and isinstance(promised_on, date):
        return _("Record: carrier promises %(day)s") % {"day": wording.day_in_text(promised_on)}
    if kind == EntryKind.TAKES_EFFECT:
        effective_on = form["effective_on"].value()
        if isinstance(effective_on, date):
            return _("Record: takes effect on %(day)s") % {"day": wording.day_in_text(effective_on)}
        return _("Record: takes effect later") if form.case.carrier.effect_day else ""
    return {
        EntryKind.ACKNOWLEDGED: _("Record: carrier acknowledged"),
        EntryKind.UNDER_REVIEW: _("Record: carrier says under review"),
        EntryKind.RETURNED: _("Record: returned by carrier"),
        EntryKind.REPORTED_DONE: _("Record: carrier says done"),
        EntryKind.MESSAGE: _("Save as a receipt"),
    }.get(kind, "")
