"""Cases logged by mistake; renames, changed cards and corrected numbers in the record; cards that can be deleted."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0026_labels"),
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
        migrations.AlterField(
            model_name="timelineentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("logged", "Case logged"),
                    ("checklist", "Documents and checklist"),
                    ("submitted", "Submitted to the carrier"),
                    ("resubmitted", "Submitted again"),
                    ("acknowledged", "Acknowledged by the carrier"),
                    ("under_review", "Carrier: under review"),
                    ("returned", "Returned by the carrier"),
                    ("promised", "Carrier promised a date"),
                    ("takes_effect", "Carrier: takes effect later"),
                    ("reported_done", "Carrier reported it done"),
                    ("follow_up", "Follow-up"),
                    ("receipt", "Receipt added"),
                    ("verified", "Number verified"),
                    ("confirmed", "Confirmed as cancelled"),
                    ("reopened", "Reopened"),
                    ("withdrawn", "Withdrawn"),
                    ("complaint", "Complaint filed"),
                    ("complaint_answered", "Complaint answered"),
                    ("appeal", "Appeal filed"),
                    ("appeal_decided", "Appeal decision"),
                    ("appeal_answered", "Appeal answered"),
                    ("snoozed", "Reminders snoozed"),
                    ("handed_over", "Reassigned"),
                    ("submission_corrected", "Submission time corrected"),
                    ("recalculated", "Deadlines recalculated"),
                    ("message", "SMS from the carrier"),
                    ("charge", "Charge added"),
                    ("refund", "Charge refunded"),
                    ("bill", "Bill checked"),
                    ("letter", "Letter finalised"),
                    ("card_changed", "Card details changed"),
                    ("number_corrected", "Number corrected"),
                    ("kept", "Retention changed"),
                    ("erased", "Content erased"),
                ],
                max_length=24,
                verbose_name="event",
            ),
        ),
    ]
