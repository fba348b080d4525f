"""Search by user and department, and cards whose assignee has not joined yet."""

from django.db import migrations, models

import cases.models.lookups
from cases.migrations._quietly import AddIndexQuietly


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("cases", "0033_the_register_as_an_office_has_it"),
    ]

    operations = [
        AddIndexQuietly(
            "card",
            models.Index(models.F("team"), cases.models.lookups.Folded("user"), name="card_user"),
        ),
        AddIndexQuietly(
            "card",
            models.Index(models.F("team"), cases.models.lookups.Folded("department"), name="card_department"),
        ),
        AddIndexQuietly(
            "card",
            models.Index(
                condition=models.Q(("handler_name", ""), _negated=True),
                fields=["team", "handler_name"],
                name="card_handler_name",
            ),
        ),
    ]
