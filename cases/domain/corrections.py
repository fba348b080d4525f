"""Corrections of the record: what may be undone, voided or amended, by whom and until when.

An entry is never changed. A correction is an entry of its own that names the old one; where the case stands follows
from the record without the voided entries and with the amended ones (domain.md, 'Corrections'). Kinds and parts of
entries are named as they are stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from cases.domain.business_days import local
from cases.domain.errors import CaseError, gettext_noop
from cases.domain.json_values import JsonObject

#: For so long after it was recorded a step can be undone by whoever recorded it.
UNDO_MINUTES = 10

#: Kinds that stay as they are: a whole case is withdrawn as logged by mistake, a card or number is corrected again, a
#: correction is followed by another, and what the product records follows by itself.
FIXED_KINDS = frozenset(
    ("logged", "recalculated", "erased", "state", "voided", "amended", "card_changed", "number_corrected")
)
#: Kinds that close a case.
CLOSING_KINDS = frozenset(("confirmed", "withdrawn"))
#: What an entry can be moved to another case as.
MOVABLE_KINDS = frozenset(
    (
        *("acknowledged", "under_review", "promised", "takes_effect", "returned", "reported_done"),
        *("follow_up", "receipt", "message"),
    )
)

_ANSWER = ("at", "words")
_REPLY = ("at", "reference", "words")
#: The parts that can be amended, by the kind of the entry; of other kinds there are none.
_AMENDABLE_PARTS: Mapping[str, tuple[str, ...]] = {
    "logged": ("reason", "channel", "words"),
    "taken_over": ("reference", "words"),
    **dict.fromkeys(("submitted", "resubmitted", "acknowledged", "under_review", "reported_done", "follow_up"), _REPLY),
    "promised": ("at", "promised_on", "reference", "words"),
    "takes_effect": ("at", "effective_on", "reference", "words"),
    "returned": ("at", "reason", "reference", "words"),
    **dict.fromkeys(("complaint", "appeal"), _REPLY),
    **dict.fromkeys(("complaint_answered", "appeal_decided", "appeal_answered", "verified", "confirmed"), _ANSWER),
    **dict.fromkeys(("submission_corrected", "bill"), _ANSWER),
    **dict.fromkeys(("reopened", "withdrawn", "snoozed", "handed_over", "checklist", "receipt"), ("words",)),
    "refund_promised": ("at", "promised_on", "words"),
    **dict.fromkeys(("charge", "refund", "refund_expected", "refund_received", "refund_written_off"), ("words",)),
    **dict.fromkeys(("charge_written_off", "kept"), ("words",)),
}
#: Parts that may be amended to nothing.
OPTIONAL_PARTS = frozenset(("reference", "words"))


class NoSuchEntry(CaseError):
    code = "no_such_entry"
    message = gettext_noop("This case has no entry %(entry)s.")


class EntryFixed(CaseError):
    """Params: entry, what (the kind)."""

    code = "entry_fixed"
    message = gettext_noop("Entry %(entry)s (%(what)s) cannot be voided.")


class FirstEntryFixed(EntryFixed):
    message = gettext_noop(
        "The entry that logged the case cannot be voided. If the case was logged by mistake, withdraw it."
    )


class NothingAmendable(EntryFixed):
    """Params: entry, what (the kind)."""

    code = "nothing_amendable"
    message = gettext_noop("In entry %(entry)s (%(what)s) this cannot be corrected.")


class AlreadyVoided(CaseError):
    code = "already_voided"
    message = gettext_noop("Entry %(entry)s was already voided.")


class NotReplayed(CaseError):
    """The state of the case does not follow from it: it lies before the last 'state as of'."""

    code = "entry_not_replayed"
    message = gettext_noop(
        "Entry %(entry)s is older than the recorded state of %(day)s, from which this case goes on. It cannot be "
        "corrected."
    )


class ContentErased(CaseError):
    code = "content_erased"
    message = gettext_noop("The content of this entry was erased. It cannot be corrected.")


class CorrectionNeedsManager(CaseError):
    code = "correction_needs_manager"
    message = gettext_noop("You can correct your own entries of today. Ask a team manager to correct this one.")


class UndoneByOthers(CaseError):
    code = "undone_by_others"
    message = gettext_noop("Only the person who recorded this can undo it.")


class UndoTooLate(CaseError):
    code = "undo_too_late"
    message = gettext_noop(
        "More than %(minutes)s minutes have passed since this was recorded. Void the entry on the timeline instead."
    )


class NothingToUndo(CaseError):
    code = "nothing_to_undo"
    message = gettext_noop("There is nothing left to undo.")


class MovedOn(CaseError):
    """Of a case in an act over many: something was recorded on it after the act. Params: entry, what, day."""

    code = "moved_on"
    message = gettext_noop("Left as it is: entry %(entry)s (%(what)s) was recorded on %(day)s, after this.")


class EntryInTheWay(CaseError):
    """A later entry cannot be replayed without the voided one. Params: entry, what, day, why."""

    code = "entry_in_the_way"
    message = gettext_noop(
        "Entry %(entry)s (%(what)s, recorded on %(day)s) rests on this one. Void entry %(entry)s first."
    )


class AmendmentInTheWay(EntryInTheWay):
    """A later entry does not fit the amended one. Params: entry, what, day, why."""

    message = gettext_noop("Entry %(entry)s (%(what)s, recorded on %(day)s) does not fit this correction: %(why)s")


class NothingAmended(CaseError):
    code = "nothing_amended"
    message = gettext_noop("Nothing was changed. Correct a field first.")


class AfterRecording(CaseError):
    """An amended moment after that of recording: what was recorded had happened by then."""

    code = "after_recording"
    message = gettext_noop("This was recorded on %(recorded_at)s, so it happened before that.")


class NotMovable(EntryFixed):
    """Params: entry, what."""

    code = "not_movable"
    message = gettext_noop(
        "Entry %(entry)s (%(what)s) cannot be moved. Replies, follow-ups, receipts and SMS can be moved."
    )


class SameCase(CaseError):
    code = "same_case"
    message = gettext_noop("The entry is on this case already. Choose another case.")


@dataclass(frozen=True)
class CorrectableEntry:
    """An entry as the rules of corrections look at it.

    `what` is its kind as errors name it, for `wording` to translate; `content` is None where it was erased.
    """

    sequence: int
    kind: str
    what: object
    by_id: int | None
    recorded_at: datetime
    content: JsonObject | None = field(default_factory=dict)

    @property
    def names(self) -> dict[str, object]:
        """The parameters by which an error names it."""
        return {"entry": self.sequence, "what": self.what}


def check_voidable(entry: CorrectableEntry) -> None:
    """Raise FirstEntryFixed or EntryFixed for an entry that is never voided, ContentErased."""
    if entry.kind == "logged":
        raise FirstEntryFixed(**entry.names)
    if entry.kind in FIXED_KINDS:
        raise EntryFixed(**entry.names)
    if entry.content is None:
        raise ContentErased()


def amendable_parts(entry: CorrectableEntry) -> tuple[str, ...]:
    """The parts of an entry that can be amended, by their names in its content.

    An SMS has its moment and its words from the carrier; a confirmation without a check of its own has the moment of
    the check.
    """
    parts = _AMENDABLE_PARTS.get(entry.kind, ()) if entry.content is not None else ()
    content = entry.content or {}
    if "sender" in content:
        parts = tuple(part for part in parts if part not in ("at", "words"))
    if entry.kind == "confirmed" and "finding" not in content:
        parts = tuple(part for part in parts if part != "at")
    return parts


def check_amendment(entry: CorrectableEntry, changes: Mapping[str, str]) -> dict[str, str]:
    """The changes that change something; raises NothingAmendable, AfterRecording, NothingAmended."""
    parts = amendable_parts(entry)
    content = entry.content or {}
    effective: dict[str, str] = {}
    for part, value in changes.items():
        if part not in parts or (not value and part not in OPTIONAL_PARTS):
            raise NothingAmendable(**entry.names)
        if not _is_same(part, content.get(part), value):
            effective[part] = value
    if "at" in effective and datetime.fromisoformat(effective["at"]) > entry.recorded_at:
        raise AfterRecording(recorded_at=local(entry.recorded_at))
    if not effective:
        raise NothingAmended()
    return effective


def _is_same(part: str, before: object, after: str) -> bool:
    if part == "at" and before:
        # A page shows moments to the minute.
        first, second = datetime.fromisoformat(str(before)), datetime.fromisoformat(after)
        return first == second or (second.second == 0 and first.replace(second=0, microsecond=0) == second)
    return (before or "") == after


def check_may_correct(entry: CorrectableEntry, *, actor_id: int | None, is_manager: bool, now: datetime) -> None:
    """Raise CorrectionNeedsManager for an entry that is another's, or not of today (Shanghai)."""
    is_own = actor_id is not None and entry.by_id == actor_id
    if not is_manager and not (is_own and local(entry.recorded_at).date() == local(now).date()):
        raise CorrectionNeedsManager()


