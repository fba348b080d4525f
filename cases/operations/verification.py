"""Verifying that a number is cancelled, confirming a case by that, and reopening it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from cases.domain.business_days import local_iso
from cases.domain.deadlines import Basis
from cases.domain.errors import CaseError, NotVerified, OpenCaseExists
from cases.domain.number_count import check_counts
from cases.domain.status import OPEN_STATUSES, STATUSES_WITH_CARRIER, Status
from cases.models import Case, Verification
from cases.models.choices import EntryKind, Finding, Method
from cases.operations.engine.verb import Verb, Work
from cases.operations.next_reminder import end_snooze
from cases.operations.waiting_rounds import end_round, set_submission_deadlines, start_round


@dataclass(frozen=True)
class Verify(Verb):
    """Somebody checked whether the number is cancelled, in one of four ways (`Method`).

    A number alive after the carrier said 'done' gives the carrier three working days; one alive while the answer is
    still owed changes no deadline. A late entry of a check that a newer one overtook is recorded and changes
    nothing. With `confirm`, a finding of 'cancelled' closes the case in the same operation. `count_before` and
    `count_after`: how many numbers stood under the document at the carrier, of 一证通查 alone.
    """

    at: datetime
    method: str
    finding: str
    words: str = ""
    confirm: bool = False
    count_before: int | None = None
    count_after: int | None = None
    kind: ClassVar[EntryKind] = EntryKind.VERIFIED

    def apply(self, work: Work) -> None:
        case = work.case
        work.require_status(*STATUSES_WITH_CARRIER)
        work.check_moment(self.at)
        check_counts(
            self.count_before,
            self.count_after,
            is_count=self.method == Method.COUNT,
            is_cancelled=self.finding == Finding.CANCELLED,
        )
        verification = Verification(
            case=case,
            submission=case.submission,
            method=self.method,
            finding=self.finding,
            happened_at=self.at,
            recorded_at=work.now,
            sequence=work.sequence,
        )
        is_overtaken = any(
            row.finding != Finding.INCONCLUSIVE and self.at < row.happened_at for row in work.verifications
        )
        work.add(verification)
        if self.finding == Finding.CANCELLED and not is_overtaken:
            case.verification = verification
        elif self.finding == Finding.ALIVE and not is_overtaken:
            case.verification = None
            if case.reported_done_at and self.at >= case.reported_done_at:
                case.reported_done_at = None
                start_round(work, Basis.STILL_ALIVE, self.at)
        work.content |= {
            "at": local_iso(self.at),
            "method": str(self.method),
            "finding": str(self.finding),
            "words": self.words,
        }
        counts = {"count_before": self.count_before, "count_after": self.count_after}
        work.content |= {name: count for name, count in counts.items() if count is not None}
        if self.confirm and self.finding == Finding.CANCELLED:
            work.kind = EntryKind.CONFIRMED
            _close_confirmed(work)


@dataclass(frozen=True)
class Confirm(Verb):
    """Close the case as cancelled, by the check that says so and from the moment of that check."""

    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.CONFIRMED

    def apply(self, work: Work) -> None:
        work.require_status(*STATUSES_WITH_CARRIER)
        verification = _close_confirmed(work)
        work.content |= {
            "at": local_iso(verification.happened_at),
            "method": verification.method,
            "words": self.words,
        }


def _close_confirmed(work: Work) -> Verification:
    verification = work.case.verification
    if verification is None:
        raise NotVerified()
    work.change_status(Status.CONFIRMED)
    end_round(work, verification.happened_at)
    work.case.confirmed_at = verification.happened_at
    work.case.closed_at = work.now
    end_snooze(work.case)
    return verification


@dataclass(frozen=True)
class Reopen(Verb):
    """The number works, or something else shows that the case was closed too early; raises ReasonMissing."""

    words: str
    kind: ClassVar[EntryKind] = EntryKind.REOPENED

    def load(self, cases: Sequence[Case]) -> Mapping[int, str]:
        others = Case.objects.filter(card__in=[case.card_id for case in cases], status__in=OPEN_STATUSES)
        open_references = dict(others.values_list("card_id", "reference"))
        return {case.pk: open_references[case.card_id] for case in cases if case.card_id in open_references}

    def check(self, work: Work) -> None:
        if work.loaded:
            raise OpenCaseExists(reference=work.loaded)

    def apply(self, work: Work) -> None:
        case = work.case
        work.require_status(Status.CONFIRMED)
        work.require_reason(self.words)
        work.change_status(Status.UNDER_REVIEW)
        case.confirmed_at = case.closed_at = case.bill_checked_at = case.erase_on = None
        case.retain = False
        case.reported_done_at = case.verification = None
        # Of a case taken over from a table the submission may not be known.
        case.submitted_at = case.submitted_at or work.now
        set_submission_deadlines(work)  # a closed case does not follow the calendar
        start_round(work, Basis.REOPENED, work.now)
        work.content["words"] = self.words

    def conflict(self, case: Case) -> CaseError | None:
        other = Case.objects.filter(card=case.card_id, status__in=OPEN_STATUSES).exclude(pk=case.pk).first()
        return OpenCaseExists(reference=other.reference) if other else None
