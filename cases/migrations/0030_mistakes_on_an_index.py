"""The admin's list of cases logged by mistake, read by an index."""

from django.db import migrations, models

from cases.migrations._quietly import AddIndexQuietly


class Migration(migrations.Migration):
    dependencies = [("cases", "0029_changed_cards_and_mistakes")]

    # CREATE INDEX CONCURRENTLY does not run within a transaction.
    atomic = False

    operations = [
        AddIndexQuietly(
            "case",
            models.Index(fields=["-id"], condition=models.Q(logged_by_mistake=True), name="case_by_mistake"),
        ),
    ]
