"""What of the work list each member looks at, and saved views of the cases."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0041_accounts_and_their_mail")]

    operations = [
        migrations.AlterModelOptions(
            name="cardview",
            options={"ordering": ["name", "id"], "verbose_name": "saved view", "verbose_name_plural": "saved views"},
        ),
        migrations.AddField(
            model_name="cardview",
            name="shows",
            field=models.CharField(
                choices=[("cards", "Cards"), ("cases", "Cases")],
                db_default="cards",
                default="cards",
                editable=False,
                max_length=5,
                verbose_name="list",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="work_filter",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, editable=False),
        ),
    ]
