"""Anchors: a signed line a day over the heads of all cases."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0030_mistakes_on_an_index")]

    operations = [
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("sequence", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("line", models.TextField()),
                ("flaws", models.PositiveIntegerField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("stamped_at", models.DateTimeField(null=True)),
                ("send_error", models.CharField(blank=True, max_length=200)),
                ("stamp_error", models.CharField(blank=True, max_length=200)),
            ],
        ),
    ]
