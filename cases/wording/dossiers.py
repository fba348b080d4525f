"""What a dossier is of: the same words at a list, on its page and at a case."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def dossier_of(count: int, most: int) -> str:
    """'Dossier of 62 cases'; where a list has more cases than a dossier may hold, those that it begins with."""
    if count > most:
        return _("Dossier of the first %(most)s cases") % {"most": most}
    return ngettext("Dossier of %(count)s case", "Dossier of %(count)s cases", count) % {"count": count}
