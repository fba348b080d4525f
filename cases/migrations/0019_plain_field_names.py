from django.db import migrations, models
from django.db.models import Q

_SEALED = {"db_column": "sealed", "editable": False}

#: Model, old name, new name, field. The columns keep their names, so that code of the release before goes on running
#: beside this, and nothing is written to the database.
_RENAMED = [
    ("calendaraddress", "sealed", "encrypted", models.TextField(**_SEALED)),
    ("cardimport", "sealed", "encrypted", models.BinaryField(db_column="sealed", default=b"")),
    ("forwarder", "sealed", "encrypted", models.TextField(**_SEALED)),
    ("idempotencyrecord", "sealed", "encrypted", models.TextField(blank=True, db_column="sealed")),
    ("notificationchannel", "sealed", "encrypted", models.TextField(blank=True, **_SEALED)),
    (
        "notificationchannel",
        *("shown", "label"),
        models.CharField("address", blank=True, db_column="shown", editable=False, max_length=120),
    ),
    ("case", "kept", "retain", models.BooleanField("kept", db_column="kept", default=False)),
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_names_of_the_field")]

    operations = [
        *[migrations.AlterField(model, old, field) for model, old, _new, field in _RENAMED],
        *[migrations.RenameField(model, old, new) for model, old, new, _field in _RENAMED],
        # It is the same constraint on the same column: only its state changes.
        migrations.AlterConstraint(
            "idempotencyrecord",
            "answer_has_a_body",
            models.CheckConstraint(condition=Q(status__isnull=True) | ~Q(encrypted=""), name="answer_has_a_body"),
        ),
    ]
