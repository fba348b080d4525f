"""How many numbers stand under an ID document at a carrier (一证通查), before and after a cancellation.

The state's service tells a count, never which numbers are in it (facts.md, 'After the cancellation').
"""

from cases.domain.errors import CaseError, gettext_noop

#: More than one document ever has.
MOST_NUMBERS = 100_000


class CountsOfAnotherMethod(CaseError):
    code = "counts_of_another_method"
    message = gettext_noop("Numbers before and after belong to 一证通查. Choose that method, or leave them blank.")


class CountNotLower(CaseError):
    code = "count_not_lower"
    message = gettext_noop(
        "The count did not go down (%(before)s before, %(after)s after), so it does not show that a number is "
        "cancelled. Choose “Inconclusive”."
    )


def check_counts(before: int | None, after: int | None, *, is_count: bool, is_cancelled: bool) -> None:
    """Raise CountsOfAnotherMethod for counts without that method (`is_count`), CountNotLower for a number found
    cancelled (`is_cancelled`) though as many stand there as before; None: not known."""
    if not is_count and (before is not None or after is not None):
        raise CountsOfAnotherMethod()
    if is_cancelled and before is not None and after is not None and after >= before:
        raise CountNotLower(before=before, after=after)
