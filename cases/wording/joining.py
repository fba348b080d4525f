"""Texts put together, as the active language does it: the one place that knows its spaces, colons and brackets.

Chinese has no space between sentences, and a colon and brackets of its own.
"""

import re
from collections.abc import Iterable
from functools import reduce

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

_BESIDE_BRACKETS = re.compile(" (?=〔)|(?<=〕) ")


def join_names(names: Iterable[str]) -> str:
    """'Mid-Autumn Festival, National Day'."""
    return pgettext("between names in a list", ", ").join(names)


def join_sentences(sentences: Iterable[str]) -> str:
    """Whole sentences one after the other: with a space between in English, with none in Chinese."""
    return reduce(_two_sentences, filter(None, sentences), "")


def _two_sentences(first: str, second: str) -> str:
    if not first:
        return second
    return pgettext("two sentences", "%(first)s %(second)s") % {"first": first, "second": second}


def close_up(text: str) -> str:
    """The text without spaces beside Chinese brackets, which have their own; a number in their place needs them."""
    return _BESIDE_BRACKETS.sub("", text)


def labelled(label: str, value: object) -> str:
    """'Time: 15:00', with the colon of the language."""
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def with_note(text: str, note: str) -> str:
    """'Tue 13 Oct (off)', with the brackets of the language."""
    return pgettext("a note in brackets", "%(text)s (%(note)s)") % {"text": text, "note": note}
