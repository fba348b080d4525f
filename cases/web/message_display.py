"""A carrier's message as a page shows it: what was read, by which words, where it fits, and the one button."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import selectors, wording
from cases.domain.masking import mask_text
from cases.inbox.matching import Why
from cases.inbox.process import suggestions
from cases.models import CarrierMessage, Case, Team
from cases.models.choices import EntryKind, MessageState
from cases.operations.messages import reply_error
from cases.web.forms.messages import MessageForm

TONES = {
    MessageState.NEW: "waiting",
    MessageState.PROPOSED: "due",
    MessageState.UNMATCHED: "due",
    MessageState.RECORDED: "done",
    MessageState.SET_ASIDE: "quiet",
}


@dataclass(frozen=True)
class Shown:
    """A message with all that is said of it; `form` where it can be recorded, `suggested` where it fits no case."""

    message: CarrierMessage
    text: str
    tone: str
    read: list[tuple[str, str]]
    deciding: list[str]
    became: str = ""
    form: MessageForm | None = None
    button: str = ""
    obstacle: str = ""
    suggested: list[tuple[Case, str]] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        return self.message.state in (MessageState.PROPOSED, MessageState.UNMATCHED)


def show(message: CarrierMessage, *, form: MessageForm | None = None, in_full: bool = False) -> Shown:
    """One message; numbers are masked unless somebody asked to see them (`in_full`)."""
    case = message.case if message.state == MessageState.PROPOSED else None
    if case and form is None:
        form = MessageForm(message=message, case=case)
    error = reply_error(message, case) if case else None
    return Shown(
        message,
        message.text if in_full else mask_text(message.text),
        TONES[MessageState(message.state)],
        _read(message, in_full=in_full),
        message.reading.get("words", []),
        _became(message),
        form,
        _button(form, error is not None) if form else "",
        wording.say(error) if error else "",
    )


def show_all(messages: Iterable[CarrierMessage], *teams: Team) -> list[Shown]:
    """The messages of a list, with the cases that were suggested when they were read; a fixed number of queries."""
    listed = [show(message) for message in messages]
    wanted = {ref for its in listed for ref, _why in _stored(its.message)}
    cases = {case.reference: case for case in selectors.cases_of(*teams).filter(reference__in=wanted)} if wanted else {}
    for its in listed:
        its.suggested.extend((cases[ref], say_why(why)) for ref, why in _stored(its.message) if ref in cases)
    return listed


def _stored(message: CarrierMessage) -> list[tuple[str, str]]:
    return message.reading.get("suggested", []) if message.state == MessageState.UNMATCHED else []


def suggest(message: CarrierMessage) -> list[tuple[Case, str]]:
    """Where it may belong as the cases stand now, each with why."""
    found = suggestions(message)
    if found.case:
        return [(found.case, _("number, carrier and time fit"))]
    return [(its.case, say_why(its.why)) for its in found.suggestions]


def say_why(why: str) -> str:
    """Why a case is suggested and was not taken."""
    return {
        Why.SEVERAL: _("one of several that fit"),
        Why.OTHER_CARRIER: _("its number, but another carrier sent it"),
        Why.OLDER: _("its number, but the message is older than the request"),
        Why.NOT_SUBMITTED: _("its number, but the request is not submitted yet"),
        Why.OTHER_NUMBER: _("number and reference speak of different requests"),
        Why.SAME_CARRIER: _("the message names no number; this case waits for that carrier"),
    }.get(Why(why), "")


def _read(message: CarrierMessage, *, in_full: bool) -> list[tuple[str, str]]:
    found: dict[str, Any] = message.reading
    number, promised = found.get("number") or "", found.get("promised")
    parts = [
        (_("Number"), number if in_full else mask_text(number)),
        (pgettext("given by the carrier", "Reference"), found.get("reference")),
        (_("Promised day"), wording.day(date.fromisoformat(promised)) if promised else ""),
        (_("Amount (yuan)"), found.get("amount")),
    ]
    return [(label, value) for label, value in parts if value]


def _became(message: CarrierMessage) -> str:
    """What became of a message that was dealt with."""
    if not message.handled_at:
        return ""
    who = str(message.handled_by or _("the product itself"))
    values = {"who": who, "when": wording.moment(message.handled_at)}
    if message.state == MessageState.RECORDED:
        return _("Put on the timeline by %(who)s, %(when)s") % values
    return _("Set aside by %(who)s, %(when)s") % values


def _button(form: MessageForm, kept_only: bool) -> str:
    """What the one button records; empty where somebody must look first."""
    kind, promised = form["kind"].value(), form["promised_on"].value()
    if kept_only:
        return _("Keep on the record") if kind == EntryKind.MESSAGE else ""
    if kind == EntryKind.PROMISED and isinstance(promised, date):
        return _("Record: the carrier promises %(day)s") % {"day": wording.day(promised)}
    return {
        EntryKind.ACKNOWLEDGED: _("Record: the carrier registered the request"),
        EntryKind.UNDER_REVIEW: _("Record: the carrier says it is under review"),
        EntryKind.RETURNED: _("Record: the carrier wants something first"),
        EntryKind.REPORTED_DONE: _("Record: the carrier says it is done"),
        EntryKind.MESSAGE: _("Keep on the record"),
    }.get(kind, "")
