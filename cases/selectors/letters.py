"""Letters about several cases, and which cases each is about."""

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.fields.json import KeyTextTransform

from cases.models import LetterBundle, Team, TimelineEntry
from cases.models.choices import EntryKind
from cases.selectors.entries import entries_that_were_voided
from cases.selectors.visibility import MarkedLetter


def bundles_of(*teams: Team) -> QuerySet[LetterBundle]:
    """The letters about several cases of these teams, newest first, each with `case_count`."""
    bundles = LetterBundle.objects.filter(team__in=teams).select_related("team", "carrier", "made_by")
    return bundles.annotate(case_count=Count("letters")).order_by("-id")


def letters_in(bundle: LetterBundle) -> QuerySet[MarkedLetter]:
    """What a letter is for each of its cases, with the case and the receipt; `is_voided` as `letters_of` marks it.

    Cases that were erased are not among them.
    """
    entries = entries_that_were_voided(TimelineEntry.objects.filter(case=OuterRef("case"), kind=EntryKind.LETTER))
    voided = entries.alias(letter=KeyTextTransform("letter", "content__body")).filter(
        recorded_at=OuterRef("final_at"), letter=OuterRef("kind")
    )
    letters = bundle.letters.select_related("case__card", "case__carrier", "receipt__case")
    return letters.annotate(is_voided=Exists(voided.order_by())).order_by("pk")
