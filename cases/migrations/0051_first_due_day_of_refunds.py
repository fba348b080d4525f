"""The day by which a refund was due before the carrier put it off: for those that are there, as the timeline tells it."""

from datetime import date
from typing import Any

from django.db import migrations, models


def note_first_due_days(apps: Any, schema_editor: Any) -> None:
    """Of each refund for which a day was promised, the first day that its entries name, where it is before the last.

    What was voided does not count, and what was corrected counts as corrected. Where contents were erased, the day
    that is stored is the only one that is known.
    """
    refund, entry = (apps.get_model("cases", name) for name in ("Refund", "TimelineEntry"))
    promised = entry.objects.filter(kind="refund_promised").order_by().values("case")
    for row in refund.objects.filter(case__in=promised).order_by("pk").iterator():
        days = _named_days(entry.objects.filter(case=row.case_id), row, _end_of(row, refund))
        if days and min(days) < row.due_on:
            row.put_off_from = min(days)
            row.save(update_fields=["put_off_from"])


def _end_of(row: Any, refund: Any) -> int | None:
    """The entry of the refund that followed: promises from then on are of that one."""
    following = refund.objects.filter(case=row.case_id, sequence__gt=row.sequence).order_by("sequence")
    return following.values_list("sequence", flat=True).first()


def _named_days(entries: Any, row: Any, end: int | None) -> list[date]:
    contents = entries.filter(content__isnull=False).order_by("sequence")
    bodies = list(contents.values_list("sequence", "kind", "corrects", "content__body"))
    voided = {corrects for _, kind, corrects, _ in bodies if kind == "voided"}
    changes: dict[int, dict[str, Any]] = {}
    for _, kind, corrects, body in bodies:
        if kind == "amended":
            changes.setdefault(corrects, {}).update(body.get("changes") or {})
    days = []
    for sequence, kind, _, body in bodies:
        name = {"refund_expected": "due_on", "refund_promised": "promised_on"}.get(kind)
        is_of_refund = row.sequence <= sequence and (end is None or sequence < end)
        if name and is_of_refund and sequence not in voided:
            day = (body | changes.get(sequence, {})).get(name)
            days += [date.fromisoformat(day)] if day else []
    return days


class Migration(migrations.Migration):

    dependencies = [("cases", "0050_what_it_saved")]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="put_off_from",
            field=models.DateField(blank=True, null=True, verbose_name="put off from"),
        ),
        migrations.RunPython(note_first_due_days, migrations.RunPython.noop),
    ]
