"""A case taken over from a table: it begins in the standing that the table names, with what is known of its moments."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from typing import ClassVar, Self, cast

from cases.domain.business_days import SHANGHAI, local_iso
from cases.domain.deadlines import Basis, Terms
from cases.domain.json_values import JsonObject
from cases.domain.status import Status
from cases.models import Verification
from cases.models.choices import EntryKind, Finding
from cases.operations.card_facts import card_facts
from cases.operations.engine.decoding import decode
from cases.operations.engine.verb import Verb, Work
from cases.operations.waiting_rounds import set_submission_deadlines, start_round

#: Where a table names a day only, it counts as the end of that day's office hours.
END_OF_OFFICE = time(18)


@dataclass(frozen=True)
class TakeOver(Verb):
    """A draft is, as a table says, in this standing (`status`, a CaseStatus of `formats.tables.readings`).

    `submitted_at` is aware; None: not known, and the case counts from the moment of taking over, or from an earlier
    one that is known. `returned_on` and `closed_on` are the days of what the status says; None: as of now. What the
    table does not say is not made up: a review whose beginning is unknown gives the carrier its days from now on, a
    confirmed case has no rounds, so that nothing counts as late, and a check without a method.
    """

    status: str
    submitted_at: datetime | None = None
    returned_on: date | None = None
    closed_on: date | None = None
    reference: str = ""
    return_reason: str = ""
    words: str = ""
    #: As recorded; None: the carrier's terms of now.
    terms: Terms | None = None
    kind: ClassVar[EntryKind] = EntryKind.TAKEN_OVER

    @classmethod
    def from_content(cls, content: JsonObject) -> Self:
        terms = Terms(**cast(Mapping[str, int], content["terms"]))
        return replace(decode(cls, {**content, "terms": None}), terms=terms)

    def apply(self, work: Work) -> None:
        case = work.case
        work.require_status(Status.DRAFT)
        if self.submitted_at:
            work.check_not_future(self.submitted_at)
        terms = self.terms or case.carrier.terms()
        case.acknowledge_hours = terms.acknowledge_hours
        case.review_days = terms.review_days
        case.window_days = terms.window_days
        case.reply_days = terms.reply_days
        case.carrier_reference = self.reference or case.carrier_reference
        _BEGINNINGS[self.status](self, work)
        work.content |= {
            "status": self.status,
            "submitted_at": local_iso(self.submitted_at) if self.submitted_at else None,
            "is_moment_known": self.submitted_at is not None or self.status == "draft",
            "returned_on": self.returned_on.isoformat() if self.returned_on else None,
            "closed_on": self.closed_on.isoformat() if self.closed_on else None,
            "terms": asdict(terms),
            "card": card_facts(case),
            "reference": self.reference,
            "return_reason": str(self.return_reason),
            "words": self.words,
        }


def _remain_draft(verb: TakeOver, work: Work) -> None:
    """It was wanted, and nobody has asked the carrier yet."""


def _begin_submitted(verb: TakeOver, work: Work) -> None:
    at = verb.submitted_at or work.now
    _submit(work, at)
    start_round(work, Basis.SUBMISSION, at)


def _begin_under_review(verb: TakeOver, work: Work) -> None:
    _submit(work, verb.submitted_at or work.now)
    work.case.status = Status.UNDER_REVIEW
    start_round(work, Basis.UNDER_REVIEW, work.now)


def _begin_returned(verb: TakeOver, work: Work) -> None:
    at = _moment_of(verb.returned_on, work, not_before=verb.submitted_at)
    _submit(work, verb.submitted_at or at)
    work.case.status = Status.RETURNED
    work.case.returned_at = work.case.last_reply_at = at
    work.case.return_reason = verb.return_reason


def _begin_reported_done(verb: TakeOver, work: Work) -> None:
    at = _moment_of(verb.closed_on, work, not_before=verb.submitted_at)
    _submit(work, verb.submitted_at or at)
    work.case.reported_done_at = work.case.last_reply_at = at


def _begin_confirmed(verb: TakeOver, work: Work) -> None:
    case = work.case
    at = _moment_of(verb.closed_on, work)
    if verb.submitted_at:
        case.submission, case.submitted_at = 1, verb.submitted_at
    verification = Verification(
        case=case,
        submission=case.submission,
        method="",  # nobody knows how it was checked
        finding=Finding.CANCELLED,
        happened_at=at,
        recorded_at=work.now,
        sequence=work.sequence,
    )
    work.add(verification)
    # No transition of a case that lives here, so not by the table of these.
    case.status = Status.CONFIRMED
    case.verification = verification
    case.confirmed_at, case.closed_at = at, work.now
    # Bills that came before the case did are not called for.
    work.settles_reminder = True


#: How a case begins, by its status in the table.
_BEGINNINGS: Mapping[str, Callable[[TakeOver, Work], None]] = {
    "draft": _remain_draft,
    "submitted": _begin_submitted,
    "under_review": _begin_under_review,
    "returned": _begin_returned,
    "reported_done": _begin_reported_done,
    "confirmed": _begin_confirmed,
}


def _submit(work: Work, at: datetime) -> None:
    case = work.case
    case.status = Status.SUBMITTED
    case.submission = 1
    case.submitted_at = at
    set_submission_deadlines(work)


def _moment_of(day: date | None, work: Work, *, not_before: datetime | None = None) -> datetime:
    """The moment on a day at which something counts as done; where the day is not known, the moment of recording."""
    if day is None:
        return work.now
    at = datetime.combine(day, END_OF_OFFICE, SHANGHAI)
    return min(max(at, not_before) if not_before else at, work.now)


def is_confirmed_by_table(work: Work) -> bool:
    """Whether the case is confirmed by what a table said, and by nothing that was checked here."""
    verification = work.case.verification
    return work.case.state is Status.CONFIRMED and verification is not None and not verification.method
