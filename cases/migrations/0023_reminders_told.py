"""What was told is written down, reminder by reminder; and a reminder that was not may leave its bundle."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

AT_ONCE = 1000


def write_down_what_was_told(apps: Any, schema_editor: Any) -> None:
    """Of a bundle that some channel still waits for, what other channels were told: they are not told again."""
    line, reminder, delivery = (
        apps.get_model("cases", name).objects for name in ("NoticeReminder", "Reminder", "ReminderDelivery")
    )
    unsettled = line.filter(notice__state__in=("pending", "failed")).values("bundle")
    sent = line.filter(notice__state="sent", bundle__in=unsettled).select_related("notice__channel").order_by("pk")
    for one in sent.iterator():
        notice = one.notice
        delivery.bulk_create(
            [
                delivery.model(
                    reminder_id=pk,
                    notice=notice,
                    channel=notice.channel,
                    channel_kind=notice.channel.kind,
                    user_id=notice.channel.user_id,
                    at=notice.finished_at,
                )
                for pk in reminder.filter(bundle=one.bundle_id).values_list("pk", flat=True)
            ],
            batch_size=AT_ONCE,
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("cases", "0022_facts_with_sources")]

    operations = [
        migrations.AlterField(
            "reminder",
            "bundle",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reminders",
                to="cases.remindergroup",
            ),
        ),
        migrations.CreateModel(
            "ReminderDelivery",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel_kind", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                (
                    "channel",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="cases.notificationchannel",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deliveries",
                        to="cases.notice",
                    ),
                ),
                (
                    "reminder",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="cases.reminder",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("reminder", "channel"), name="told_once_per_channel")
                ],
            },
        ),
        migrations.RunPython(write_down_what_was_told, migrations.RunPython.noop),
    ]
