from django.db import migrations, models


def _text(label):
    return models.CharField(label, blank=True, db_default="", default="", max_length=300)


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_methods_named_as_methods")]

    operations = [
        migrations.AddField("carrierfact", "source_en", _text("source in English")),
        migrations.AddField("appealbody", "channels_en", _text("other ways to appeal, in English")),
        migrations.AddField("appealbody", "source_en", _text("source in English")),
    ]
