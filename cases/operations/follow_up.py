"""What we do while a case is open: follow up, tick the checklist, snooze, assign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, cast

from cases.domain import checklist
from cases.domain.business_days import local, local_iso
from cases.domain.errors import NotAMember, SnoozeInThePast
from cases.domain.json_values import JsonObject
from cases.domain.roles import Right, roles_with
from cases.domain.status import OPEN_STATUSES, Status
from cases.models import Case, Membership, User
from cases.models.choices import EntryKind, FollowUpWay, ItemState
from cases.operations import untold_reminders
from cases.operations.checklist import lines_of
from cases.operations.engine.verb import Unchanged, Verb, Work
from cases.operations.next_reminder import snoozed_until


@dataclass(frozen=True)
class FollowUp(Verb):
    """We called, went or wrote. It moves no deadline: the carrier is as late as before."""

    at: datetime
    way: str = FollowUpWay.CALL
    words: str = ""
    agent: str = ""
    reference: str = ""
    kind: ClassVar[EntryKind] = EntryKind.FOLLOW_UP
    guarded: ClassVar[bool] = False
    settles_reminder: ClassVar[bool] = True

    def apply(self, work: Work) -> None:
        case = work.case
        work.require_status(Status.SUBMITTED, Status.UNDER_REVIEW, Status.RETURNED, Status.CONFIRMED)
        work.check_moment(self.at)
        work.record_follow_up(self.at)
        case.carrier_reference = self.reference or case.carrier_reference
        work.content |= {
            "at": local_iso(self.at),
            "way": str(self.way),
            "words": self.words,
            "agent": self.agent,
            "reference": self.reference,
        }


@dataclass(frozen=True)
class MarkItem(Verb):
    """Tick an item of the checklist, waive it with a reason, or open it again (`state` empty)."""

    code: str
    state: str = ItemState.DONE
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.CHECKLIST
    guarded: ClassVar[bool] = False
    content_names: ClassVar[Mapping[str, str]] = {"code": "item"}

    def apply(self, work: Work) -> None:
        work.require_status(*OPEN_STATUSES)
        if self.state == ItemState.WAIVED:
            work.require_reason(self.words)
        # As the checklist shows it: what the carrier's return put in doubt can be ticked again.
        lines = {line.item.code: line for line in lines_of(work.case, work.item_marks())}
        if (lines[self.code].state if self.code in lines else "") == self.state:
            raise Unchanged
        item = checklist.ITEMS_BY_CODE[self.code]
        work.content |= {"item": item.code, "state": str(self.state), "words": self.words}
        work.set_mark(item.code, self.state)


@dataclass(frozen=True)
class Snooze(Verb):
    """No reminders before `until`; None ends the snooze. The case stays as overdue as it is."""

    until: date | None
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.SNOOZED
    guarded: ClassVar[bool] = False

    def apply(self, work: Work) -> None:
        work.require_status(Status.SUBMITTED, Status.UNDER_REVIEW, Status.RETURNED)
        if self.until and self.until <= local(work.now).date():
            raise SnoozeInThePast()
        case = work.case
        if self.until == snoozed_until(case, work.now):
            raise Unchanged
        case.snoozed_at = work.now if self.until else None
        case.snoozed_until = self.until
        work.content |= {"until": self.until.isoformat() if self.until else None, "words": self.words}


@dataclass(frozen=True)
class HandOver(Verb):
    """Somebody else of the team looks after the case from now on, or nobody in particular (None).

    What waited to be told to whoever did so before is told to them.
    """

    handler: User | None
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.HANDED_OVER

    def load(self, cases: Sequence[Case]) -> Mapping[int, bool]:
        if self.handler is None:
            return {}
        roles = Membership.objects.filter(user=self.handler, role__in=roles_with(Right.WORK))
        teams = set(roles.values_list("team_id", flat=True))
        return {case.pk: case.team_id in teams for case in cases}

    @classmethod
    def from_content(cls, content: JsonObject) -> "HandOver":
        key = cast("int | None", content["handler_id"])
        return cls(User(pk=key) if key else None)

    def check(self, work: Work) -> None:
        if self.handler and not (work.loaded and self.handler.is_active):
            raise NotAMember()

    def apply(self, work: Work) -> None:
        work.require_status(*OPEN_STATUSES)
        if work.case.handler == self.handler:
            raise Unchanged
        work.content |= {
            "from": str(work.case.handler or ""),
            "to": str(self.handler or ""),
            "handler_id": self.handler.pk if self.handler else None,
            "words": self.words,
        }
        work.case.handler = self.handler

    def write(self, works: Sequence[Work]) -> None:
        cases = {work.case.pk: work.case for work in works}
        for stored in untold_reminders.release(untold_reminders.waiting_for_people(list(cases.values()))):
            case = cases[stored.pk]
            case.reminded_until, case.next_reminder_at = stored.reminded_until, stored.next_reminder_at
