"""How an entry of the timeline reads: its content as labelled lines, in the active language."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import wording
from cases.domain import checklist, masking, phones
from cases.domain.business_days import local
from cases.domain.escalation import AppealSubject
from cases.domain.json_values import Json, JsonObject
from cases.domain.refunds import DUE_BASIS_LABELS
from cases.domain.status import Status
from cases.models import Carrier, TimelineContent, TimelineEntry
from cases.models.choices import (
    ChargeKind,
    EntryKind,
    EscalationKind,
    Finding,
    FollowUpWay,
    ItemState,
    Method,
    Reason,
    RefundWay,
    RequestChannel,
    ReturnReason,
)
from cases.models.timeline import EntryContent
from cases.wording.corrections import CorrectionNote, change_text, correction_note, correction_title


@dataclass(frozen=True)
class EntryDescription:
    """An entry as a page shows it: `at` and `when` it happened, `recorded` when, where that was later.

    `by` as it was recorded; `name_today` where the person is called something else by now; `signed` has both.
    """

    entry: TimelineEntry
    title: str
    by: str
    name_today: str
    at: datetime
    when: str
    recorded: str
    change: str
    words: str
    lines: list[tuple[str, str]]
    erased: bool
    #: Of an entry that was voided; it stays readable. And of one that was amended, each time.
    voided: CorrectionNote | None = None
    amendments: list[CorrectionNote] = field(default_factory=list)

    @property
    def signed(self) -> str:
        """'Wang Wei (now Wei Wang)'."""
        if not self.name_today:
            return self.by
        return wording.with_note(self.by, _("now %(name)s") % {"name": self.name_today})


def describe_entries(
    entries: Iterable[TimelineEntry],
    corrections: Iterable[TimelineEntry] | None = None,
    *,
    mask_names: bool = False,
) -> list[EntryDescription]:
    """Entries of one case (with their contents) in words, those that were corrected with a note of that.

    `corrections`: the entries that correct others, in their order, where `entries` are not all of the case.
    """
    entries = list(entries)
    notes: dict[int, list[tuple[str, CorrectionNote]]] = {}
    for entry in sorted(entries if corrections is None else corrections, key=lambda entry: entry.sequence):
        content = getattr(entry, "content", None)
        if entry.kind in (EntryKind.VOIDED, EntryKind.AMENDED) and content:
            note = correction_note(entry, _changes(content.body))
            notes.setdefault(content.body["corrects"], []).append((entry.kind, note))
    return [
        _with_notes(describe_entry(entry, mask_names=mask_names), notes.get(entry.sequence, [])) for entry in entries
    ]


def _with_notes(description: EntryDescription, notes: list[tuple[str, CorrectionNote]]) -> EntryDescription:
    if not notes:
        return description
    voided = next((note for kind, note in notes if kind == EntryKind.VOIDED), None)
    return replace(description, voided=voided, amendments=[note for kind, note in notes if kind == EntryKind.AMENDED])


def describe_entry(entry: TimelineEntry, *, mask_names: bool = False) -> EntryDescription:
    """The entry, with its content and its person selected, in words; one whose content was erased keeps what the chain
    holds. `mask_names`: those of cards' holders."""
    stored = getattr(entry, "content", None)
    body: EntryContent = stored.body if stored else {}
    happened_at = datetime.fromisoformat(body["at"]) if body.get("at") else None
    recorded_later = happened_at is not None and abs((entry.recorded_at - happened_at).total_seconds()) >= 60
    changed = entry.status_from and entry.status_from != entry.status_to
    at = happened_at or entry.recorded_at
    return EntryDescription(
        entry=entry,
        title=_title(entry, stored),
        by=body.get("by") or (_("Xiaoka (automatic)") if entry.recorded_by_id is None else ""),
        name_today=_name_today(entry, body.get("by", "")),
        at=at,
        when=wording.format_moment(at),
        recorded=wording.moment_in_text(entry.recorded_at) if recorded_later else "",
        change=f"{wording.status_label(entry.status_from)} → {wording.status_label(entry.status_to)}"
        if changed
        else "",
        words=_entry_words(entry, str(body.get("words") or "")),
        lines=[*_changes(stored.body), *_lines(entry, stored.body, mask_names=mask_names)] if stored else [],
        erased=stored is None,
    )


def _entry_words(entry: TimelineEntry, words: str) -> str:
    """What was written with an entry, and what an entry of the product itself means."""
    if entry.kind == EntryKind.TAKEN_OVER and words:
        return wording.join_sentences([_("Status in the table: “%(words)s”.") % {"words": words}, _meaning(entry)])
    return words or _meaning(entry)


