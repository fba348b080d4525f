"""Notices carry reminders by the bundle. And four keys lose an index that nothing needs."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.core.management.color import no_style
from django.db import migrations, models
from django.db.models import F

AT_ONCE = 1000


def bundle(apps: Any, schema_editor: Any) -> None:
    """Each reminder that was written becomes a bundle of its own, under the same key."""
    model = {name: apps.get_model("cases", name).objects for name in ("Bundle", "Reminder", "NoticeLine")}
    rows = model["Reminder"].order_by("pk").values_list("pk", "case__team", "case__handler", "made_at", "gathered_at")
    made = (
        model["Bundle"].model(pk=pk, team_id=team, handler_id=handler, made_at=made_at, gathered_at=gathered_at)
        for pk, team, handler, made_at, gathered_at in rows.iterator()
    )
    model["Bundle"].bulk_create(made, batch_size=AT_ONCE)
    model["Reminder"].update(bundle=F("pk"))
    model["NoticeLine"].update(bundle=F("reminder"))
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [model["Bundle"].model]):
            cursor.execute(sql)
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while checks of its rows are due


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_branch_answer_in_words")]

    operations = [
        migrations.CreateModel(
            name="Bundle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
                ("gathered_at", models.DateTimeField(null=True)),
                (
                    "handler",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.team"
                    ),
                ),
            ],
            options={"verbose_name": "bundle of reminders", "verbose_name_plural": "bundles of reminders"},
        ),
        migrations.AddIndex(
            model_name="bundle",
            index=models.Index(
                condition=models.Q(("gathered_at__isnull", True)), fields=["team"], name="bundle_ungathered"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="bundle",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reminders",
                to="cases.bundle",
            ),
        ),
        migrations.AddField(
            model_name="noticeline",
            name="bundle",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="cases.bundle"
            ),
        ),
        migrations.RunPython(bundle),
        migrations.AlterField(
            model_name="reminder",
            name="bundle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="cases.bundle"
            ),
        ),
        migrations.AlterField(
            model_name="noticeline",
            name="bundle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="cases.bundle"
            ),
        ),
        migrations.RemoveConstraint(model_name="noticeline", name="reminder_once_per_notice"),
        migrations.RemoveField(model_name="noticeline", name="reminder"),
        migrations.AddConstraint(
            model_name="noticeline",
            constraint=models.UniqueConstraint(fields=("notice", "bundle"), name="bundle_once_per_notice"),
        ),
        migrations.RemoveIndex(model_name="reminder", name="reminder_ungathered"),
        migrations.RemoveField(model_name="reminder", name="gathered_at"),
        migrations.RemoveField(model_name="reminder", name="made_at"),
        migrations.AlterField(
            model_name="reminder",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reminders",
                to="cases.case",
            ),
        ),
        migrations.AlterField(
            model_name="noticeline",
            name="notice",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="cases.notice",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="team",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="cases.team",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="verification",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.verification",
                verbose_name="verification",
            ),
        ),
        migrations.RemoveIndex(model_name="case", name="case_next_reminder"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("next_reminder_at__isnull", False)),
                fields=["next_reminder_at", "team", "handler"],
                name="case_next_reminder",
            ),
        ),
    ]
