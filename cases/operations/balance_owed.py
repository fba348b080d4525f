"""The balance that is owed back, recorded with what ends the cancellation: 'done', a check, or the confirmation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cases.models import Case, User
from cases.operations.engine.act_tokens import part_token
from cases.operations.engine.perform import perform_one
from cases.operations.engine.verb import Verb
from cases.operations.refunds import ExpectRefund


def offers_balance(case: Case) -> bool:
    """Whether it makes sense to ask for a balance: not where a refund is open, came, or was written off already."""
    return case.refund_due_on is None and not case.refunds.exists()


@dataclass(frozen=True)
class EndOfCancellation:
    """What a form records of the end of a cancellation; `refund`: the balance that is owed back, None: not said."""

    verb: Verb
    refund: ExpectRefund | None = None


def record_end(
    end: EndOfCancellation,
    case: Case,
    *,
    by: User,
    now: datetime,
    submit_token: UUID | None = None,
    expected_version: int | None = None,
) -> Case:
    """Run the verb, and expect the refund after it; both in one transaction and one act, or neither.

    Returns the case as it stands then; raises the CaseError that refused either. The same `submit_token` again records
    nothing more.
    """
    with transaction.atomic():
        case = perform_one(end.verb, case, by=by, now=now, submit_token=submit_token, expected_version=expected_version)
        if end.refund is None:
            return case
        return perform_one(end.refund, case, by=by, now=now, submit_token=part_token(submit_token, "refund"))
