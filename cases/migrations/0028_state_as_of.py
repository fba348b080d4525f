"""The record of every case that exists gets a sealed entry with its state, from which it can be replayed.

What was recorded before does not hold all that the replay needs: the calendar of the day, the carrier's terms, who
handles the case. Rows are called by the entries that recorded them from here on.
"""

import itertools
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import migrations, transaction

from cases import clock
from cases.domain import hash_chain
from cases.domain.business_days import Override, WorkingCalendar, local_iso
from cases.domain.calendar_editions import edition_of

AT_ONCE = 500

COLUMNS = {
    "case": (
        "team_id handler_id batch_id status reason channel carrier_reference created_at submission submitted_at "
        "acknowledge_hours review_days window_days reply_days acknowledge_by review_by window_opens first_reply_by "
        "acknowledged_at round basis reply_by promised_on takes_effect_on provisional last_reply_at last_follow_up_at "
        "reported_done_at returned_at return_reason confirmed_at closed_at bill_checked_at retain erased_at was_late "
        "snoozed_at snoozed_until"
    ).split(),
    "rounds": "number submission basis started_at reply_by named_day ended_at late".split(),
    "verifications": "sequence submission method finding happened_at recorded_at".split(),
    "escalations": "sequence submission kind lodged_at answer_by reference decided_at answered_at satisfied".split(),
    "charges": "sequence kind amount day words refunded_on recorded_at".split(),
    "marks": "code state at".split(),
}
MODELS = {
    "rounds": ("WaitingRound", "number"),
    "verifications": ("Verification", "id"),
    "escalations": ("Escalation", "id"),
    "charges": ("Charge", "id"),
    "marks": ("ChecklistMark", "id"),
}


def record_states(apps: Any, schema_editor: Any) -> None:
    case_model = apps.get_model("cases", "Case")
    if not case_model.objects.exists():
        return
    calendar = _calendar(apps)
    edition, now = edition_of(calendar), clock.now()
    apps.get_model("cases", "CalendarEdition").objects.get_or_create(
        digest=edition.digest, defaults={"body": edition.body, "recorded_at": now}
    )
    for keys in _chunks(case_model):
        with transaction.atomic():
            _record_chunk(apps, keys, edition.digest, now)


def _record_chunk(apps: Any, keys: list[int], edition: str, now: datetime) -> None:
    """One transaction: old code may write to these cases before it or after it."""
    cases = apps.get_model("cases", "Case").objects.select_for_update(of=("self",)).filter(pk__in=keys)
    cases = list(cases.select_related("card", "carrier").order_by("pk"))
    rows = {name: _by_case(apps.get_model("cases", model), cases, order) for name, (model, order) in MODELS.items()}
    entries = _by_case(apps.get_model("cases", "TimelineEntry"), cases, "sequence")
    for case in cases:
        _name_rows(case.pk, rows, entries.get(case.pk, []))
    for name in ("verifications", "escalations", "charges"):
        model = apps.get_model("cases", MODELS[name][0])
        model.objects.bulk_update(itertools.chain.from_iterable(rows[name].values()), ["sequence"], AT_ONCE)
    _write_entries(apps, cases, rows, edition, now)


def _calendar(apps: Any) -> WorkingCalendar:
    days = apps.get_model("cases", "CalendarOverride").objects.all()
    years = apps.get_model("cases", "PublishedYear").objects.values_list("year", flat=True)
    return WorkingCalendar({row.date: Override(row.working, row.name) for row in days}, list(years))


def _chunks(case_model: Any) -> Iterator[list[int]]:
    """Keys of the cases that have no such entry yet: what was interrupted goes on."""
    after = 0
    keys = case_model.objects.exclude(entries__kind="state").order_by("pk").values_list("pk", flat=True)
    while chunk := list(keys.filter(pk__gt=after)[:AT_ONCE]):
        yield chunk
        after = chunk[-1]


def _by_case(model: Any, cases: list[Any], order: str) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for row in model.objects.filter(case__in=[case.pk for case in cases]).order_by("case_id", order):
        groups.setdefault(row.case_id, []).append(row)
    return groups


def _name_rows(case_id: int, rows: dict[str, dict[int, list[Any]]], entries: list[Any]) -> None:
    """Each row gets the sequence of the entry that recorded it: the first of its kind, of its moment, not taken yet."""
    for name, kinds in (("verifications", ("verified", "confirmed")), ("charges", ("charge", "bill"))):
        candidates = [entry for entry in entries if entry.kind in kinds]
        for row in rows[name].get(case_id, []):
            _name_row(row, [entry for entry in candidates if entry.recorded_at == row.recorded_at], candidates)
    candidates = [entry for entry in entries if entry.kind in ("complaint", "appeal")]
    for row in rows["escalations"].get(case_id, []):
        _name_row(row, [entry for entry in candidates if entry.kind == row.kind], candidates)


def _name_row(row: Any, fitting: list[Any], candidates: list[Any]) -> None:
    if fitting:
        row.sequence = fitting[0].sequence
        candidates.remove(fitting[0])
    else:
        row.sequence = -row.pk


def _write_entries(
    apps: Any, cases: list[Any], rows: dict[str, dict[int, list[Any]]], edition: str, now: datetime
) -> None:
    entry_model, content_model = (apps.get_model("cases", name) for name in ("TimelineEntry", "TimelineContent"))
    written = []
    for case in cases:
        body = _body(case, {name: of_case.get(case.pk, []) for name, of_case in rows.items()}, edition)
        salt = hash_chain.new_salt()
        facts = hash_chain.EntryFacts(
            sequence=case.entry_count + 1,
            case=case.reference,
            kind="state",
            status_from=case.status,
            status_to=case.status,
            recorded_at=now,
            digest=hash_chain.content_digest(salt, body),
        )
        case.entry_head = hash_chain.entry_hash(case.entry_head, facts)
        case.entry_count += 1
        entry = entry_model(
            case=case,
            sequence=facts.sequence,
            kind=facts.kind,
            status_from=facts.status_from,
            status_to=facts.status_to,
            round=case.round,
            recorded_at=now,
            content_digest=facts.digest,
            entry_hash=case.entry_head,
        )
        written.append((entry, salt, body))
    entry_model.objects.bulk_create([entry for entry, _, _ in written])
    content_model.objects.bulk_create(
        [content_model(entry=entry, salt=salt, body=body) for entry, salt, body in written]
    )
    type(cases[0]).objects.bulk_update(cases, ["entry_head", "entry_count"], AT_ONCE)


def _body(case: Any, rows: dict[str, list[Any]], edition: str) -> dict[str, Any]:
    verification = next((row for row in rows["verifications"] if row.pk == case.verification_id), None)
    state = {
        "case": _columns("case", case),
        "verification": verification.sequence if verification else None,
        **{name: [_columns(name, row) for row in of_case] for name, of_case in rows.items()},
    }
    body = {"by": "", "by_id": None, "round": case.round, "click": None, "calendar": edition, "state": state}
    if case.erased_at is None:
        body["card"] = {"number": case.card.number, "holder": case.card.holder, "carrier": case.carrier.slug}
    return body


def _columns(name: str, row: Any) -> dict[str, Any]:
    return {column: _as_json(getattr(row, column)) for column in COLUMNS[name]}


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return local_iso(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _nothing(apps: Any, schema_editor: Any) -> None:
    """What is in the record stays."""


class Migration(migrations.Migration):
    atomic = False  # each chunk by itself
    dependencies = [("cases", "0027_the_record_whole")]

    operations = [migrations.RunPython(record_states, _nothing)]
