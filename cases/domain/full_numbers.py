"""Who sees numbers in full on lists and on a case: by their role, what the team has set, and the switch of a session.

One number alone can be asked for by everybody who may read, whatever the team has set: its card tells who did.
"""

from dataclasses import dataclass
from enum import StrEnum

from cases.domain.errors import CaseError, gettext_noop
from cases.domain.roles import Right, has_right


class FullNumbersSetting(StrEnum):
    """What a team has set for those who work in it."""

    SWITCH = "switch"  # masked, until somebody switches it on for their session
    DEFAULT = "default"  # in full, until somebody switches it off for their session
    FORBIDDEN = "forbidden"  # masked, without a switch


class NumberList(StrEnum):
    """The lists with numbers, as the audit log names them; that of a batch or a bill is followed by its key."""

    WORK_LIST = "work list"
    CASES = "cases"
    BATCH = "batch"
    MESSAGES = "messages"
    CARDS = "cards"
    SEARCH = "search"
    BILL = "bill"


NUMBER_LIST_LABELS: dict[str, str] = {
    NumberList.WORK_LIST: gettext_noop("Work list"),
    NumberList.CASES: gettext_noop("Cases"),
    NumberList.BATCH: gettext_noop("Batch"),
    NumberList.MESSAGES: gettext_noop("SMS from carriers"),
    NumberList.CARDS: gettext_noop("Cards"),
    NumberList.SEARCH: gettext_noop("Search"),
    NumberList.BILL: gettext_noop("Bill"),
}


@dataclass(frozen=True)
class NumberDisplay:
    """How somebody sees the numbers of a team, and whether they may change that for their session."""

    in_full: bool = False
    has_switch: bool = False


def number_display(role: str | None, setting: str, *, switched_on: bool | None) -> NumberDisplay:
    """How somebody in this role (None: in none) sees the numbers of a team with this setting.

    `switched_on`: what they have chosen for their session; None where they have chosen nothing.
    """
    if not has_right(role, Right.EXPORT) or setting == FullNumbersSetting.FORBIDDEN:
        return NumberDisplay()
    by_default = setting == FullNumbersSetting.DEFAULT
    return NumberDisplay(in_full=by_default if switched_on is None else switched_on, has_switch=True)


class FullNumbersForbidden(CaseError):
    code = "full_numbers_forbidden"
    message = gettext_noop(
        "A manager of your team has set that lists show no full numbers. Open a card to see its number."
    )
