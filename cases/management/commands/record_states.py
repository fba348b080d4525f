"""``manage.py record_states``: after an upgrade during which the earlier release went on serving."""

from django.core.management import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import clock
from cases.operations.recorded_states import record_states


class Command(BaseCommand):
    """Names each case whose state was recorded once more; run again, it finds none."""

    help = "Records the state of the cases to which an earlier release wrote after the upgrade."

    def handle(self, *args: object, **options: object) -> None:
        references = record_states(clock.now())
        for reference in references:
            self.stdout.write(reference)
        message = ngettext(
            "The state of %(count)s case was recorded.", "The state of %(count)s cases was recorded.", len(references)
        )
        self.stdout.write(message % {"count": len(references)} if references else _("Nothing to record."))
