"""Cancellations that wait to take effect; since when a case is snoozed."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

BASES = ["submission", "under_review", "promise", "takes_effect", "still_alive", "reopened"]


def fill_takes_effect_columns(apps, schema_editor):
    """A snooze that runs began with the last entry that says so; China Unicom's usual day (facts.md, confidence M)."""
    case, entry = apps.get_model("cases", "Case"), apps.get_model("cases", "TimelineEntry")
    last = entry.objects.filter(case=OuterRef("pk"), kind="snoozed").order_by("-pk").values("recorded_at")[:1]
    case.objects.filter(snoozed_until__isnull=False).update(snoozed_at=Subquery(last))
    apps.get_model("cases", "Carrier").objects.filter(slug="china-unicom").update(effect_day=20)


class Migration(migrations.Migration):
    dependencies = [("cases", "0019_plain_field_names")]

    operations = [
        migrations.AddField("case", "takes_effect_on", models.DateField("takes effect on", blank=True, null=True)),
        migrations.AddField("case", "snoozed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "carrier",
            "effect_day",
            models.PositiveSmallIntegerField(
                "day of the next month on which cancellations take effect",
                blank=True,
                null=True,
                validators=[MinValueValidator(1), MaxValueValidator(28)],
                help_text=(
                    "For a cancellation that waits to take effect (预销户). One month later where roaming was used."
                ),
            ),
        ),
        # The column's name stays (`promised_on`).
        migrations.AlterField(
            "waitinground", "promised_on", models.DateField(blank=True, db_column="promised_on", null=True)
        ),
        migrations.RenameField("waitinground", "promised_on", "named_day"),
        migrations.AlterField(
            "case", "basis", models.CharField(blank=True, choices=[(b, b) for b in BASES], max_length=12)
        ),
        migrations.AlterField("waitinground", "basis", models.CharField(choices=[(b, b) for b in BASES], max_length=12)),
        migrations.RunPython(fill_takes_effect_columns, migrations.RunPython.noop),
    ]
