"""Room for a worker's name in its heartbeat."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0024_takes_effect_later")]

    operations = [
        migrations.AlterField("heartbeat", "name", models.CharField(max_length=80, primary_key=True, serialize=False)),
    ]
