"""What an anchor proves of a case, in words."""

from datetime import datetime

from django.utils.translation import gettext as _

from cases.formats.dossier_anchors import AnchoredCase
from cases.wording.joining import join_sentences
from cases.wording.moments import moment_in_text, years_always_shown


def anchored_case(case: AnchoredCase) -> str:
    """What the anchor in a dossier proves of one of its cases, and who confirms the moment."""
    with years_always_shown():
        proof_text = _(
            "%(case)s: the first %(count)s entries were there when anchor %(anchor)s was made, on %(made_at)s by the "
            "server’s own clock."
        ) % {
            "case": case.reference,
            "count": case.count,
            "anchor": case.anchor,
            "made_at": moment_in_text(datetime.fromisoformat(case.made_at)),
        }
        return join_sentences([proof_text, _stamp_text(case)])


def _stamp_text(case: AnchoredCase) -> str:
    if not case.stamped_at:
        return _("No time-stamp service has confirmed this.")
    facts = {"stamped_at": moment_in_text(datetime.fromisoformat(case.stamped_at)), "authority": case.authority}
    if case.is_stamp_checked:
        return _("A time-stamp service (%(authority)s) confirms that the anchor was there on %(stamped_at)s.") % facts
    return (
        _(
            "It has a time stamp of %(stamped_at)s that names “%(authority)s”. Who signed the time stamp was not "
            "checked: the service’s certificate is not known here."
        )
        % facts
    )


def case_without_anchor(reference: str) -> str:
    """That nothing but the record itself stands for a case of a dossier."""
    return _("%(case)s: no anchor covers it.") % {"case": reference}
