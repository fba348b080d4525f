"""One letter about several cases of a carrier: each case has its own entry, deadline, and receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from django.db import transaction

from cases.domain.errors import CaseError, NothingOwed
from cases.domain.escalation import AppealSubject
from cases.domain.status import Status
from cases.models import Carrier, Case, Letter, LetterBundle, Receipt, Team, User
from cases.models.choices import EntryKind, EscalationKind
from cases.operations.engine.act_tokens import part_token
from cases.operations.engine.perform import VerbOutcome, perform
from cases.operations.engine.verb import Verb, Work
from cases.operations.escalation import Appeal, Complain
from cases.operations.money_in_dispute import disputed_bills, disputed_days
from cases.operations.receipts import NewReceipt, receipt_entry

_WRITABLE_STATUSES = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.RETURNED)


@dataclass(frozen=True)
class FinalizeSharedLetter(Verb):
    """The letter of `bundle` is final: `receipt` is its PDF, stored already. The entry says what that of a letter about
    one case says (`FinalizeLetter`).

    `is_about_money`: its numbers are cancelled, and each has money that is overdue; else none of them is cancelled.
    """

    bundle: LetterBundle
    receipt: NewReceipt
    is_about_money: bool = False
    kind: ClassVar[EntryKind] = EntryKind.LETTER
    guarded: ClassVar[bool] = False

    def load(self, cases: Sequence[Case]) -> Mapping[int, tuple[Receipt | None, Sequence[date]]]:
        """The receipt that the same file made before: then it is that one again; and the bills that are disputed."""
        receipts, bills = self._receipts(cases), disputed_bills(cases)
        return {case.pk: (receipts.get(case.pk), bills.get(case.pk, ())) for case in cases}

    def _receipts(self, cases: Sequence[Case]) -> Mapping[int, Receipt]:
        return {row.case_id: row for row in Receipt.objects.filter(case__in=cases, sha256=self.receipt.sha256)}

    def apply(self, work: Work) -> None:
        work.require_status(*([Status.CONFIRMED] if self.is_about_money else _WRITABLE_STATUSES))
        work.content |= {"letter": str(self.bundle.kind), "receipts": [receipt_entry(self.receipt)]}

    def check(self, work: Work) -> None:
        _, bills = work.loaded
        if self.is_about_money and not disputed_days(work.case, work.charges, work.refunds, bills, work.now):
            raise NothingOwed()

    def write(self, works: Sequence[Work]) -> None:
        Receipt.objects.bulk_create(self.receipt.to_row(work) for work in works if work.loaded[0] is None)
        receipts = self._receipts([work.case for work in works])
        Letter.objects.bulk_create(
            Letter(
                case=work.case,
                kind=self.bundle.kind,
                made_at=work.now,
                changed_at=work.now,
                made_by=work.by,
                final_at=work.now,
                receipt=receipts[work.case.pk],
                bundle=self.bundle,
            )
            for work in works
        )


@dataclass(frozen=True)
class SharedLetter:
    """A letter to be made final: about which cases of which carrier, with its PDF (stored already). Either all of its
    cases are about money (`is_about_money`) or none."""

    carrier: Carrier
    cases: Sequence[Case]
    receipt: NewReceipt

    @property
    def is_about_money(self) -> bool:
        return is_about_money(self.cases[0])


@dataclass(frozen=True)
class NewLetters:
    """Letters of one kind to be made final for a team. `is_sent`: the complaint or appeal is recorded with them
    on every case, with `words`."""

    team: Team
    kind: EscalationKind
    letters: Sequence[SharedLetter]
    is_sent: bool
    words: str = ""


@dataclass
class LettersMade:
    """What became of the letters: those that are final; and cases for which theirs is not, each with the reason."""

    bundles: list[LetterBundle] = field(default_factory=list)
    refused: list[tuple[Case, CaseError]] = field(default_factory=list)


class _Refused(Exception):
    """A case refuses what its letter says of it: the letter is not final."""

    def __init__(self, refused: list[tuple[Case, CaseError]]) -> None:
        super().__init__()
        self.refused = refused


def is_about_money(case: Case) -> bool:
    """Whether a letter about this case is about money: the number is cancelled. Another letter is about the request."""
    return case.state is Status.CONFIRMED


def escalation_verb(kind: EscalationKind, at: datetime, words: str = "", *, about_money: bool = False) -> Verb:
    """What is recorded on each case when its letter is sent at `at` (aware)."""
    if kind == EscalationKind.COMPLAINT:
        return Complain(at, words=words)
    return Appeal(at, words=words, about=AppealSubject.CHARGES if about_money else AppealSubject.OTHER)


def forecast_letters(
    cases: Sequence[Case], kind: EscalationKind, *, is_sent: bool, by: User, now: datetime
) -> VerbOutcome:
    """For which cases (of one team) a letter of this kind could be made final now, and why not for the others.

    `is_sent`: the complaint or appeal is to be recorded with it. It is done, and taken back.
    """
    with transaction.atomic():
        bundle = LetterBundle.objects.create(
            team=cases[0].team, carrier=cases[0].carrier, kind=kind, made_by=by, made_at=now
        )
        receipt, outcome = NewReceipt("letter", "", "application/pdf", 0, ""), VerbOutcome()
        for about_money in (False, True):
            part = [case for case in cases if is_about_money(case) is about_money]
            final = perform(FinalizeSharedLetter(bundle, receipt, about_money), part, by=by, now=now)
            outcome.refused += final.refused
            if is_sent:
                final = perform(escalation_verb(kind, now, about_money=about_money), final.done, by=by, now=now)
                outcome.refused += final.refused
            outcome.done += final.done
        transaction.set_rollback(True)
    return outcome


def finalize_letters(new: NewLetters, *, by: User, now: datetime, submit_token: UUID | None) -> LettersMade:
    """Make these letters final, each in a transaction of its own.

    A letter is final for all its cases or, where one of them refuses, for none, for it names them all. The same
    `submit_token` again is the same letters.
    """
    made = LettersMade()
    if submit_token is not None:
        made.bundles = list(LetterBundle.objects.filter(made_by=by, click=submit_token, team=new.team))
        if made.bundles:
            return made
    for letter in new.letters:
        try:
            with transaction.atomic():
                bundle = LetterBundle.objects.create(
                    team=new.team, carrier=letter.carrier, kind=new.kind, name=letter.receipt.name,
                    is_sent=new.is_sent, made_by=by, made_at=now, click=submit_token,
                )  # fmt: skip
                token = part_token(submit_token, "letter")
                about_money = letter.is_about_money
                final = FinalizeSharedLetter(bundle, letter.receipt, about_money)
                _all_or_none(final, letter.cases, by, now, token)
                if new.is_sent:
                    sent = escalation_verb(new.kind, now, new.words, about_money=about_money)
                    _all_or_none(sent, letter.cases, by, now, submit_token)
        except _Refused as error:
            made.refused += error.refused
        else:
            made.bundles.append(bundle)
    return made


def _all_or_none(verb: Verb, cases: Sequence[Case], by: User, now: datetime, submit_token: UUID | None) -> None:
    outcome = perform(verb, cases, by=by, now=now, submit_token=submit_token)
    if outcome.refused:
        raise _Refused(outcome.refused)
