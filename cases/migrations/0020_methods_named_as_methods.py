from django.db import migrations, models


class Migration(migrations.Migration):
    """The labels of the ways to verify; what is stored stays as it is."""

    dependencies = [("cases", "0019_plain_field_names")]

    operations = [
        migrations.AlterField(
            model_name="verification",
            name="method",
            field=models.CharField(
                choices=[
                    ("hotline", "Hotline enquiry"),
                    ("call", "Test call"),
                    ("account", "Carrier account status"),
                ],
                max_length=8,
                verbose_name="method",
            ),
        ),
    ]
