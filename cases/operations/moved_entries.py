"""An entry that was recorded on the wrong case, moved to the right one: voided here, recorded there, in one step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction

from cases.domain import corrections as rules
from cases.domain.errors import CaseError
from cases.domain.json_values import JsonObject
from cases.domain.roles import OtherTeam
from cases.models import CarrierMessage, Case, User
from cases.models.choices import EntryKind, MessageState
from cases.operations.corrections import VoidEntry, is_recorded_in, load_records, set_reminders_aside
from cases.operations.engine.perform import perform_one
from cases.operations.engine.verb import Verb, Work
from cases.operations.messages import RecordMessage
from cases.operations.receipts import AttachReceipts, NewReceipt
from cases.operations.recorded_verbs import recorded_verb
from cases.operations.replies import REPLIES, Reply


@dataclass(frozen=True)
class EntryMove:
    """The entry with this number belongs to `target`, a case of the same team; `words` says why, if anything does."""

    sequence: int
    target: Case
    words: str = ""


def move_entry(
    case: Case,
    move: EntryMove,
    *,
    by: User | None,
    now: datetime,
    submit_token: UUID | None = None,
    expected_version: int | None = None,
) -> Case:
    """Void an entry of `case` and record the same on the target, with its receipts and its SMS; all of it, or nothing.

    Returns the target as it stands then. Moments stay as they were. Raises SameCase, OtherTeam, NotMovable, what
    `VoidEntry` raises for this case, and what the verb of the entry raises for the target.
    """
    target = move.target
    if target.pk == case.pk:
        raise rules.SameCase()
    if target.team_id != case.team_id:
        raise OtherTeam()
    with transaction.atomic():
        # In the order of their keys, as everywhere.
        list(Case.objects.select_for_update(of=("self",)).filter(pk__in=(case.pk, target.pk)).order_by("pk"))
        if submit_token and target.entries.filter(recorded_by=by, click=submit_token).exists():
            return target
        record = load_records([case])[case.pk]
        entry = record.find(move.sequence)
        if entry.kind not in rules.MOVABLE_KINDS:
            raise rules.NotMovable(**entry.names)
        content = entry.content or {}
        message = next((message for message in record.messages if is_recorded_in(message, content)), None)
        away = MoveAway(move.sequence, move.words, target.reference, message)
        perform_one(away, case, by=by, now=now, submit_token=submit_token, expected_version=expected_version)
        here = RecordMoved(_verb_of(entry.kind, content, message), case.reference, move.sequence)
        return perform_one(here, target, by=by, now=now, submit_token=submit_token)


def _verb_of(kind: str, content: JsonObject, message: CarrierMessage | None) -> Verb:
    """What the entry recorded, to be recorded on another case."""
    if kind == EntryKind.RECEIPT:
        receipts: Any = content["receipts"]
        return AttachReceipts(tuple(map(_receipt, receipts)), str(content.get("words", "")))
    reply = recorded_verb(kind, content) if kind in REPLIES else None
    if message and (reply is None or isinstance(reply, Reply)):
        return RecordMessage(message, reply)
    return recorded_verb(kind, content)


def _receipt(entry: Mapping[str, Any]) -> NewReceipt:
    return NewReceipt(entry["kind"], entry["name"], entry["type"], entry["size"], entry["sha256"])


@dataclass(frozen=True)
class MoveAway(VoidEntry):
    """The entry is recorded on the case `target` (its reference) from now on, and its message goes along."""

    words: str
    target: str
    message: CarrierMessage | None = None
    guarded: ClassVar[bool] = True

    def correct(self, work: Work) -> None:
        work.content |= {"words": self.words, "moved_to": self.target}
        self.void(work)

    def release_message(self, work: Work, content: JsonObject) -> None:
        """It waits on no case: it goes along."""

    def write(self, works: Sequence[Work]) -> None:
        set_reminders_aside(works)
        if self.message:
            # On no case, until it is recorded on the other one in this transaction.
            CarrierMessage.objects.filter(pk=self.message.pk).update(
                state=MessageState.UNMATCHED, case=None, handled_at=None, handled_by=None
            )


@dataclass(frozen=True)
class RecordMoved(Verb):
    """What `verb` records, with the case (its reference) and the entry that it comes from."""

    verb: Verb
    moved_from: str
    moved_entry: int
    kind: ClassVar[EntryKind] = EntryKind.MESSAGE

    @property
    def settles_reminder(self) -> bool:  # type: ignore[override]
        """As of what is moved: a call that was made on this case, and noted on another, was made all the same."""
        return self.verb.settles_reminder

    def load(self, cases: Sequence[Case]) -> Mapping[int, Any]:
        return self.verb.load(cases)

    def check(self, work: Work) -> None:
        self.verb.check(work)

    def apply(self, work: Work) -> None:
        work.kind = self.verb.kind
        self.verb.apply(work)
        work.content |= {"moved_from": self.moved_from, "moved_entry": self.moved_entry}

    def write(self, works: Sequence[Work]) -> None:
        self.verb.write(works)

    def conflict(self, case: Case) -> CaseError | None:
        return self.verb.conflict(case)
