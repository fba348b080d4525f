"""A case's timeline and deadlines as the API returns them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from cases.api.schemas.common import DayOut, serialize_days
from cases.api.schemas.fields import DateTime, Day, SchemaOut, enum_of
from cases.domain.business_days import WorkingCalendar
from cases.domain.deadlines import Basis, explain_days, last_day
from cases.domain.masking import mask_json, mask_text
from cases.models import Case, TimelineEntry, WaitingRound
from cases.models.choices import EntryKind
from cases.wording.timeline import describe_entries


class EntryLineOut(SchemaOut):
    label: str
    value: str


class EntryOut(SchemaOut):
    """One entry of the timeline. Entries never change; one that was corrected names the entries that correct it."""

    sequence: int
    kind: Annotated[str, enum_of(EntryKind.values)]
    title: str
    by: str = Field(description="Who recorded it, by the name they had then; empty if Xiaoka did it by itself.")
    by_today: str = Field(description="What the same person is called today, if that differs; otherwise empty.")
    happened_at: DateTime | None
    recorded_at: DateTime
    status_from: str
    status_to: str
    words: str = Field(description="With numbers masked.")
    lines: list[EntryLineOut] = Field(description="The content as shown on the page, with numbers masked.")
    content: dict[str, Any] = Field(description="The content for programs, with numbers masked; empty once erased.")
    hash: str
    voided_by: int | None = Field(description="The sequence of the entry that voids this one; it does not count then.")
    amended_by: list[int] = Field(description="The sequences of the entries that correct parts of this one.")


class RoundOut(SchemaOut):
    """A waiting round: a period in which the carrier owes, or owed, a reply, counted day by day."""

    number: int
    basis: str
    started_at: DateTime
    reply_by: DateTime
    promised_on: Day | None
    takes_effect_on: Day | None
    ended_at: DateTime | None
    late: bool
    days: list[DayOut]


class CaseDeadlinesOut(SchemaOut):
    acknowledge_by: DateTime | None
    review_by: DateTime | None
    window_opens: DateTime | None
    reply_by: DateTime | None
    provisional: bool
    rounds: list[RoundOut]


def serialize_entry(entry: TimelineEntry, corrections: Sequence[TimelineEntry]) -> EntryOut:
    """`entry` with its content selected (erased entries have none); `corrections`: those of its case."""
    (entry_text,), content = describe_entries([entry], corrections), getattr(entry, "content", None)
    body = content.body if content else {}
    return EntryOut.model_construct(
        sequence=entry.sequence,
        kind=entry.kind,
        title=entry_text.title,
        by=entry_text.by,
        by_today=entry_text.name_today,
        happened_at=datetime.fromisoformat(body["at"]) if body.get("at") else None,
        recorded_at=entry.recorded_at,
        status_from=entry.status_from,
        status_to=entry.status_to,
        words=mask_text(entry_text.words),
        lines=[EntryLineOut(label=label, value=mask_text(value)) for label, value in entry_text.lines],
        content=mask_json(body),
        hash=entry.entry_hash,
        voided_by=entry_text.voided.sequence if entry_text.voided else None,
        amended_by=[note.sequence for note in entry_text.amendments],
    )


def serialize_deadlines(case: Case, rounds: list[WaitingRound], calendar: WorkingCalendar) -> CaseDeadlinesOut:
    fields = {name: getattr(case, name) for name in CaseDeadlinesOut.model_fields if name != "rounds"}
    return CaseDeadlinesOut.model_construct(**fields, rounds=[_serialize_round(round_, calendar) for round_ in rounds])


def _serialize_round(round_: WaitingRound, calendar: WorkingCalendar) -> RoundOut:
    return RoundOut.model_construct(
        **{name: getattr(round_, name) for name in RoundOut.model_fields if hasattr(round_, name)},
        promised_on=round_.named_day if round_.basis == Basis.PROMISE else None,
        takes_effect_on=round_.named_day if round_.basis == Basis.TAKES_EFFECT else None,
        days=serialize_days(explain_days(round_.started_at, last_day(round_.reply_by), calendar)),
    )
