"""The cases on which a message waits, for the work list."""

from django.db import migrations, models

from cases.migrations._quietly import AddIndexQuietly


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cases", "0042_lists")]

    operations = [
        AddIndexQuietly(
            model_name="case",
            index=models.Index(
                condition=models.Q(("message_at__isnull", False)),
                fields=["team", "message_at", "id"],
                name="case_team_message",
            ),
        ),
    ]
