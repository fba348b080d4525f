"""Cases logged by mistake; renames, changed cards and corrected numbers in the record; cards that can be deleted."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0028_state_as_of"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="logged_by_mistake",
            field=models.BooleanField(db_default=False, default=False, verbose_name="logged by mistake"),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="card",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="sightings",
                to="cases.card",
            ),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("signed_in", "Signed in"),
                    ("sign_in_failed", "Sign-in failed"),
                    ("number_shown", "Full number viewed"),
                    ("exported", "Exported"),
                    ("imported", "Imported"),
                    ("member_added", "Member added"),
                    ("member_removed", "Member removed"),
                    ("role_changed", "Role changed"),
                    ("settings_changed", "Settings changed"),
                    ("token_made", "API token created"),
                    ("token_revoked", "API token revoked"),
                    ("name_changed", "Name changed"),
                    ("card_changed", "Card details changed"),
                    ("number_corrected", "Number corrected"),
                    ("card_deleted", "Card deleted"),
                ],
                max_length=20,
                verbose_name="event",
            ),
        ),
    ]
