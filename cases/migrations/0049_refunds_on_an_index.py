"""The cases with an open refund, for the work list and the case list."""

from django.db import migrations, models

from cases.migrations._quietly import AddIndexQuietly


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cases", "0048_proof_of_the_end")]

    operations = [
        AddIndexQuietly(
            model_name="case",
            index=models.Index(
                condition=models.Q(("refund_due_on__isnull", False)),
                fields=["team", "refund_due_on", "id"],
                name="case_team_refund",
            ),
        ),
    ]
