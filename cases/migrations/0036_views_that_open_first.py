"""A saved view of cards that the list opens with."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0035_tables_with_sheets"),
    ]

    operations = [
        migrations.AddField(
            model_name="cardview",
            name="is_default",
            field=models.BooleanField(db_default=False, default=False, verbose_name="opens first"),
        ),
    ]
