"""What the one search box finds: the first of each kind of thing, how many there are, and the list of all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import selectors
from cases.domain.masking import mask_if_number
from cases.domain.roles import ROLE_LABELS
from cases.models import CarrierMessage, Team
from cases.selectors.card_names import CardName, NameColumn, card_names
from cases.selectors.pagination import KeysetPage, Order, get_page
from cases.selectors.search import MAX_KEYS

#: Rows of one group; and names that are counted: at a hundred, '99+'.
ROWS_SHOWN, NAMES_COUNTED = 5, 100


@dataclass(frozen=True)
class FoundName:
    """A person or a department: what it is, how many cards have the name, and the lists of what is theirs."""

    name: str
    label: str
    card_count: int = 0
    cards_url: str = ""
    cases_url: str = ""


@dataclass(frozen=True)
class Group:
    """One kind of thing: the first rows, how many there are, and where all of them are listed."""

    kind: str
    rows: list[Any]
    count: str
    url: str = ""

    @property
    def has_more(self) -> bool:
        return self.count != str(len(self.rows))


def find_everywhere(team: Team, text: str) -> list[Group]:
    """The groups of what a team has by this text, those that found anything; a fixed number of queries."""
    groups = [
        _case_group(team, text),
        _card_group(team, text),
        _people_group(team, text),
        _department_group(team, text),
        _message_group(team, text),
    ]
    return [group for group in groups if group.rows]


def _case_group(team: Team, text: str) -> Group:
    visible = selectors.cases_of(team)
    matches = selectors.listed(selectors.search_cases(visible, text, team), text)
    page = get_page(matches, visible, Order(), {}, ROWS_SHOWN)
    return Group("cases", page.rows, _capped(page), _list_url("case_list", q=text))


def _card_group(team: Team, text: str) -> Group:
    visible = selectors.cards_of(team)
    page = get_page(selectors.search_cards(visible, text, team), visible, Order(), {}, ROWS_SHOWN)
    return Group("cards", page.rows, _capped(page), _list_url("card_list", q=text))


def _people_group(team: Team, text: str) -> Group:
    """Members of the team, and whom the cards name; a beginning of the name, of members any part."""
    members = selectors.active_memberships(team).filter(user__name__icontains=text)
    member_names = [
        FoundName(
            str(member.user), _(ROLE_LABELS[member.role]), cases_url=_list_url("case_list", handler=member.user_id)
        )
        for member in members[:NAMES_COUNTED]
    ]
    users = _card_names(team, "user", text, pgettext("of a card", "User"))
    holders = _card_names(team, "holder", text, _("Holder"))
    return _names_group("people", [*member_names, *users, *holders], text)


def _department_group(team: Team, text: str) -> Group:
    return _names_group("departments", _card_names(team, "department", text, _("Department")), text)


def _names_group(kind: str, names: list[FoundName], text: str) -> Group:
    count = str(len(names)) if len(names) < NAMES_COUNTED else f"{NAMES_COUNTED - 1}+"
    return Group(kind, names[:ROWS_SHOWN], count, _list_url("card_list", q=text))


def _card_names(team: Team, column: NameColumn, text: str, label: str) -> list[FoundName]:
    return [_found_name(card_name, column, label) for card_name in card_names(team, column, text, limit=NAMES_COUNTED)]


def _found_name(card_name: CardName, column: NameColumn, label: str) -> FoundName:
    by_name: dict[str, str] = {"q": card_name.name} if column == "holder" else {column: card_name.name}
    return FoundName(
        card_name.name,
        label,
        card_name.count,
        _list_url("card_list", q=card_name.name),
        _list_url("case_list", **by_name),
    )


def _message_group(team: Team, text: str) -> Group:
    messages = selectors.search_messages(selectors.messages_of(team), text, team)
    count = selectors.capped_count(messages)
    rows: Iterable[CarrierMessage] = messages.order_by("-received_at", "-pk")[:ROWS_SHOWN] if count else []
    shown_count = f"{MAX_KEYS - 1}+" if count >= MAX_KEYS else str(count)
    return Group("messages", list(rows), shown_count, _list_url("message_list", state="all", q=text))


def _capped(page: KeysetPage[Any]) -> str:
    return f"{MAX_KEYS - 1}+" if page.count >= MAX_KEYS else str(page.count)


def _list_url(name: str, **params: Any) -> str:
    """A list with these filters; what may be a number is masked in it."""
    return f"{reverse(name)}?{urlencode({key: mask_if_number(str(value)) for key, value in params.items()})}"
