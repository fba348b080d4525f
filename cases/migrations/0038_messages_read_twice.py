"""A message is read twice, decided by a person, joined of its parts; a phone knows its cards."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0037_cards_sorted_on_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="carriermessage",
            name="decided_meaning",
            field=models.CharField(
                blank=True,
                choices=[
                    ("registered", "Acknowledged"),
                    ("under_review", "Under review"),
                    ("more_papers", "More documents needed"),
                    ("refused", "Refused"),
                    ("promised", "Date promised"),
                    ("precancelled", "Pending cancellation (can be revoked)"),
                    ("done", "Done"),
                    ("code", "Verification code"),
                    ("marketing", "Marketing"),
                    ("unrelated", "Something else"),
                    ("ambiguous", "Unclear: needs a person"),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=12,
                verbose_name="meaning decided",
            ),
        ),
        migrations.AddField(
            model_name="carriermessage",
            name="decision",
            field=models.CharField(
                blank=True,
                choices=[
                    ("right", "Reading confirmed"),
                    ("corrected", "Reading corrected"),
                    ("set_aside", "Dismissed"),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=9,
                verbose_name="decision",
            ),
        ),
        migrations.AddField(
            model_name="carriermessage",
            name="part_of",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="parts",
                to="cases.carriermessage",
            ),
        ),
        migrations.AddField(
            model_name="carriermessage",
            name="receiver",
            field=models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="received at"),
        ),
        migrations.AddField(
            model_name="forwarder",
            name="cards",
            field=models.ManyToManyField(
                blank=True, related_name="forwarders", to="cases.card", verbose_name="cards in this phone"
            ),
        ),
        migrations.AlterField(
            model_name="carriermessage",
            name="sender",
            field=models.CharField(blank=True, max_length=40, verbose_name="sender"),
        ),
        migrations.AlterField(
            model_name="carriermessage",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "Being read"),
                    ("proposed", "Needs confirmation"),
                    ("unmatched", "No matching case"),
                    ("recorded", "Recorded"),
                    ("set_aside", "Dismissed"),
                    ("part", "Part of a longer SMS"),
                ],
                default="new",
                max_length=9,
                verbose_name="state",
            ),
        ),
    ]
