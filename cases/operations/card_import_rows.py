"""The planned rows of an import taken: cards registered or brought up to date, cases opened, and what each row did."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from cases.domain.business_days import local
from cases.domain.errors import CaseError, NumberRefused
from cases.domain.json_values import Json, JsonObject
from cases.formats.tables.readings import ReadCase
from cases.models import Card, CardImport, Carrier, Case, ImportedCard
from cases.models.choices import Reason, RequestChannel
from cases.operations.card_import_plan import CHANGED, NEW, ImportContext, RowPlan
from cases.operations.cards import CardFacts, NewCard, register_cards
from cases.operations.carrier_names import unknown_carrier
from cases.operations.engine.act_tokens import import_token
from cases.operations.engine.bulk_insert import insert_rows
from cases.operations.engine.verb import Verb
from cases.operations.open_cases import NewCase, OpenResult, open_cases
from cases.operations.refunds import ExpectRefund, ReceiveRefund
from cases.operations.take_over import TakeOver


def take_rows(card_import: CardImport, context: ImportContext, plans: Sequence[RowPlan]) -> Mapping[int, CaseError]:
    """Do what the plans say, but for those that are wrong, skipped or the same; within the caller's transaction.

    Returns why some are refused after all, by their index: somebody else was quicker, and nothing of them is done.
    The number of statements does not grow with the plans.
    """
    taken = {index: plan for index, plan in enumerate(plans) if plan.outcome in (NEW, CHANGED)}
    if not taken:
        return {}
    needs_carrier = any(plan.carrier is None for plan in taken.values())
    takes = _Takes(context, unknown_carrier() if needs_carrier else None)
    new_cards: dict[int, NewCard] = {}
    new_cases: dict[int, NewCase] = {}
    results: dict[int, OpenResult] = {}
    for index, plan in taken.items():
        try:
            if plan.opens_case:
                new_cases[index] = takes.new_case(plan)
            else:
                new_cards[index] = takes.new_card(plan)
        except NumberRefused as error:  # of numbers the reader of tables knows more than the register
            results[index] = error
    cards = register_cards(context.team, list(new_cards.values()), by=context.by, now=context.now)
    opened = open_cases(
        context.team,
        list(new_cases.values()),
        by=context.by,
        now=context.now,
        submit_token=import_token(card_import.pk),
    )
    results |= zip(new_cases, opened, strict=True)
    refused = {index: result for index, result in results.items() if isinstance(result, CaseError)}
    insert_rows(
        ImportedCard,
        ("card_import_id", "row", "card_id", "case_id", "before", "after"),
        [
            _imported_card(card_import, takes, plan, results.get(index), cards)
            for index, plan in taken.items()
            if index not in refused
        ],
    )
    return refused


def _imported_card(
    card_import: CardImport, takes: "_Takes", plan: RowPlan, case: OpenResult | None, cards: Mapping[str, Card]
) -> tuple[Any, ...]:
    own_case = case if isinstance(case, Case) else None
    return (
        card_import.pk,
        plan.row,
        own_case.card_id if own_case else cards[plan.number].pk,
        own_case.pk if own_case else None,
        None if plan.outcome == NEW else takes.changed_values(plan, 0),
        takes.all_values(plan) if plan.outcome == NEW else takes.changed_values(plan, 1),
    )


class _Takes:
    """What the plans come to: cards, cases, and the facts of a card as JSON."""

    def __init__(self, context: ImportContext, unknown: Carrier | None) -> None:
        self._columns, self._now = context.columns, context.now
        self._unknown = unknown

    def _carrier(self, plan: RowPlan) -> Carrier:
        carrier = plan.carrier or self._unknown
        assert carrier is not None
        return carrier

    def _facts(self, plan: RowPlan) -> CardFacts:
        return replace(plan.facts, custom=self._columns.values_by_key(plan.custom)) if plan.custom else plan.facts

    def new_card(self, plan: RowPlan) -> NewCard:
        return NewCard(
            plan.number, self._carrier(plan), facts=self._facts(plan), carrier_is_guess=plan.carrier_is_guess
        )

    def new_case(self, plan: RowPlan) -> NewCase:
        case = plan.case
        assert case is not None
        return NewCase(
            plan.number,
            self._carrier(plan),
            case.reason or Reason.OTHER.value,
            case.channel or RequestChannel.HOTLINE.value,
            facts=self._facts(plan),
            carrier_is_guess=plan.carrier_is_guess,
            handler=plan.handler,
            words=case.reason_words,
            take_over=TakeOver(
                case.status, case.submitted_at, case.returned_on, case.closed_on, case.carrier_reference,
                case.return_reason, case.status_words,
            ),
            further=_refund_verbs(case, local(self._now).date()),
        )  # fmt: skip

    def all_values(self, plan: RowPlan) -> JsonObject:
        """All that is stored of a new card."""
        values = self._facts(plan).known()
        return {name: as_json(value) for name, value in values.items()} | {"carrier": self._carrier(plan).slug}

    def changed_values(self, plan: RowPlan, which: int) -> JsonObject:
        """What a card had (`which` 0), or has (1), of what its row changes."""
        facts = {name: as_json(pair[which]) for name, pair in plan.changes.items() if name not in plan.custom}
        own_values = {title: str(pair[which]) for title, pair in plan.changes.items() if title in plan.custom}
        return facts | ({"custom": dict(self._columns.values_by_key(own_values))} if own_values else {})


def _refund_verbs(case: ReadCase, today: date) -> tuple[Verb, ...]:
    """What is owed back, and what came of it; of money that came on a day that nobody knows, as of now."""
    refund = case.refund
    if refund is None:
        return ()
    expected = ExpectRefund(refund.amount, due_on=refund.due_on)
    if not refund.is_received:
        return (expected,)
    return (expected, ReceiveRefund(refund.received_on or today, refund.received))


def as_json(value: Any) -> Json:
    """A value of a card as JSON: a carrier by its short name."""
    if isinstance(value, Carrier):
        return value.slug
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    result: Json = dict(value) if isinstance(value, Mapping) else value
    return result