def check_may_undo(entry: CorrectableEntry, *, actor_id: int | None, now: datetime) -> None:
    """Raise UndoneByOthers or UndoTooLate."""
    if actor_id is None or entry.by_id != actor_id:
        raise UndoneByOthers()
    if not is_undo_open(entry.recorded_at, now):
        raise UndoTooLate(minutes=UNDO_MINUTES)


def is_undo_open(recorded_at: datetime, now: datetime) -> bool:
    """Whether what was recorded at a moment can still be undone at `now`; both aware."""
    return now <= recorded_at + timedelta(minutes=UNDO_MINUTES)


Offer = Literal["undo", "amend", "void", "move"]


def offers(entry: CorrectableEntry, *, actor_id: int | None, is_manager: bool, now: datetime) -> list[Offer]:
    """What is offered for an entry that is not voided to somebody who may work on its case; verbs refuse the rest."""
    offered: list[Offer] = []
    is_voidable = entry.kind not in FIXED_KINDS and entry.content is not None
    if is_voidable and actor_id is not None and entry.by_id == actor_id and is_undo_open(entry.recorded_at, now):
        offered.append("undo")
    try:
        check_may_correct(entry, actor_id=actor_id, is_manager=is_manager, now=now)
    except CorrectionNeedsManager:
        return offered
    if amendable_parts(entry):
        offered.append("amend")
    if is_voidable:
        offered.append("void")
        offered += ["move"] if entry.kind in MOVABLE_KINDS else []
    return offered


@dataclass(frozen=True)
class Correction:
    """What a correction says of another entry: void it (`changes` is None), or read it with these changes."""

    corrects: int
    changes: Mapping[str, str] | None


@dataclass
class CorrectedRecord:
    """What the corrections of a case amount to: the sequences of voided entries, and what is amended in which."""

    voided: set[int] = field(default_factory=set)
    changes: dict[int, dict[str, str]] = field(default_factory=dict)


def fold_corrections(corrections: Sequence[Correction]) -> CorrectedRecord:
    """The corrections of a case, in the order of the record, as one; the last amendment of a part counts."""
    record = CorrectedRecord()
    for correction in corrections:
        if correction.changes is None:
            record.voided.add(correction.corrects)
        else:
            record.changes.setdefault(correction.corrects, {}).update(correction.changes)
    return record
