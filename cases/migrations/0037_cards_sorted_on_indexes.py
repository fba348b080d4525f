"""The table of cards by fee and by the end of the contract."""

from django.db import migrations, models

from cases.migrations._quietly import AddIndexQuietly


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("cases", "0036_views_that_open_first"),
    ]

    operations = [
        AddIndexQuietly(
            "card",
            models.Index(
                condition=models.Q(("monthly_fee__isnull", False)),
                fields=["team", "monthly_fee", "id"],
                name="card_fee",
            ),
        ),
        AddIndexQuietly(
            "card",
            models.Index(
                condition=models.Q(("contract_end__isnull", False)),
                fields=["team", "contract_end", "id"],
                name="card_contract_end",
            ),
        ),
    ]
