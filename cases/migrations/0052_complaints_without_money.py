"""Complaints and appeals about money of which nothing is owed any more are not reminded of."""

from typing import Any

from django.db import migrations, models
from django.db.models import F


def note_nothing_owed(apps: Any, schema_editor: Any) -> None:
    """Of those that run on a confirmed case: where no refund is open, no charge of whatever day, and no bill disputed.

    What else is not owed is noted with the next change of the case; until then it is reminded of as before.
    """
    escalation, charge, finding = (
        apps.get_model("cases", name).objects for name in ("Escalation", "Charge", "BillFinding")
    )
    charged = charge.filter(refunded_on__isnull=True, written_off_on__isnull=True).values("case")
    disputed = finding.filter(state="disputed", case__isnull=False).values("case")
    about_money = escalation.filter(
        answered_at__isnull=True, case__status="confirmed", lodged_at__gte=F("case__confirmed_at")
    )
    idle = about_money.filter(case__refund_due_on__isnull=True).exclude(case__in=charged).exclude(case__in=disputed)
    keys = list(idle.values_list("pk", flat=True))
    escalation.filter(pk__in=keys).update(nothing_owed=True)


class Migration(migrations.Migration):

    dependencies = [("cases", "0051_first_due_day_of_refunds")]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="nothing_owed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunPython(note_nothing_owed, migrations.RunPython.noop),
    ]