def _meaning(entry: TimelineEntry) -> str:
    if entry.kind == EntryKind.TAKEN_OVER:
        return _(
            "An imported table said how this request stands. What it does not say is not known here; without a "
            "submission time, the time limits count from this entry."
        )
    if entry.kind != EntryKind.STATE:
        return ""
    return _(
        "An upgrade recorded how this case stood. The entries before this one are part of the record; they cannot be "
        "voided or corrected, and the integrity check does not compare what follows from them."
    )


def _title(entry: TimelineEntry, content: TimelineContent | None) -> str:
    if entry.kind in (EntryKind.VOIDED, EntryKind.AMENDED) and content:
        return correction_title(entry.kind, content.body)
    return entry.get_kind_display()


def _changes(body: JsonObject) -> list[tuple[str, str]]:
    """What an amendment changes, part by part: before and after."""
    changes, was = body.get("changes"), body.get("was")
    if not isinstance(changes, dict):
        return []
    fields: dict[str, tuple[str, Callable[[Any], str]]] = {
        "at": (_("Time"), _format_moment),
        "words": (_("Notes"), str),
        **_content_fields(),
    }
    before = was if isinstance(was, dict) else {}
    return [
        (label, change_text(*(format_value(value) if value else "" for value in (before.get(part), after))))
        for part, after in changes.items()
        for label, format_value in [fields[part]]
    ]


def _name_today(entry: TimelineEntry, recorded_name: str) -> str:
    """What the person is called now, where that differs; '' for an account whose name was erased."""
    person = entry.recorded_by
    if not recorded_name or person is None or not person.name or str(person) == recorded_name:
        return ""
    return str(person)


def _lines(entry: TimelineEntry, body: JsonObject, *, mask_names: bool) -> list[tuple[str, str]]:
    if entry.kind == EntryKind.CARD_CHANGED:
        return list(_card_changes(body, mask_names=mask_names))
    if entry.kind == EntryKind.NUMBER_CORRECTED:
        before, after = (phones.format_number(str(body[name])) for name in ("before", "after"))
        return [(_("Number"), f"{before} → {after}")]
    lines, fields = [], _content_fields()
    if entry.kind == EntryKind.LOGGED:  # "other" is a reason of either
        fields["reason"] = (_("Reason for cancellation"), _choice_label(Reason))
    for name, (label, format_value) in fields.items():
        if body.get(name) not in (None, "", [], {}) and (text := format_value(body[name])):
            lines.append((label, text))
    return lines


def _card_changes(body: JsonObject, *, mask_names: bool) -> Iterator[tuple[str, str]]:
    """What the register said of the card's holder and carrier, and what it says now."""
    before, after = (state if isinstance(state := body.get(name), dict) else {} for name in ("before", "after"))
    holders, slugs = ([str(state.get(name) or "") for state in (before, after)] for name in ("holder", "carrier"))
    if holders[0] != holders[1]:
        shown = [masking.mask_name(holder) if mask_names else holder for holder in holders]
        yield _("Holder"), " → ".join(holder or "–" for holder in shown)
    if slugs[0] != slugs[1]:
        carriers = {carrier.slug: str(carrier) for carrier in Carrier.objects.filter(slug__in=slugs)}
        yield _("Carrier"), " → ".join(carriers.get(slug, slug) for slug in slugs)


