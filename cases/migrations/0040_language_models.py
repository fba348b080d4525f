"""A team may name a language model; a message knows how often it was sent there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0039_bills"),
    ]

    operations = [
        migrations.AddField(
            model_name="carriermessage",
            name="model_asked_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="carriermessage",
            name="model_requests",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.CreateModel(
            name="LanguageModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("encrypted", models.TextField(editable=False)),
                ("label", models.CharField(editable=False, max_length=120, verbose_name="address")),
                ("model", models.CharField(max_length=100, verbose_name="model")),
                ("has_key", models.BooleanField(default=False, verbose_name="with a key")),
                ("daily_limit", models.PositiveSmallIntegerField(default=100, verbose_name="requests a day at most")),
                ("is_on", models.BooleanField(default=False, verbose_name="turned on")),
                ("on_since", models.DateTimeField(blank=True, null=True, verbose_name="on since")),
                ("counted_on", models.DateField(blank=True, editable=False, null=True)),
                ("request_count", models.PositiveIntegerField(default=0, verbose_name="requests on that day")),
                ("last_success_at", models.DateTimeField(blank=True, null=True, verbose_name="last success")),
                ("last_failure_at", models.DateTimeField(blank=True, null=True, verbose_name="last failure")),
                ("last_error", models.CharField(blank=True, max_length=300, verbose_name="last error")),
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="language_model",
                        to="cases.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "language model",
                "verbose_name_plural": "language models",
            },
        ),
    ]
