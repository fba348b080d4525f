"""A list of numbers as people paste it: one in each row, or with commas between, alone or with words beside them."""

import re
import unicodedata
from dataclasses import dataclass, field

from cases.domain import phones
from cases.domain.errors import NumberRefused

#: Numbers in one list.
MAX_NUMBERS = 2000
#: A row's own number before the telephone number: it says nothing.
_ROW_NUMBER = re.compile(r"\s*\d{1,4}[.、):]?\s*")
_TRIMMED_CHARACTERS = " ,;、|\t:-"
_SEPARATORS = re.compile(r"[,，;；、|\t]+")
# What looks like a number within a line: digits with spaces and hyphens between them, a country's code before.
_NUMBER = re.compile(r"(?:\+?86|0086)?[ \-]?1\d{2}(?:[ \-]?\d){8,10}(?!\d)")


@dataclass
class NumberList:
    """The numbers in their order, each once, with the words that stood beside it; and what is no number."""

    notes: dict[str, str] = field(default_factory=dict)
    invalid: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> list[str]:
        return list(self.notes)


def parse_number_list(text: str) -> NumberList:
    """Parse a pasted list. The rest of a row with one number is that number's remark; in a list without remarks, pieces
    that are not numbers are reported as errors. A repeated number counts once."""
    result = NumberList()
    for line in unicodedata.normalize("NFKC", text).splitlines():
        matches = list(_NUMBER.finditer(line))
        if len(matches) == 1:
            _add_number(result, matches[0][0], _note_beside(line, matches[0]))
        else:
            for piece in _SEPARATORS.split(line):
                for part in _candidates_in(piece):
                    _add_number(result, part, "")
    return result


def _candidates_in(piece: str) -> list[str]:
    matches = [match[0] for match in _NUMBER.finditer(piece)]
    return matches or ([piece.strip()] if piece.strip() else [])


def _note_beside(line: str, match: "re.Match[str]") -> str:
    before = "" if _ROW_NUMBER.fullmatch(line[: match.start()]) else line[: match.start()].strip(_TRIMMED_CHARACTERS)
    return f"{before} {line[match.end() :].strip(_TRIMMED_CHARACTERS)}".strip()


def _add_number(result: NumberList, typed: str, note: str) -> None:
    try:
        number = phones.parse(typed)
    except NumberRefused:
        if any(character.isdigit() for character in typed):
            result.invalid.append(typed[:40])
        return
    result.notes.setdefault(number, note[:300])