def _content_fields() -> dict[str, tuple[str, Callable[[Json], str]]]:
    """The parts of a content that pages show, in this order: label, and the function that words the value."""
    return {
        "status": (_("Status in the table"), _table_status),
        "submitted_at": (pgettext("when it happened", "Submitted"), _format_moment),
        "is_moment_known": (pgettext("when it happened", "Submitted"), _unknown_submission),
        "returned_on": (_("Returned on"), _format_day),
        "closed_on": (_("Done on"), _format_day),
        "return_reason": (_("Reason for return"), _choice_label(ReturnReason)),
        "way": (_("Method"), _way),
        "method": (_("Method"), _choice_label(Method)),
        "finding": (_("Finding"), _choice_label(Finding)),
        "count_before": (_("Numbers before"), str),
        "count_after": (_("Numbers after"), str),
        "reason": (_("Reason for return"), _choice_label(ReturnReason)),
        "owed": (_("Amount owed"), _format_yuan),
        "channel": (_("Request channel"), _choice_label(RequestChannel)),
        "sender": (_("SMS from"), str),
        "agent": (_("Carrier representative"), str),
        "reference": (pgettext("given by the carrier", "Reference"), str),
        "promised_on": (_("Promised date"), _format_day),
        "effective_on": (_("Takes effect on"), _format_day),
        "due_on": (_("Refund due"), _format_day),
        "due_basis": (_("Basis of the date"), _due_basis),
        "roaming": (_("Roaming used"), _yes_no),
        "about": (_("About"), lambda value: _("charges") if value == AppealSubject.CHARGES else ""),
        "letter": (_("Letter"), _choice_label(EscalationKind)),
        "satisfied": (_("Settled"), _yes_no),
        "mistake": (_("Logged by mistake"), _yes_no),
        "accepted": (_("Accepted"), _yes_no),
        "until": (_("Snoozed until"), _format_day),
        "kept": (_("Kept indefinitely"), _yes_no),
        "from": (pgettext("handed over", "From"), str),
        "to": (pgettext("handed over", "To"), str),
        "item": (_("Item"), _item_label),
        "state": (_("State"), _choice_label(ItemState)),
        "ready": (_("Ready"), _item_labels),
        "waived": (_("Not needed"), _waived_items),
        "not_checked": (_("Not checked"), _item_labels),
        "before": (pgettext("the correction", "Before"), _format_moment),
        "receipts": (_("Receipts"), _receipt_names),
        "bill": (_("The bill shows"), _bill_result),
        "charged_for": (_("Type of charge"), _choice_label(ChargeKind)),
        "amount": (_("Amount"), _format_yuan),
        "day": (_("Date of the charge"), _format_day),
        "charge_words": (_("Note on the charge"), str),
        "after_cancellation": (_("After the cancellation"), _yes_no),
        "refunded_on": (_("Refunded on"), _format_day),
        "written_off_on": (_("Written off on"), _format_day),
        "account_ending": (_("Account ending"), str),
        "received_on": (_("Received on"), _format_day),
        "outstanding": (_("Outstanding"), _format_yuan),
        "moved_from": (_("Moved from"), str),
        "reply_by": (_("Reply due"), _deadline_change),
    }


def _choice_label(choices: type[TextChoices]) -> Callable[[Json], str]:
    return lambda value: str(choices(value).label) if value in choices.values else ""


def _table_status(value: Json) -> str:
    """Where a table said that a request stands."""
    if value == "reported_done":
        return str(EntryKind.REPORTED_DONE.label)
    return wording.status_label(Status(str(value)))


def _unknown_submission(is_known: Json) -> str:
    return "" if is_known else _("not known")


def _way(value: Json) -> str:
    """How the carrier was asked, or how it refunds; both are called so in the record."""
    return _choice_label(FollowUpWay)(value) or _choice_label(RefundWay)(value)


def _due_basis(value: Json) -> str:
    return _(DUE_BASIS_LABELS.get(str(value), ""))


def _format_day(value: Json) -> str:
    return wording.format_day(date.fromisoformat(str(value)))


def _format_moment(value: Json) -> str:
    return wording.format_moment(datetime.fromisoformat(str(value)))


def _yes_no(value: Json) -> str:
    return _("yes") if value else _("no")


def _receipt_names(receipts: Json) -> str:
    rows = [row for row in _items(receipts) if isinstance(row, dict)]
    return "\n".join(f"{row['name']} · SHA-256 {str(row['sha256'])[:16]}…" for row in rows)


def _bill_result(result: Json) -> str:
    return _("a charge") if result == "charge" else _("nothing was charged")


def _format_yuan(amount: Json) -> str:
    return wording.format_yuan(Decimal(str(amount)))


def _item_label(code: Json) -> str:
    item = checklist.ITEMS_BY_CODE.get(str(code))
    return _(item.label) if item else str(code)


def _item_labels(codes: Json) -> str:
    return "\n".join(map(_item_label, _items(codes)))


def _waived_items(reasons: Json) -> str:
    by_code = reasons if isinstance(reasons, dict) else {}
    return "\n".join(wording.labelled(_item_label(code), reason) for code, reason in by_code.items())


def _items(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _deadline_change(value: Json) -> str:
    before, after = (wording.format_deadline(local(datetime.fromisoformat(str(v)))) if v else "" for v in _items(value))
    if before and after:
        return f"{before} → {after}"
    return after or _("%(deadline)s (no longer applies)") % {"deadline": before}
